"""Below a path of a reverse proxy that takes it off: pages, scripts, forms, login and what leads on work there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from runtime.app import Server
from runtime.clock import SystemClock
from runtime.secret.accesssetup import reset
from runtime.secret.vault import Vault, pepper_of
from runtime.settings import Address, Settings, default_plugins
from runtime.store.env import open_store
from tests.browser.reverseproxy import reverse_proxy

PREFIX = "/energy"


@pytest.fixture
def below(tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """(address behind the proxy, PIN, PUK)."""
    data, plugins = tmp_path / "data", tmp_path / "plugins.toml"
    web = f'[web]\nproxies = ["127.0.0.1"]\nprefix = "{PREFIX}"\n'
    plugins.write_text(default_plugins().read_text().replace("[web]\n", "") + web)
    store = open_store(data)
    _, pin, puk = reset(store, Vault(pepper_of(data)))
    store.close()
    server = Server(Settings(data, plugins, Address("127.0.0.1", 0)), SystemClock())
    server.start()
    try:
        with reverse_proxy(server.web.http.port, PREFIX) as url:
            yield url, pin, puk
    finally:
        server.stop()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when it asks for what is not below the path, or a script fails."""
    context = browser.new_context(viewport={"width": 1280, "height": 850}, locale="en-GB")
    page, astray, complaints = context.new_page(), list[str](), list[str]()

    def asked(url: str) -> None:
        path = urlsplit(url).path
        if url.startswith("http") and path != PREFIX and not path.startswith(f"{PREFIX}/") and path != "/favicon.ico":
            astray.append(path)

    page.on("request", lambda request: asked(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if "Content Security" in told.text else None)
    yield page
    context.close()
    assert not astray
    assert not complaints


def log_in(page: Page, pin: str, puk: str) -> None:
    page.locator("#pin").press_sequentially(pin)
    if puk:
        page.locator("#puk").press_sequentially(puk)
    page.keyboard.press("Enter")


def test_whoever_comes_through_a_proxy_s_path_stays_below_it(below: tuple[str, str, str], visitor: Page) -> None:
    url, pin, puk = below
    visitor.goto(f"{url}/devices")
    log_in(visitor, pin, puk)
    expect(visitor).to_have_url(f"{url}/devices")
    names = [cookie["name"] for cookie in visitor.context.cookies()]
    assert sorted(names) == ["wattkeeper_browser", "wattkeeper_session"]
    links = {link.get_attribute("href") or "" for link in visitor.locator("a[href]").all()}
    for link in sorted(links):
        if link.startswith("/") and "logout" not in link and "/api/" not in link:
            answer = visitor.goto(urlsplit(url)._replace(path=link.partition("?")[0]).geturl())
            assert answer is not None and answer.status == 200, link
            expect(visitor.locator("main")).to_be_visible()


def test_a_form_saves_and_leads_on_below_the_path(below: tuple[str, str, str], visitor: Page) -> None:
    url, pin, puk = below
    visitor.goto(url)
    log_in(visitor, pin, puk)
    expect(visitor.locator(".topbar")).to_be_visible()
    visitor.goto(f"{url}/users/new")
    visitor.locator("[name=name]").fill("Marie")
    visitor.get_by_role("button", name="Save").click()
    expect(visitor.get_by_role("link", name="Marie")).to_be_visible()
    visitor.get_by_role("link", name="Marie").click()
    visitor.locator("[name=name]").fill("Anne")
    visitor.get_by_role("button", name="Save").click()
    expect(visitor.get_by_role("link", name="Anne")).to_be_visible()
    visitor.locator(".leave-now").click()
    visitor.get_by_role("button", name="Log out").click()
    expect(visitor.locator("#pin")).to_be_visible()
    log_in(visitor, pin, "")
    expect(visitor).to_have_url(f"{url}/")
