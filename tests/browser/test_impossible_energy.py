"""An installer takes back what an older version booked and nobody used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.setup import SLOWEST_MS, Visitor, fresh_server, visitor
from tests.runtime.store.migration.releases import unpack_phantoms


@pytest.fixture(params=[("pc", "en-GB"), ("phone", "fr-FR")], ids=["pc", "phone"])
def installer(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    screen, locale = request.param
    with fresh_server(unpack_phantoms(tmp_path / "data")) as url, visitor(browser, url, screen, locale) as arrived:
        yield arrived


def test_the_check_finds_it_and_the_page_of_the_device_takes_it_back(installer: Visitor) -> None:
    installer.goes("/system")
    installer.presses("Check now")
    page = installer.page
    for _ in range(100):
        if installer.api("events?code=energy_impossible"):
            break
        page.wait_for_timeout(200)
    installer.goes("/devices/2/energy-check")
    cause = page.locator("[data-phantoms] [data-cause]")
    expect(cause).to_have_count(1, timeout=SLOWEST_MS)
    expect(cause).to_have_attribute("data-cause", "reset")
    installer.sees("Energy was booked that cannot have been used.")
    installer.presses("Take it back", page.locator("[data-phantoms]"))
    installer.answers("Take it back")
    installer.hears("It was taken back")
    expect(cause).to_have_count(0, timeout=SLOWEST_MS)
    corrected = installer.api("corrections?device=2")
    assert sum(each["energy"] for each in corrected) == pytest.approx(-1_500_000, abs=20)
