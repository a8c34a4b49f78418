"""Charging stations with OCPP: one is added by its name, and what is typed into it is shown once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.setup import SLOWEST_MS, Visitor, fresh_server, visitor


@pytest.fixture(params=[("pc", "en-GB"), ("phone", "fr-FR")], ids=["pc", "phone"])
def installer(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    screen, locale = request.param
    with fresh_server(tmp_path / "data") as url, visitor(browser, url, screen, locale) as arrived:
        yield arrived


def test_a_station_is_added_with_its_connectors_and_its_password_is_shown_once(installer: Visitor) -> None:
    page = installer.page
    installer.goes("/setup/ocpp")
    installer.sees("No charging station yet")
    page.locator("[data-opens=add]").click()
    page.locator("#add [name=name]").fill("CP-1")
    page.locator("#add [name=connectors]").fill("2")
    page.locator("#add [type=submit]").click()
    expect(page.locator("#made")).to_be_visible(timeout=SLOWEST_MS)
    password = page.locator("#password").inner_text()
    assert len(password) == 32 and page.locator("#url").inner_text().endswith(":9000/ocpp/CP-1")
    devices = [(each["unit"], each["model"]) for each in installer.api("devices")]
    assert devices == [(1, "ocpp-charge-point"), (2, "ocpp-charge-point")]
    page.locator("#made [data-closes]").click()
    expect(page.locator("main")).to_contain_text("/ocpp/CP-1", timeout=SLOWEST_MS)
    installer.sees("The OCPP server is switched off.")
    assert password not in page.content()
