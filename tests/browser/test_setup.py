"""Sections 7.16.1 and 7.16.2 of the manual, played by hand in a browser against simulated meters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.setup import SLOWEST_MS, fresh_server, log_in, visitor

LOOKS = [("pc", "en-GB"), ("phone", "fr-FR")]
looks = pytest.mark.parametrize(("screen", "locale"), LOOKS)


@pytest.fixture(scope="session")
def meters(browser: Browser, demo_url: str) -> list[dict[str, object]]:
    """Devices of the demo that are meters behind its first gateway, each with the gateway's ``port``."""
    page = browser.new_page()
    log_in(page, demo_url)
    gateway = page.request.get(f"{demo_url}/api/v1/gateways").json()[0]
    devices = page.request.get(f"{demo_url}/api/v1/devices").json()
    page.close()
    port = gateway["url"].rsplit(":", 1)[1]
    return [{**device, "port": port} for device in devices if device["gateway"] == gateway["id"]]


@pytest.fixture
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with fresh_server(tmp_path_factory.mktemp("fresh")) as address:
        yield address


@pytest.fixture(scope="module")
def shared_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """For plays that do not mind one another."""
    with fresh_server(tmp_path_factory.mktemp("shared")) as address:
        yield address


@looks
def test_the_first_meter_is_read_without_reading_anything(
    browser: Browser, url: str, meters: list[dict[str, object]], screen: str, locale: str
) -> None:
    with visitor(browser, url, screen, locale) as someone:
        someone.goes("/")
        someone.sees("Let us read your first meter")
        someone.presses("Add a gateway")
        someone.fills("IP address or name", f"127.0.0.1:{meters[0]['port']}")
        someone.presses("Save")
        someone.presses("Find devices", someone.page.locator(".notice"))
        someone.presses("Start")
        someone.page.locator("[data-add]").first.click(timeout=60_000)  # its model is found, or preselected
        row = someone.page.locator("tr", has=someone.page.get_by_text(someone.say("Added"), exact=True)).first
        row.get_by_role("link", name=someone.say("Values")).click()
        figure = someone.page.locator("[data-quantity]:visible b").filter(has_text=re.compile(r"\d")).first
        expect(figure).to_be_visible(timeout=SLOWEST_MS)


def test_two_people_who_edit_the_same_are_asked(browser: Browser, shared_url: str) -> None:
    with visitor(browser, shared_url) as first, visitor(browser, shared_url, "phone", "fr-FR") as second:
        gateway = next(each["id"] for each in first.api("gateways") if each["local"])
        for someone in (first, second):
            someone.goes(f"/setup/gateways/{gateway}")
        first.fills("Description or place", "Cellar")
        first.presses("Save")
        first.hears("Gateway saved.")
        second.fills("Name", "RS485")
        second.presses("Save")
        expect(second.dialog).to_contain_text(second.say("Somebody else changed this meanwhile"))
        second.answers("Save mine on top")
        second.hears("Gateway saved.")
        told = first.api(f"gateways/{gateway}")
        assert (told["name"], told["description"]) == ("RS485", "Cellar")


@looks
def test_changes_are_listed_and_the_last_is_taken_back(
    browser: Browser, shared_url: str, screen: str, locale: str
) -> None:
    with visitor(browser, shared_url, screen, locale) as someone:
        someone.goes("/setup/sample-rate")
        someone.page.get_by_role("radio", name="5 min", exact=True).check()
        someone.presses("Save")
        someone.hears("Sample rate saved.")
        assert someone.api("settings")["interval_s"] == 300
        someone.goes("/setup/changes")
        someone.sees("Sample rate")
        someone.presses("Take the last change back")
        someone.answers("Take it back")
        someone.hears("The change was taken back.")
        assert someone.api("settings")["interval_s"] == 600


def test_a_file_shows_what_it_would_change_and_then_does_it(browser: Browser, shared_url: str) -> None:
    with visitor(browser, shared_url) as someone:
        someone.goes("/setup/transfer")
        someone.page.locator("textarea").fill('[[group]]\nname = "Floor 2"\n[[group]]\nname = "Floor 2"')
        someone.presses("Show what would change")
        someone.sees("The file cannot be taken like this.")
        someone.page.locator("textarea").fill('[[group]]\nname = "Floor 2"')
        someone.presses("Show what would change")
        expect(someone.page.locator(".diff .added")).to_contain_text("Floor 2")
        assert "Floor 2" not in [group["name"] for group in someone.api("groups")]
        someone.presses("Take these changes over")
        someone.hears("The configuration was taken over.")
        assert "Floor 2" in [group["name"] for group in someone.api("groups")]


def test_the_keyboard_is_enough(browser: Browser, shared_url: str) -> None:
    with visitor(browser, shared_url) as someone:
        someone.goes("/setup/groups")
        someone.page.get_by_role("button", name="Add a measure group").first.press("Enter")
        expect(someone.dialog.get_by_label("Name")).to_be_focused()
        someone.page.keyboard.type("North")
        someone.page.keyboard.press("Enter")
        someone.hears("Saved.")
        someone.page.locator("[data-remove]").first.press("Enter")
        expect(someone.dialog).to_be_visible()
        someone.page.keyboard.press("Escape")
        expect(someone.dialog).to_have_count(0)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("bmw i wallbox", "KEBA KeContact P30"),
        ("wallbe", "Wallbe Eco"),
        ("alfen", "Alfen Eve"),
        ("terra ac", "ABB Terra AC"),
        ("sun2000-10ktl", "Huawei SUN2000"),
        ("symo gen24", "Fronius Symo, Primo, Eco, GEN24"),
        ("plenticore g2", "Kostal Plenticore"),
        ("multiplus", "Victron MultiPlus"),
        ("smart energy 5", "SMA Sunny Boy Smart Energy"),
    ],
)
def test_a_station_or_an_inverter_is_found_by_its_trade_name(
    browser: Browser, shared_url: str, wanted: str, found: str
) -> None:
    with visitor(browser, shared_url) as someone:
        someone.goes("/setup/devices/new")
        someone.page.locator("#find-model").fill(wanted)
        first = someone.page.locator("#model-list button").first
        expect(first).to_contain_text(found)
        first.click()
        expect(someone.page.locator("#chosen")).to_contain_text(found)


def test_languages_are_picked_from_a_menu(browser: Browser, shared_url: str) -> None:
    with visitor(browser, shared_url) as someone:
        someone.goes("/setup")
        someone.page.locator(".tongues summary").click()
        expect(someone.page.locator(".tongues a")).to_have_count(14)
        someone.page.get_by_role("link", name="Nederlands (België)").click()
        expect(someone.page.locator("html")).to_have_attribute("lang", "nl-BE")
        expect(someone.page.locator("h1")).to_have_text("Systeemconfiguratie")


def test_a_fault_stands_beside_its_part_with_its_range_in_the_visitors_words(browser: Browser, shared_url: str) -> None:
    with visitor(browser, shared_url, "pc", "fr-FR") as someone:
        someone.goes("/setup/gateways/new")
        someone.page.locator('[data-part="host"]:visible').fill("192.0.2.7")
        port = someone.page.locator('.entry:has([data-part="port"])')
        port.locator("input").fill("99999")
        someone.page.locator("button[type=submit]").click()
        expect(port.locator(".fault")).to_contain_text("de 1 à 65535", timeout=SLOWEST_MS)
        expect(someone.page.locator('.entry:has([data-part="host"]) .fault:visible')).to_have_count(0)
        port.locator("input").fill("502")
        someone.page.locator('[name="timeout_ms"]').fill("99999999")
        someone.page.locator("button[type=submit]").click()
        expect(someone.fault_of("timeout_ms")).to_contain_text(re.compile(r"De \d+ à \d+"), timeout=SLOWEST_MS)
