"""axe-core finds nothing on any page, in light and dark, for each user of the manual; each page fits its screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from runtime.core.access.codes import FACTORY
from tests.browser.demo import ROOT

AXE = ROOT / "webui/assets/node_modules/axe-core/axe.min.js"  # make assets
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
RUN = f"axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}})"
DISPLAY = (
    "/", "/devices", "/devices/8", "/devices/6", "/devices/49", "/curves?series=8:active_power_w", "/consumptions",
    "/consumptions/overall", "/consumptions/partials", "/consumptions/compare", "/consumptions/details?of=device:8",
    "/consumptions/tariffs", "/energy-check", "/devices/8/energy-check", "/devices/8/history", "/alarms", "/gateways",
    "/gateways/2/trace", "/links", "/servers", "/system", "/access", "/nothing-here",
)  # fmt: skip
SETUP = (
    "/setup", "/setup/gateways", "/setup/gateways/2", "/setup/gateways/new", "/setup/devices/8",
    "/setup/devices/new?gateway=2", "/setup/scan", "/setup/loads", "/setup/bill", "/setup/bill/tariffs/new",
    "/setup/bill/rules/new", "/setup/thresholds", "/setup/sample-rate", "/setup/transfer", "/setup/changes",
    "/setup/maps", "/setup/maps/new", "/server", "/users", "/users/1", "/tokens", "/server/clock", "/server/modbus",
    "/server/general", "/server/security", "/server/network", "/server/archive", "/server/alerts",
    "/server/outlets", "/setup/automations", "/setup/boards", "/setup/groups/1", "/setup/loads/1", "/users/new",
)  # fmt: skip
SCREENS = {"pc": (1440, 900), "tablet": (900, 1180), "phone": (390, 844)}
LOOKS = (
    ("administrator", "pc", "light", DISPLAY + SETUP),
    ("administrator", "phone", "dark", DISPLAY + SETUP),
    ("installer", "tablet", "light", DISPLAY),
    ("user", "pc", "dark", DISPLAY),
    ("greenUp", "phone", "light", DISPLAY),
)
SLOWEST_MS = 15_000
Scheme = Literal["light", "dark"]


@contextmanager
def _visit(browser: Browser, url: str, user: str, screen: str, scheme: Scheme) -> Iterator[Page]:
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-GB", reduced_motion="reduce"
    )
    page = context.new_page()
    pin, puk = FACTORY[user]
    answer = page.request.post(f"{url}/api/v1/session", data={"pin": pin, "puk": puk}, headers={"Origin": url})
    assert answer.ok, answer.text()
    yield page
    context.close()


def _violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    answer: dict[str, Any] = page.evaluate(RUN)
    return [
        f"{page.url}: {each['id']}: {node['html'][:120]}" for each in answer["violations"] for node in each["nodes"]
    ]


@pytest.mark.parametrize(
    ("user", "screen", "scheme", "paths"), LOOKS, ids=[f"{look[0]}-{look[1]}-{look[2]}" for look in LOOKS]
)
def test_no_page_keeps_anybody_out(
    browser: Browser, demo_url: str, user: str, screen: str, scheme: Scheme, paths: tuple[str, ...]
) -> None:
    found, wide = [], []
    with _visit(browser, demo_url, user, screen, scheme) as page:
        for path in paths:
            page.goto(demo_url + path)
            for total in page.locator("[data-total]").all():
                expect(total).not_to_have_text("…", timeout=SLOWEST_MS)
            found += _violations(page)
            if page.evaluate("document.documentElement.scrollWidth") > SCREENS[screen][0]:
                wide.append(path)
    assert not found and not wide


def test_figures_menus_and_dialogues_keep_nobody_out_either(browser: Browser, demo_url: str) -> None:
    with _visit(browser, demo_url, "administrator", "pc", "light") as page:
        page.goto(f"{demo_url}/consumptions")
        page.locator("[data-table]").click()
        page.locator(".menu.save summary").click()
        expect(page.locator("[data-rows] table")).to_be_visible()
        found = _violations(page)
        page.goto(f"{demo_url}/curves?series=8:active_power_w")
        page.locator("[data-curve-table]").click()
        expect(page.locator("[data-curve-rows] table")).to_be_visible()
        found += _violations(page)
        page.goto(f"{demo_url}/devices/8/history")
        page.locator("[data-opens]").first.click()
        expect(page.locator("dialog[open]")).to_be_visible()
        found += _violations(page)
    assert not found
