"""A public screen on a wall: its link is made, opened once, turns its pages, outlives a lost network, is revoked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

TURN_S = 30


@pytest.fixture
def wall(browser: Browser) -> Iterator[Page]:
    """A browser where nobody ever logged in; its time can be wound on."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="en-GB")
    opened = context.new_page()
    opened.clock.install()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda told: complaints.append(told.text) if "Content Security" in told.text else None)
    yield opened
    context.close()
    assert not complaints


def _shown(wall: Page) -> FrameLocator:
    return wall.frame_locator("iframe[data-shown]")


def _link(page: Page, url: str) -> str:
    page.goto(f"{url}/screens")
    page.get_by_role("button", name="Make a display link").click()
    sheet = page.get_by_role("dialog", name="Make a display link")
    sheet.get_by_label("Name").fill("Hall")
    sheet.get_by_text("Alarms", exact=True).click()
    sheet.get_by_label("Further pages").fill(f"{url}/consumptions/details\n")
    sheet.get_by_role("button", name="Make it").click()
    return page.get_by_role("dialog", name="Your display link").locator("#token").inner_text()


def test_a_screen_turns_its_pages_outlives_a_lost_network_and_ends_when_its_link_is_revoked(
    page: Page, wall: Page, demo_url: str
) -> None:
    link = _link(page, demo_url)
    assert link.startswith(f"{demo_url}/screen#")
    wall.goto(link)
    expect(_shown(wall).get_by_role("heading", name="Consumptions")).to_be_visible()
    expect(_shown(wall).locator(".navigation")).to_be_hidden()
    expect(_shown(wall).locator("canvas, svg.chart, .chart").first).to_be_visible()
    assert wall.url == f"{demo_url}/screen"  # who passes by reads no key

    wall.clock.fast_forward(TURN_S * 1000)
    expect(_shown(wall).get_by_role("heading", name="Alarms", level=1)).to_be_visible()

    wall.context.set_offline(True)
    wall.clock.fast_forward(TURN_S * 1000)
    expect(wall.locator("#connection")).to_be_visible()
    expect(_shown(wall).get_by_role("heading", name="Alarms", level=1)).to_be_visible()
    wall.context.set_offline(False)
    wall.clock.fast_forward(6000)
    expect(wall.locator("#connection")).to_be_hidden()
    expect(_shown(wall).get_by_role("heading", name="Consumptions")).to_be_visible()

    wall.reload()
    expect(_shown(wall).locator("h1").first).to_be_visible()

    page.goto(f"{demo_url}/screens")
    page.get_by_role("button", name="Revoke").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("No display link yet")).to_be_visible()
    wall.clock.fast_forward(TURN_S * 1000)
    expect(wall.get_by_role("heading", name="This display link is not valid, or no longer.")).to_be_visible()
