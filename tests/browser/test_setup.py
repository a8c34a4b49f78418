"""Sections 7.16.1 and 7.16.2 of the manual, played by hand in a browser against simulated meters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.setup import SLOWEST_MS, Visitor, fresh_server, log_in, visitor

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


def _add_gateway(someone: Visitor, port: object, name: str) -> int:
    someone.goes("/setup/gateways/new")
    someone.fills("IP address or name", "127.0.0.1")
    someone.fills("Port", str(port))
    someone.fills("Name", name)
    someone.presses("Save")
    someone.hears("Gateway saved.")
    return int(re.findall(r"/gateways/(\d+)", someone.page.url)[0])


def _add_meter(someone: Visitor, gateway: int, meter: dict[str, object], name: str) -> int:
    someone.goes(f"/setup/devices/new?gateway={gateway}&model={meter['model']}&unit={meter['unit']}")
    someone.fills("Name", name)
    someone.presses("Save and test")
    someone.page.wait_for_url(re.compile(r"/setup/devices/\d+\?new=1"))
    return int(re.findall(r"/devices/(\d+)", someone.page.url)[0])


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
        add = someone.page.locator("[data-add]").first
        add.click(timeout=60_000)
        row = someone.page.locator("tr", has=someone.page.get_by_text(someone.say("Added"), exact=True)).first
        row.get_by_role("link", name=someone.say("Values")).click()
        figure = someone.page.locator("[data-quantity]:visible b").filter(has_text=re.compile(r"\d")).first
        expect(figure).to_be_visible(timeout=SLOWEST_MS)


@looks
def test_gateways_and_devices(
    browser: Browser, url: str, meters: list[dict[str, object]], screen: str, locale: str
) -> None:
    with visitor(browser, url, screen, locale) as someone:
        gateway = _add_gateway(someone, meters[0]["port"], "Hall")
        someone.presses("Test")
        someone.sees("The gateway answers")
        someone.goes("/setup/devices/new?gateway=" + str(gateway))
        someone.page.locator("#families .option").first.click()
        expect(someone.page.locator("#model-list .option").first).to_be_visible()
        device = _add_meter(someone, gateway, meters[0], "Press")
        someone.sees("It works")
        expect(someone.page.locator(".result dd").first).to_have_text(re.compile(r"\d"))
        _refuse_its_address_to_another(someone, gateway, meters[0])
        _set_apart_turn_off_and_on(someone, device)
        someone.goes(f"/setup/gateways/{gateway}")
        expect(someone.page.get_by_role("button", name=someone.say("Delete"))).to_be_disabled()
        someone.goes(f"/setup/devices/{device}")
        someone.presses("Delete")
        someone.answers("Erase")
        someone.hears("Device erased.")
        someone.goes(f"/setup/gateways/{gateway}")
        someone.presses("Delete")
        someone.answers("Erase")
        someone.hears("Gateway erased.")
        assert [each for each in someone.api("gateways") if not each["local"]] == []


def _refuse_its_address_to_another(someone: Visitor, gateway: int, meter: dict[str, object]) -> None:
    someone.goes(f"/setup/devices/new?gateway={gateway}&model={meter['model']}&unit={meter['unit']}")
    someone.presses("Save and test")
    expect(someone.fault_of("unit")).to_be_visible(timeout=SLOWEST_MS)
    expect(someone.page.locator('[name="unit"]')).to_be_focused()
    someone.page.locator('[name="unit"]').fill("")
    someone.presses("Save and test")
    expect(someone.fault_of("unit")).to_contain_text(someone.say("This is missing."))


def _set_apart_turn_off_and_on(someone: Visitor, device: int) -> None:
    someone.goes(f"/setup/devices/{device}")
    someone.page.get_by_text(someone.say("Exclude from totals"), exact=True).click()
    someone.presses("Save")
    someone.hears("Device saved.")
    someone.presses("Turn off")
    someone.answers("Turn off")
    someone.hears("Turned off.")
    someone.presses("Turn on")
    someone.hears("Turned on.")
    told = someone.api(f"devices/{device}")
    assert (told["excluded"], told["on"]) == (True, True)


@looks
def test_loads_groups_and_panel_boards(
    browser: Browser, url: str, meters: list[dict[str, object]], screen: str, locale: str
) -> None:
    with visitor(browser, url, screen, locale) as someone:
        gateway = _add_gateway(someone, meters[0]["port"], "Hall")
        device = _add_meter(someone, gateway, meters[0], "Press")
        for path, add in (
            ("boards", "Add a panel board"),
            ("groups", "Add a measure group"),
            ("loads", "Add a load"),
        ):
            someone.goes(f"/setup/{path}")
            someone.presses(add)
            someone.fills("Name", "Tenant A", someone.dialog)
            someone.answers("Save")
            someone.hears("Saved.")
            expect(someone.page.get_by_role("rowheader", name="Tenant A")).to_be_visible()
        load, group = (
            next(each["id"] for each in someone.api(kind) if each["name"] == "Tenant A") for kind in ("loads", "groups")
        )
        for path in (f"/setup/loads/{load}", f"/setup/groups/{group}"):
            someone.goes(path)
            someone.page.locator(f'input[value="{device}"]').check()
            someone.presses("Save")
            someone.hears("Saved.")
        someone.goes(f"/setup/gateways/{gateway}")
        someone.page.locator('select[name="board"]').select_option(label="Tenant A")
        someone.presses("Save")
        someone.hears("Gateway saved.")
        told = someone.api(f"devices/{device}")
        assert (told["load"], told["groups"]) == (load, [group])
        assert someone.api(f"gateways/{gateway}")["board"] == someone.api("boards")[0]["id"]
        _disable_enable_and_erase(someone)


def _disable_enable_and_erase(someone: Visitor) -> None:
    someone.goes("/setup/groups")
    someone.page.locator("[data-remove]").click()
    someone.answers("Disable")
    someone.hears("Disabled.")
    someone.presses("Enable")
    someone.hears("Enabled.")
    someone.page.locator("[data-remove]").click()
    someone.answers("Erase")
    someone.hears("Erased.")
    someone.sees("No measure group yet")
    someone.goes("/setup/loads")
    someone.page.locator("[data-remove][data-kept]").first.click()
    expect(someone.dialog.get_by_role("button", name=someone.say("Erase"), exact=True)).to_have_count(0)
    someone.answers("Disable")
    someone.hears("Disabled.")


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


def test_languages_are_picked_from_a_menu(browser: Browser, shared_url: str) -> None:
    with visitor(browser, shared_url) as someone:
        someone.goes("/setup")
        someone.page.locator(".tongues summary").click()
        expect(someone.page.locator(".tongues a")).to_have_count(14)
        someone.page.get_by_role("link", name="Nederlands (België)").click()
        expect(someone.page.locator("html")).to_have_attribute("lang", "nl-BE")
        expect(someone.page.locator("h1")).to_have_text("Systeemconfiguratie")
