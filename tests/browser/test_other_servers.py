"""What another server counts is added by a suggested Remote ID; a server that reads itself is refused, and shown so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.setup import SLOWEST_MS, Visitor, fresh_server, visitor
from tests.freeport import free_port

REMOTE_ID = "[name='parameters.remote_id']"


@pytest.fixture(params=[("pc", "en-GB"), ("phone", "fr-FR")], ids=["pc", "phone"])
def installer(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    screen, locale = request.param
    with fresh_server(tmp_path / "data") as url, visitor(browser, url, screen, locale) as arrived:
        yield arrived


def test_what_a_server_offers_is_suggested_and_a_loop_is_shown(installer: Visitor) -> None:
    page, port = installer.page, free_port()
    installer.goes("/servers")
    installer.sees("No other server is read here")
    installer.goes("/server/modbus")
    page.locator("[name=on]").check(force=True)
    page.locator("[name=port]").fill(str(port))
    page.locator("form[data-api*=modbus_servers] button[type=submit]").click()
    installer.hears("Saved. Only the Modbus server was started anew.")
    installer.goes("/setup/gateways/new")
    installer.fills("IP address or name", f"127.0.0.1:{port}")
    installer.presses("Save")
    expect(page.locator("main")).to_contain_text(f"127.0.0.1:{port}", timeout=SLOWEST_MS)
    gateway = next(each["id"] for each in installer.api("gateways") if str(port) in each["url"])
    installer.goes(f"/setup/devices/new?gateway={gateway}&model=wsmeasure")
    expect(page.locator(REMOTE_ID)).to_have_value("29999", timeout=SLOWEST_MS)
    expect(page.locator("#remote-ids option[value='29999']")).to_have_count(1, timeout=SLOWEST_MS)
    assert page.locator("#remote-ids option").count() > 1  # the loads that each site has
    installer.presses("Save and test")
    page.wait_for_url("**/setup/devices/*?new=1", timeout=SLOWEST_MS)
    refused = installer.say("reads this server itself: refused")
    for _ in range(60):
        installer.goes("/servers")
        if refused in page.locator("main").inner_text():
            break
        page.wait_for_timeout(500)
    installer.sees("reads this server itself: refused")
    (device,) = installer.api("devices")
    assert device["error"]["code"] == "server_loop"
