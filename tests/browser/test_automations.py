"""A rule closes a contactor when the tariff changes and opens it when it changes back; pages say that it may."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.setup import visitor
from tests.browser.world import asks, waits

SLOWEST_MS = 30_000
DEVICE, OUTPUT = "Gate and signals", "output_3"


def test_a_rule_closes_a_contactor_at_a_tariff_change(browser: Browser, demo_url: str) -> None:
    with visitor(browser, demo_url) as somebody:
        play(somebody.page, demo_url)


def play(page: Page, url: str) -> None:
    tariffs = {each["id"]: each["name"] for each in listed(page, url, "tariffs") if each["fluid"] == "electricity"}
    held = next(each for each in listed(page, url, "rules") if each["in_force"] and each["fluid"] == "electricity")
    other = next(id for id in tariffs if id != held["tariff"])
    device = next(each["id"] for each in listed(page, url, "devices") if each["name"] == DEVICE)

    page.goto(f"{url}/setup/automations")
    page.get_by_role("button", name="Add a rule").first.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Name").fill("Boiler")
    dialog.get_by_label("When").select_option("tariff")
    dialog.get_by_label("Tariff").select_option(label=tariffs[other])
    dialog.get_by_label("From").fill("12:00")
    dialog.get_by_label("Until").fill("11:00")
    dialog.get_by_label("Then").select_option("while")
    dialog.get_by_label("Device with the output").select_option(label=DEVICE)
    dialog.get_by_label("Output", exact=False).last.select_option(OUTPUT)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("not after", timeout=SLOWEST_MS)
    dialog.get_by_label("From").fill("00:00")
    dialog.get_by_label("Until").fill("00:00")
    dialog.get_by_role("button", name="Save").click()
    row = page.locator("tr[data-rule]", has_text="Boiler")
    expect(row).to_contain_text(f"Tariff = {tariffs[other]}")
    expect(row).to_contain_text("ON while it is true")
    page.wait_for_timeout(1500)
    page.reload()
    expect(row).to_contain_text("Not true")
    row.get_by_role("button", name="When would Boiler have acted?").click()
    expect(page.locator("#rehearsal")).to_contain_text("in the last seven days")
    page.locator("#rehearsal").get_by_role("button", name="Close").click()

    change(page, held["id"], {"tariff": other})
    shows(page, url, device, "On")
    expect(page.locator("#main")).to_contain_text("A rule may undo it: Boiler")
    page.goto(f"{url}/setup/automations")
    expect(row).to_contain_text("acted")
    waits(page, lambda: any("Boiler" in event["detail"] for event in listed(page, url, "events?limit=500")))
    change(page, held["id"], {"tariff": held["tariff"]})
    shows(page, url, device, "Off")

    page.goto(f"{url}/setup/automations")
    row.get_by_role("button", name="Erase Boiler").click()
    page.locator("dialog[open]").get_by_role("button", name="Erase").click()
    expect(page.locator("#main")).to_contain_text("No rule yet", timeout=SLOWEST_MS)


def listed(page: Page, url: str, path: str) -> Any:
    return page.request.get(f"{url}/api/v1/{path}").json()


def change(page: Page, rule: int, values: dict[str, Any]) -> None:
    """A cost rule, as its page would."""
    assert asks(page, "PATCH", f"rules/{rule}", values)


def shows(page: Page, url: str, device: int, state: str) -> None:
    page.goto(f"{url}/devices/{device}")
    page.locator("#tab-outputs").click()
    now = page.locator('[data-quantity="output_3_state"] .now b')
    expect(now).to_have_text(state, timeout=SLOWEST_MS)
