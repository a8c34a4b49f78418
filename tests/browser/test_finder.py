"""Ctrl+K finds anything by its name, from any page, with the keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.setup import visitor


def test_a_device_is_found_and_opened_by_the_keyboard(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/system")
    page.keyboard.press("Control+k")
    found = page.locator(".finder [role=option]")
    expect(found.first).to_be_visible()
    page.keyboard.type("robots")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Line 1 robots")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/devices/9(\?|$)"))


def test_arrows_choose_and_escape_closes(page: Page, demo_url: str) -> None:
    page.goto(demo_url)
    page.locator("#finder").click()
    options = page.locator(".finder [role=option]")
    expect(options.nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.type("no such thing")
    expect(page.locator(".finder .none")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".finder")).to_be_hidden()


def test_a_phone_reaches_the_pages_that_its_bar_leaves_out(browser: Browser, demo_url: str) -> None:
    with visitor(browser, demo_url, "phone", "fr-FR") as somebody:
        somebody.goes("/")
        somebody.page.locator("#finder").click()
        somebody.page.locator(".finder input").fill("passerelles")
        somebody.page.locator('.finder a[href="/gateways"]').click()
        expect(somebody.page).to_have_url(re.compile("/gateways$"))
