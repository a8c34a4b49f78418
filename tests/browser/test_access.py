"""Logging in as somebody does it: first set-up, login, logout, lock, a user with two pages, a token, the PIN again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from runtime.app import Server
from runtime.clock import SystemClock
from runtime.secret.accesssetup import reset
from runtime.secret.vault import Vault, pepper_of
from runtime.settings import Address, Settings, default_plugins
from runtime.store.env import open_store

PHONE, PC = {"width": 390, "height": 844}, {"width": 1280, "height": 850}
PIN, PUK = "60481", "29580 1746 30125"


class AheadClock(SystemClock):
    """The machine's clock, as far ahead as the test says."""

    ahead_s = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.ahead_s * 1000

    def now_ts(self) -> int:
        return self.now_ms() // 1000


@dataclass
class House:
    """A server with nothing configured; ``pin`` and ``puk`` open it."""

    server: Server
    clock: AheadClock
    pin: str = ""
    puk: str = ""

    @property
    def url(self) -> str:
        return self.server.web.url


def _served(data: Path) -> House:
    clock = AheadClock()
    server = Server(Settings(data, default_plugins(), Address("127.0.0.1", 0)), clock)
    server.start()
    return House(server, clock)


@pytest.fixture
def new(tmp_path: Path) -> Iterator[House]:
    house = _served(tmp_path / "new")
    yield house
    house.server.stop()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    data = tmp_path / "data"
    store = open_store(data)
    _, pin, puk = reset(store, Vault(pepper_of(data)))
    store.close()
    made = _served(data)
    made.pin, made.puk = pin, puk
    yield made
    made.server.stop()


@pytest.fixture(params=["pc", "phone"])
def anyone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    yield from _visitor(browser.new_context(viewport=PC if request.param == "pc" else PHONE, locale="en-GB"))


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    yield from _visitor(browser.new_context(viewport=PC, locale="en-GB"))


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    yield from _visitor(browser.new_context(viewport=PC, locale="en-GB"))


def _visitor(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test when a script fails; refusals that a test provokes are told by the network only."""
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda told: complaints.append(told.text) if "Content Security" in told.text else None)
    yield opened
    context.close()
    assert not complaints


def _log_in(page: Page, url: str, pin: str, puk: str) -> None:
    page.goto(url)
    page.locator("#pin").fill(pin)
    if puk:
        page.locator("#puk").press_sequentially(puk)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def _leave(page: Page, url: str, how: str) -> None:
    page.goto(f"{url}/logout")
    page.get_by_role("button", name=re.compile(f"^{how}")).click()
    expect(page).to_have_url(f"{url}/login")


def test_the_first_page_of_a_new_server_sets_it_up(new: House, anyone: Page, other: Page) -> None:
    anyone.goto(new.url)
    expect(anyone).to_have_url(f"{new.url}/welcome")
    anyone.get_by_role("button", name="Next").click()
    expect(anyone.locator("[name=name]")).to_be_focused()
    anyone.locator("[name=name]").fill("Atelier Dubois")
    anyone.locator("[name=currency]").select_option("CHF")
    anyone.get_by_role("button", name="Next").click()
    anyone.locator("[name=pin]").fill("12345")
    anyone.locator("[name=puk]").fill(PUK)
    anyone.get_by_role("button", name="Next").click()
    anyone.get_by_text("I wrote PIN and PUK down.").click()
    anyone.get_by_role("button", name="Finish").click()
    expect(anyone.get_by_text("This PIN is too easy to guess.")).to_be_visible()
    anyone.get_by_role("button", name="Suggest codes").click()
    pin, puk = anyone.locator("[name=pin]").input_value(), anyone.locator("[name=puk]").input_value()
    anyone.get_by_role("button", name="Next").click()
    expect(anyone.locator("[data-shows=pin]")).to_have_text(pin)
    anyone.get_by_role("button", name="Finish").click()
    expect(anyone).to_have_url(f"{new.url}/")
    expect(anyone.locator(".brand")).to_contain_text("Atelier Dubois")
    other.goto(f"{new.url}/welcome")
    expect(other).to_have_url(f"{new.url}/login")
    _log_in(other, new.url, pin, puk)
    expect(other).to_have_url(f"{new.url}/")


def test_pin_then_puk_lead_to_the_page_that_was_asked_for(house: House, visitor: Page) -> None:
    visitor.goto(f"{house.url}/devices")
    expect(visitor.locator("#puk")).to_be_hidden()
    visitor.locator("#pin").press_sequentially(house.pin)
    expect(visitor.locator("#puk")).to_be_focused()
    visitor.locator("#puk").press_sequentially("11111111111111")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("alert")).to_contain_text("PIN or PUK is not right.")
    visitor.locator("#pin").press_sequentially(house.pin)
    visitor.locator("#puk").press_sequentially(house.puk)
    expect(visitor.locator("#puk")).to_have_value(f"{house.puk[:5]} {house.puk[5:9]} {house.puk[9:]}")
    visitor.keyboard.press("Enter")
    expect(visitor).to_have_url(f"{house.url}/devices")


def test_after_logout_the_pin_is_enough_and_after_lock_it_is_not(house: House, anyone: Page) -> None:
    _log_in(anyone, house.url, house.pin, house.puk)
    expect(anyone.locator(".topbar")).to_be_visible()
    anyone.locator(".leave-now").click()
    anyone.get_by_role("button", name=re.compile("^Log out")).click()
    expect(anyone.locator("#pin")).to_be_visible()
    expect(anyone.locator("#puk")).to_have_count(0)
    _log_in(anyone, house.url, house.pin, "")
    expect(anyone).to_have_url(f"{house.url}/")
    _leave(anyone, house.url, "Lock")
    expect(anyone.locator("#puk")).to_have_count(1)
    _log_in(anyone, house.url, house.pin, house.puk)
    expect(anyone).to_have_url(f"{house.url}/")


def test_a_user_who_was_given_two_pages_finds_those_and_no_others(house: House, visitor: Page, other: Page) -> None:
    _log_in(visitor, f"{house.url}/users", house.pin, house.puk)
    visitor.goto(f"{house.url}/users/new")
    visitor.locator("[name=name]").fill("Marie")
    visitor.locator("[name=pin]").fill(PIN)
    visitor.locator("[name=puk]").fill(PUK)
    visitor.get_by_role("radiogroup", name="My panel board").get_by_role("radio", name="See").check()
    visitor.get_by_role("radiogroup", name="Alarms").get_by_role("radio", name="Nothing").check()
    visitor.get_by_role("button", name="Save").click()
    expect(visitor.get_by_role("link", name="Marie")).to_be_visible()
    _log_in(other, house.url, PIN, PUK)
    shown = other.locator(".navigation")
    expect(shown.get_by_role("link", name="My panel board")).to_be_visible()
    expect(shown.get_by_role("link", name="Consumptions")).to_be_visible()
    expect(shown.get_by_role("link", name=re.compile("configuration"))).to_have_count(0)
    other.goto(f"{house.url}/users")
    expect(other.get_by_text("You may not do this.")).to_be_visible()
    visitor.get_by_role("link", name="Marie").click()
    visitor.locator("[name=enabled]").uncheck()
    visitor.get_by_role("button", name="Save").click()
    expect(visitor.get_by_text("Disabled")).to_be_visible()
    other.goto(house.url)
    expect(other).to_have_url(f"{house.url}/login")


def test_a_token_is_shown_once_and_opens_what_it_may(house: House, visitor: Page) -> None:
    _log_in(visitor, f"{house.url}/tokens", house.pin, house.puk)
    visitor.goto(f"{house.url}/tokens")
    visitor.get_by_role("button", name="Make a token").click()
    visitor.locator("#make [name=name]").fill("Grafana")
    visitor.get_by_role("button", name="Make it").click()
    expect(visitor.locator("#token")).to_have_text(re.compile(r"[\w-]{43}"))
    bearer = {"Authorization": f"Bearer {visitor.locator('#token').text_content()}"}
    visitor.context.clear_cookies()
    assert visitor.request.get(f"{house.url}/api/v1/live", headers=bearer).status == 200
    assert visitor.request.get(f"{house.url}/api/v1/users", headers=bearer).status == 403
    _log_in(visitor, f"{house.url}/tokens", house.pin, house.puk)
    expect(visitor.get_by_text("Grafana")).to_be_visible()
    expect(visitor.locator("#token")).to_have_text("")
    visitor.get_by_role("button", name="Remove").first.click()
    visitor.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(visitor.get_by_text("No token yet")).to_be_visible()
    assert visitor.request.get(f"{house.url}/api/v1/live", headers=bearer).status == 401


def test_after_a_quarter_of_an_hour_the_pin_is_asked_again_and_nothing_is_lost(house: House, visitor: Page) -> None:
    _log_in(visitor, house.url, house.pin, house.puk)
    expect(visitor).to_have_url(f"{house.url}/")
    for _ in range(2):
        house.clock.ahead_s += 9 * 60
        visitor.goto(f"{house.url}/users/3")
    visitor.locator("[name=name]").fill("Ines")
    visitor.get_by_role("button", name="Save").click()
    asked = visitor.get_by_role("dialog", name="Your PIN again")
    asked.get_by_label("PIN").fill("44444")
    asked.get_by_role("button", name="Go on").click()
    expect(asked.get_by_text("The PIN is not right.")).to_be_visible()
    asked.get_by_label("PIN").fill(house.pin)
    asked.get_by_role("button", name="Go on").click()
    expect(visitor.get_by_role("link", name="Ines")).to_be_visible()


def test_a_session_that_has_ended_leads_to_the_login_and_back(house: House, visitor: Page) -> None:
    _log_in(visitor, f"{house.url}/devices", house.pin, house.puk)
    expect(visitor).to_have_url(f"{house.url}/devices")
    house.clock.ahead_s += 20 * 60
    visitor.goto(f"{house.url}/devices")
    expect(visitor).to_have_url(f"{house.url}/login?back=%2Fdevices")
    _log_in(visitor, visitor.url, house.pin, "")
    expect(visitor).to_have_url(f"{house.url}/devices")


def test_the_login_works_without_scripts_and_in_another_language(house: House, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    page.goto(house.url)
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    page.locator("#pin").fill(house.pin)
    page.locator("#puk").fill(house.puk)
    page.get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(f"{house.url}/")
    context.close()
