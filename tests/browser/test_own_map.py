"""A meter of somebody's own: the form asks for the sign, and of a counter whether it may fall."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.setup import fresh_server, visitor


def test_a_row_says_how_its_sign_is_meant_and_whether_it_may_fall(browser: Browser, tmp_path: Path) -> None:
    with fresh_server(tmp_path) as url, visitor(browser, url) as someone:
        someone.goes("/setup/maps/new")
        page = someone.page
        row = page.locator(".own-row").first
        someone.fills("Name", "ACME M3")
        row.locator('[data-key="register"]').fill("0x0048")
        row.locator('[data-key="sign"]').select_option("negative")
        expect(row.locator("[data-net]")).to_be_visible()
        row.locator('[data-key="net"]').select_option("yes")
        page.locator("#add").click()
        second = page.locator(".own-row").nth(1)
        second.locator('[data-key="quantity"]').select_option("active_power_w")
        second.locator('[data-key="register"]').fill("0x0010")
        expect(second.locator("[data-net]")).to_be_hidden()
        someone.presses("Save")
        someone.hears("Saved. It can be chosen as a model now.")
        (saved,) = someone.api("maps")
        rows = someone.api(f"maps/{saved['id']}")["rows"]
        assert [(each["sign"], each["net"]) for each in rows] == [("negative", True), ("positive", False)]
        someone.goes(f"/setup/maps/{saved['id']}")
        expect(page.locator('[data-key="net"]').first).to_have_value("yes")
        expect(page.locator('[data-key="sign"]').first).to_have_value("negative")
