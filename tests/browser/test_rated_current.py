"""An installer says what the breaker of a circuit is rated; the catalogue knows what its meter can measure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.setup import SLOWEST_MS, Visitor, fresh_server, visitor

RATED = "[name='parameters.rated_current_a']"


@pytest.fixture(params=[("pc", "en-GB"), ("phone", "fr-FR")], ids=["pc", "phone"])
def installer(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    screen, locale = request.param
    with fresh_server(tmp_path / "data") as url, visitor(browser, url, screen, locale) as arrived:
        yield arrived


def test_the_wizard_asks_for_it_and_the_settings_change_it(installer: Visitor) -> None:
    page = installer.page
    installer.goes("/setup/gateways/new")
    installer.fills("IP address or name", "127.0.0.1:1")
    installer.presses("Save")
    expect(page.locator("main")).to_contain_text("127.0.0.1:1", timeout=SLOWEST_MS)
    gateway = next(each["id"] for each in installer.api("gateways") if "127.0.0.1:1" in each["url"])
    installer.goes(f"/setup/devices/new?gateway={gateway}&unit=5&model=4%20149%2019")
    expect(page.locator(RATED)).to_have_value("63", timeout=SLOWEST_MS)
    page.locator(RATED).fill("16")
    page.locator("[name=supply]").first.check(force=True)
    installer.presses("Save and test")
    page.wait_for_url("**/setup/devices/*?new=1", timeout=SLOWEST_MS)
    (device,) = installer.api("devices")
    assert device["parameters"] == {"rated_current_a": 16}
    installer.goes(f"/setup/devices/{device['id']}")
    page.locator(RATED).fill("")
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):  # the toast may still be the wizard's
        installer.presses("Save")
    installer.hears("Device saved.")
    assert installer.api(f"devices/{device['id']}")["parameters"] == {}
    page.locator(RATED).fill("-3")
    installer.presses("Save")
    expect(installer.fault_of("parameters.rated_current_a")).to_be_visible(timeout=SLOWEST_MS)
