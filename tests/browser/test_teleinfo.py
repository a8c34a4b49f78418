"""The page of a meter with téléinfo, over two meters that really speak."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.demo import demo
from tests.browser.setup import SLOWEST_MS, Visitor, visitor

DAYS = 3


@pytest.fixture(scope="module")
def house_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with demo(tmp_path_factory.mktemp("house"), history_days=DAYS, site="house") as url:
        yield url


@pytest.fixture(params=[("pc", "en-GB"), ("phone", "fr-FR")], ids=["pc", "phone"])
def owner(request: pytest.FixtureRequest, browser: Browser, house_url: str) -> Iterator[Visitor]:
    screen, locale = request.param
    with visitor(browser, house_url, screen, locale) as arrived:
        yield arrived


def test_the_page_of_a_meter_leads_to_its_registers_which_count(owner: Visitor) -> None:
    owner.goes("/devices/1")
    owner.presses("Téléinfo")
    rows = owner.page.locator("#teleinfo tbody").first.locator("tr")
    expect(rows).to_have_count(4, timeout=SLOWEST_MS)  # off-peak, peak, all, cost
    expect(owner.page.locator("#teleinfo tr.active")).to_have_count(1)
    for row in rows.all()[:3]:
        expect(row.locator("td").nth(3)).to_have_text(re.compile(r"\d.*Wh"))  # this year
    expect(rows.nth(3)).to_contain_text("€")


def test_what_the_meter_says_lives(owner: Visitor) -> None:
    owner.goes("/devices/1/teleinfo")
    said = owner.page.locator("[data-live$=teleinfo] .figures")
    expect(said).to_contain_text("VA", timeout=SLOWEST_MS)
    seen = owner.page.evaluate(
        """() => new Promise((done) => {
            const part = document.querySelector("[data-live$=teleinfo]");
            const looker = new MutationObserver(() => done(true));
            looker.observe(part, { childList: true, subtree: true, characterData: true });
            setTimeout(() => done(false), 60000);
        })"""
    )
    assert seen


def test_nothing_is_wider_than_the_screen(owner: Visitor) -> None:
    for device in (1, 2):
        owner.goes(f"/devices/{device}/teleinfo")
        expect(owner.page.locator("#teleinfo table").first).to_be_visible(timeout=SLOWEST_MS)
        wide = owner.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide


def test_a_contract_is_typed_with_a_price_a_register_and_costs_follow(owner: Visitor) -> None:
    owner.goes("/devices/1/teleinfo")
    owner.page.locator("[data-opens=contract-new]").click()
    shown = owner.page.locator("dialog[open]")
    shown.locator("[name=name]").fill("HP/HC")
    for entry, price in zip(shown.locator("[name=prices]").all(), ("0,15790", "0.2065"), strict=True):
        entry.fill(price)
    shown.locator("[name=subscription]").fill("180.12")
    shown.locator("[type=submit]").click()
    register = owner.page.locator("#teleinfo tbody").first.locator("tr").first
    expect(register.locator("td").nth(3)).to_contain_text("€", timeout=SLOWEST_MS)
    (contract,) = owner.api("supply_contracts")
    assert (contract["device"], contract["prices"], contract["subscription"]) == (1, ["0.15790", "0.2065"], "180.12")
    owner.page.locator(f"[data-opens=contract-{contract['id']}]").click()
    owner.page.locator("dialog[open] [name=since]").fill("2026-01-01")
    owner.page.locator("dialog[open] [type=submit]").click()
    expect(owner.page.locator("#teleinfo")).to_contain_text("2026", timeout=SLOWEST_MS)
    owner.page.locator("[data-act=DELETE]").click()
    owner.page.locator("dialog[open] .primary, dialog[open] .danger, dialog[open] [data-yes]").last.click()
    expect(owner.page.locator("#teleinfo tbody tr small", has_text="€")).to_have_count(0, timeout=SLOWEST_MS)
    assert owner.api("supply_contracts") == []


def test_a_meter_that_produces_has_no_costs(owner: Visitor) -> None:
    owner.goes("/devices/2/teleinfo")
    expect(owner.page.locator("#teleinfo tbody").first).to_contain_text("Wh", timeout=SLOWEST_MS)
    expect(owner.page.locator("#teleinfo")).not_to_contain_text("€")
