"""A charging station, an inverter and a meter are found by their trade names, set up, and show what they measure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.commissioning import Electrician
from tests.browser.switchboard import new_site

SCENARIO = Path(__file__).with_name("trades.toml")
# what somebody writes, what it is, its address, and something that it measures
DEVICES = (
    ("EM24", "gavazzi-em24", 1, "voltage_l1_v"),
    ("bmw i wallbox", "keba-p30", 2, "active_energy_import_wh"),
    ("sun2000-10ktl", "huawei-sun2000", 3, "frequency_hz"),
)


@pytest.mark.parametrize("screen", [(1440, 900), (390, 844)])
def test_devices_of_three_trades_are_set_up_by_their_names(
    browser: Browser, tmp_path: Path, screen: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": screen[0], "height": screen[1]}, locale="en-GB")
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    with new_site(tmp_path, str(SCENARIO)) as site:
        someone = Electrician(page, site, "en")
        someone.logs_in()
        someone.adds_the_gateway()
        for wanted, model, unit, quantity in DEVICES:
            finds_and_saves(someone, wanted, unit)
            someone.sees_its_values()
            expect(page.locator(".result dd").first).to_have_text(re.compile(r"\d"))
            is_live(someone, wanted, model, quantity)
        context.close()
    assert not broken


def finds_and_saves(someone: Electrician, wanted: str, unit: int) -> None:
    someone.go(f"/setup/devices/new?gateway={someone.gateway}")
    someone.page.locator("#find-model").fill(wanted)
    someone.page.locator("#model-list button").first.click()
    someone.fill("unit", unit)
    someone.fill("name", wanted)
    someone.save("Save and test")


def is_live(someone: Electrician, name: str, model: str, quantity: str) -> None:
    """It is what was meant, it answers, and its page shows a number for what it measures."""
    device = next(each for each in someone.api("devices") if each["name"] == name)
    assert device["model"] == model
    someone.go(f"/devices/{device['id']}")
    value = someone.page.locator(f'[data-quantity="{quantity}"]').first
    expect(value).to_contain_text(re.compile(r"\d"), timeout=20_000)
    live = next(each for each in someone.api("live")["devices"] if each["id"] == device["id"])
    assert live["state"] == "on" and live["readings"][quantity]["value"] > 0


def test_what_a_search_leaves_open_is_not_added_with_the_others(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    with new_site(tmp_path, str(Path(__file__).with_name("open.toml"))) as site:
        someone = Electrician(page, site, "en")
        someone.logs_in()
        someone.adds_the_gateway()
        someone.go(f"/setup/scan?gateway={someone.gateway}")
        page.locator('label:has(input[name="-range"][value=""])').click()
        someone.fill("-units", "1-3")
        someone.button("Start").click()
        expect(page.locator("#rows tr")).to_have_count(3, timeout=30_000)
        left = page.locator('#rows tr[data-unit="1"]')
        expect(left.locator("select")).to_have_value("")
        expect(left.get_by_role("button", name="Add")).to_be_disabled()
        someone.button("Add all 2").click()
        expect(page.locator('#rows tr[data-unit="3"] .badge.good')).to_be_visible(timeout=20_000)
        expect(page.locator("#add-all")).to_be_hidden()
        added = {device["unit"]: device["model"] for device in someone.api("devices")}
        assert added == {2: "eastron-sdm630", 3: "gavazzi-em340"}
        left.locator("select").select_option("siemens-pac2200")
        left.get_by_role("button", name="Add").click()
        expect(left.locator(".badge.good")).to_be_visible(timeout=20_000)
        context.close()
    assert not broken


def test_a_station_of_two_sockets_asks_which_of_them_and_offers_the_other(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(locale="en-GB")
    with new_site(tmp_path, str(SCENARIO)) as site:
        someone = Electrician(context.new_page(), site, "en")
        someone.logs_in()
        someone.adds_the_gateway()
        page = someone.page
        someone.go(f"/setup/devices/new?gateway={someone.gateway}")
        page.locator("#find-model").fill("keba p30")
        page.locator("#model-list button").first.click()
        expect(page.locator('[name="side"]').first).to_be_hidden()
        page.locator("#again").click()
        page.locator("#find-model").fill("eM4")
        page.locator("#model-list button").first.click()
        expect(page.locator('[name="side"][value="left"]')).to_be_checked()
        someone.choose("side", "right")
        someone.fill("unit", 9)
        someone.fill("name", "Cars")
        someone.save("Save and test")
        expect(page.locator("#other-side")).to_be_visible()
        (saved,) = someone.api("devices")
        assert (saved["model"], saved["side"]) == ("abl-em4", "right")
        context.close()
