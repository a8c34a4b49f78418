"""Pages that stay open show what happens meanwhile, without a reload."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.setup import log_in

SLOWEST_MS = 60_000
GATEWAY = "Hall 1"
PAGES = {
    "home": ("/", 'a.tile[href="/gateways"]', "no error", "error"),
    "gateways": ("/gateways", f'section.panel:has(h2:text-is("{GATEWAY}"))', "On", "Communication error"),
}


def _turn(folder: Path, mode: str) -> None:
    """What becomes of the gateway in the outside world."""
    control = (folder / "control").read_text().strip()
    wish = json.dumps({"gateway": GATEWAY, "mode": mode}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{control}/fault", wish, method="POST"), timeout=60).close()


@pytest.mark.parametrize(("path", "place", "well", "unwell"), PAGES.values(), ids=PAGES.keys())
def test_an_unplugged_gateway_is_seen_and_so_is_its_return(
    page: Page, demo_url: str, demo_folder: Path, path: str, place: str, well: str, unwell: str
) -> None:
    page.goto(demo_url + path)
    page.evaluate("window.isTheSamePage = true")
    status = page.locator(place).locator(".status").first
    expect(status).to_contain_text(well, timeout=SLOWEST_MS)
    try:
        _turn(demo_folder, "unplugged")
        expect(status).not_to_contain_text(well, timeout=SLOWEST_MS)
        expect(status).to_contain_text(unwell)
    finally:
        _turn(demo_folder, "normal")
    expect(status).to_contain_text(well, timeout=SLOWEST_MS)
    assert page.evaluate("window.isTheSamePage")


def test_what_somebody_opened_stays_open(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/gateways")
    details = page.locator("details.more").first
    details.locator("summary").click()
    with page.expect_response(lambda response: response.url.endswith("/live/gateways") and response.status == 200):
        pass
    expect(details).to_have_attribute("open", "")
    expect(details.locator("table")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/devices"])
def test_a_tablet_has_columns(browser: Browser, demo_url: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 820, "height": 1180}, locale="en-GB")
    page = context.new_page()
    log_in(page, demo_url)
    page.goto(demo_url + path)
    tiles = page.locator(".tile, .card")
    expect(tiles.nth(1)).to_be_visible()
    first, second = (tiles.nth(at).bounding_box() for at in (0, 1))
    assert first is not None and second is not None
    assert first["y"] == second["y"] and first["x"] < second["x"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 820
    context.close()


def test_home_leads_with_the_site_as_the_meters_tell_it(page: Page, demo_url: str) -> None:
    page.goto(demo_url)
    now = page.locator("[data-site-now]")
    expect(now.locator("[data-grid]")).to_contain_text("kW")
    meters = page.request.get(f"{demo_url}/api/v1/meters").json()
    powers = [meter["power_w"] or 0 for meter in meters if meter["counts"] and not meter["above"]]
    shown = float(now.locator("[data-grid] b").inner_text().replace(",", ""))
    unit = now.locator("[data-grid] i").inner_text()
    assert abs(shown * (1000 if unit == "kW" else 1) - abs(sum(powers))) < 0.1 * abs(sum(powers)) + 500
    before = now.inner_text()
    page.wait_for_function(
        "before => document.querySelector('[data-site-now]').innerText !== before", arg=before, timeout=SLOWEST_MS
    )


def test_the_meter_tree_and_the_picture_of_home_show_each_watt_once(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/meters")
    top = page.locator("[data-meter]").filter(has_text="Main incomer")
    expect(top.locator("[data-rest]")).to_contain_text("W")
    meters = {each["id"]: each for each in page.request.get(f"{demo_url}/api/v1/meters").json()}
    ends = [each["power_w"] or 0 for each in meters.values() if not each["below"]]
    rests = [each["rest_w"] or 0 for each in meters.values()]
    tops = [each["power_w"] or 0 for each in meters.values() if not each["above"]]
    assert len(tops) < len(meters) and abs(sum(ends) + sum(rests) - sum(tops)) < 1
    page.goto(demo_url)
    expect(page.locator('[data-flow] [data-node="grid"]')).to_contain_text("kW")
    expect(page.locator('[data-flow] [data-node="rest"]')).to_contain_text("W")
    assert page.locator('[data-flow] [data-node="meter"]').count() >= 3
