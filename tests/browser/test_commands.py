"""Switching an output and seeing a breaker trip, as somebody does who looks at the panel board."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.world import happens

SLOWEST_MS = 20_000


def _path(page: Page, url: str, name: str) -> str:
    devices = page.request.get(f"{url}/api/v1/devices").json()
    return next(f"/devices/{device['id']}" for device in devices if device["name"] == name)


@pytest.fixture
def board(page: Page, demo_url: str) -> Page:
    """The outputs of the module at the gate, once they were read."""
    page.goto(f"{demo_url}/devices")
    expect(page.locator('.card[data-state="on"]', has_text="Gate and signals")).to_be_visible(timeout=SLOWEST_MS)
    page.goto(demo_url + _path(page, demo_url, "Gate and signals"))
    page.locator("#tab-outputs").click()
    return page


def _press(page: Page, quantity: str, value: str) -> None:
    page.locator(f'[data-quantity="{quantity}"] [data-value="{value}"]').click()
    page.locator("dialog[open] button.primary").click()


def test_an_output_is_switched_and_shows_what_the_device_says(board: Page) -> None:
    horn = board.locator('[data-quantity="output_2_state"]')
    _press(board, "output_2_state", "on")
    expect(horn.locator("[data-told]")).to_have_text("Done: the device shows On.", timeout=SLOWEST_MS)
    expect(horn.locator(".now b")).to_have_text("On", timeout=SLOWEST_MS)
    expect(horn.locator('[data-value="on"]')).to_have_attribute("aria-pressed", "true", timeout=SLOWEST_MS)
    _press(board, "output_2_state", "off")
    expect(horn.locator("[data-told]")).to_have_text("Done: the device shows Off.", timeout=SLOWEST_MS)


def test_nothing_is_switched_when_the_question_is_answered_with_no(board: Page) -> None:
    board.locator('[data-quantity="output_4_state"] [data-value="on"]').click()
    board.locator("dialog[open] button:not(.primary)").first.click()
    expect(board.locator('[data-quantity="output_4_state"] [data-told]')).to_be_hidden()


def test_the_settings_of_an_output_are_written(board: Page) -> None:
    board.locator("#tab-configuration").click()
    form = board.locator("[data-output]").nth(4)
    form.locator("select").nth(1).select_option("blinking")
    form.locator("input").fill("3")
    form.get_by_role("button", name="Write").click()
    board.locator("dialog[open] button.primary").click()
    expect(form.locator("[data-told]")).to_contain_text("Done: the device shows 3", timeout=SLOWEST_MS)
    board.reload()
    board.locator("#tab-configuration").click()
    expect(board.locator("[data-output]").nth(4).locator("select").nth(1)).to_have_value("blinking")


def test_a_breaker_that_trips_appears_without_a_reload(page: Page, demo_url: str, demo_folder: Path) -> None:
    page.goto(f"{demo_url}/devices")
    card = page.locator(".card", has_text="Transformer breaker")
    expect(card.locator(".power b")).to_have_text("Closed", timeout=SLOWEST_MS)
    happens(demo_folder, "Transformer breaker", breaker_state="tripped")
    expect(card.locator("[data-breaker].tripped")).to_be_visible(timeout=SLOWEST_MS)
    expect(card.locator(".power b")).to_have_text("Tripped", timeout=SLOWEST_MS)
    page.goto(demo_url + _path(page, demo_url, "Transformer breaker"))
    expect(page.locator('[data-quantity="breaker_state"] b')).to_have_text("Tripped", timeout=SLOWEST_MS)
    happens(demo_folder, "Transformer breaker", breaker_state="closed")
    expect(page.locator('[data-quantity="breaker_state"] b')).to_have_text("Closed", timeout=SLOWEST_MS)


def test_links_between_modules_are_listed(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/devices")
    expect(page.locator('.card[data-state="on"]', has_text="EMS interface")).to_be_visible(timeout=SLOWEST_MS)
    page.goto(f"{demo_url}/links")
    expect(page.locator(".links li", has_text="Coolant pump breaker")).to_contain_text("Coolant pump")
    expect(page.locator(".links li.broken")).to_have_count(1)
