"""An installer stands before a meter and types the index that its display shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.setup import SLOWEST_MS, Visitor, visitor, yesterday


@pytest.fixture(params=[("pc", "en-GB"), ("phone", "fr-FR")], ids=["pc", "phone"])
def installer(request: pytest.FixtureRequest, browser: Browser, demo_url: str) -> Iterator[Visitor]:
    screen, locale = request.param
    with visitor(browser, demo_url, screen, locale) as arrived:
        yield arrived


def _meter(site: Visitor) -> dict[str, Any]:
    """A device that works, tells its power and has counted much: its id, and its index in kWh."""
    for device in site.api("devices"):
        if device["state"] != "on" or "active_power_w" not in device["quantities"]:
            continue
        for counter in site.api(f"devices/{device['id']}/energy-check")["counters"]:
            if counter["quantity"] == "active_energy_import_wh" and (counter["index"] or 0) > 100_000_000:
                return {"id": device["id"], "kwh": counter["index"] / 1000}
    raise AssertionError("the demo has no meter that counted much")


def _type(site: Visitor, kwh: str) -> None:
    site.presses("Compare with the display")
    site.dialog.locator("[name=index]").fill(kwh)
    site.dialog.locator("[type=submit]").click()


def test_what_the_display_shows_is_compared_and_kept(installer: Visitor) -> None:
    meter = _meter(installer)
    installer.goes(f"/devices/{meter['id']}")
    installer.presses("Is my energy right?")
    newest = installer.page.locator("[data-result]").first
    _type(installer, f"{meter['kwh'] * 1000:.0f}")
    expect(newest).to_have_attribute("data-result", "scale", timeout=SLOWEST_MS)
    installer.sees("The display of the meter shows something else than we read.")
    _type(installer, f"{meter['kwh']:.0f}")
    expect(newest).to_have_attribute("data-result", "fits", timeout=SLOWEST_MS)
    installer.sees("The display of the meter shows what we read.")
    kept = installer.api(f"devices/{meter['id']}/energy-check")["checks"]
    assert [check["result"] for check in kept[:2]] == ["fits", "scale"] and kept[0]["by"] == "administrator"


def test_a_word_is_no_index_and_the_dialogue_says_so(installer: Visitor) -> None:
    installer.goes(f"/devices/{_meter(installer)['id']}/energy-check")
    _type(installer, "abc")
    expect(installer.fault_of("index")).to_be_visible(timeout=SLOWEST_MS)
    installer.page.keyboard.press("Escape")
    expect(installer.dialog).to_have_count(0)


def test_other_meters_are_held_against_one(installer: Visitor) -> None:
    installer.goes(f"/devices/{_meter(installer)['id']}/energy-check?period=month&date={yesterday()}")
    installer.page.locator("#with").select_option("others")
    expect(installer.page.locator("[data-compared] dd").first).to_have_text(re.compile(r"\d"), timeout=SLOWEST_MS)
    expect(installer.page).to_have_url(re.compile("with=others"))


def test_the_list_of_all_devices_leads_to_each(installer: Visitor) -> None:
    installer.goes("/energy-check")
    level = installer.page.locator('tr[data-level="good"], tr[data-level="open"], tr[data-level="bad"]').first
    expect(level).to_be_visible(timeout=SLOWEST_MS)
    level.locator("a").click()
    expect(installer.page).to_have_url(re.compile(r"/devices/\d+/energy-check"))
