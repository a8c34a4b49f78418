"""A breaker trips: every page says so at once, the list tells whose it is, somebody acknowledges it, it is over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.actors.stage import eventually
from tests.browser.setup import log_in
from tests.browser.world import happens

SLOWEST_MS = 30_000
BREAKER = "Transformer breaker"


def active(page: Page, url: str, *severities: str) -> list[str]:
    """Names of what is wrong now; others of the same demo may be, too."""
    alarms = page.request.get(f"{url}/api/v1/alarms?state=active").json()
    return [each["name"] for each in alarms if not severities or each["severity"] in severities]


def row_of(page: Page, name: str):
    return page.locator("#alarms tbody tr", has_text=name).first


def test_a_trip_is_seen_on_each_page_and_acknowledged(page: Page, demo_url: str, demo_folder: Path) -> None:
    page.goto(f"{demo_url}/system")
    count = page.locator('.navigation [href="/alarms"] .count')
    assert eventually(lambda: BREAKER not in active(page, demo_url))  # after the trip of another test
    happens(demo_folder, BREAKER, breaker_state="tripped")
    expect(page.locator("#toasts")).to_contain_text(f"{BREAKER}: Tripped", timeout=SLOWEST_MS)
    expect(count).to_be_visible()
    assert BREAKER in active(page, demo_url)

    page.locator('.navigation [href="/alarms"]').click()
    row = row_of(page, BREAKER)
    expect(row).to_contain_text("Tripped")
    expect(row).to_contain_text("Switchboard modules")
    expect(row).to_contain_text("Active")
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Acknowledge").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("textbox").fill("the electrician is on the way")
    dialog.get_by_role("button", name="Acknowledge").click()
    expect(page.locator("#toasts")).to_contain_text("Acknowledged.")
    expect(row_of(page, BREAKER)).to_contain_text("the electrician is on the way")

    happens(demo_folder, BREAKER, breaker_state="closed")
    assert eventually(lambda: BREAKER not in active(page, demo_url))
    expect(count).to_have_text(re.compile(str(len(active(page, demo_url, "critical", "warning")))), timeout=SLOWEST_MS)
    page.goto(f"{demo_url}/alarms?state=all")
    expect(row_of(page, BREAKER)).to_contain_text("Over")
    page.goto(f"{demo_url}/alarms")
    expect(page.locator("#main")).not_to_contain_text(BREAKER)


def test_maintenance_begins_and_ends_on_the_page(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/alarms")
    page.get_by_role("button", name="Maintenance").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Board, gateway or device").select_option(label="Hall 1 breaker")
    dialog.get_by_role("button", name="Begin").click()
    notice = page.locator(".notice", has_text="Maintenance: Hall 1 breaker")
    expect(notice).to_contain_text("Nothing of it is an alarm until", timeout=SLOWEST_MS)
    notice.get_by_role("button", name="End the maintenance").click()
    expect(notice).to_have_count(0, timeout=SLOWEST_MS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_fits_a_phone_in_another_language(browser: Browser, demo_url: str, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="fr-FR",
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    log_in(page, demo_url)
    page.goto(f"{demo_url}/alarms?state=all")
    expect(page.locator("h1")).to_have_text("Alarmes")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    narrowest = "rows => Math.min(...rows.map(row => row.getBoundingClientRect().width))"
    assert page.locator("#alarms tbody th").evaluate_all(narrowest) > 200, "a word a line, not a letter"
    expect(page.locator("#main")).not_to_contain_text(re.compile("Acknowledge|Device or group"))
    context.close()
