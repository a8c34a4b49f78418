"""What somebody sees who opens the demo."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.setup import yesterday

SLOWEST_MS = 20_000
PAINTED = """canvas => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Set();
  for (let at = 0; at < pixels.length; at += 4) {
    if (pixels[at + 3] > 200) seen.add(`${pixels[at] >> 5},${pixels[at + 1] >> 5},${pixels[at + 2] >> 5}`);
  }
  return seen.size;
}"""


def _first_meter(page: Page, url: str) -> str:
    """Path of the first device that tells a power and works."""
    devices = page.request.get(f"{url}/api/v1/devices").json()
    return next(
        f"/devices/{device['id']}"
        for device in devices
        if device["state"] == "on" and "active_power_w" in device["quantities"]
    )


def _wait_for_a_meter(page: Page, url: str) -> str:
    page.goto(f"{url}/devices")
    expect(page.locator('.card[data-state="on"]').first).to_be_visible(timeout=SLOWEST_MS)
    return _first_meter(page, url)


def test_the_device_page_shows_values_that_change(page: Page, demo_url: str) -> None:
    page.goto(demo_url + _wait_for_a_meter(page, demo_url))
    power = page.locator('[data-quantity="active_power_w"] b')
    before = power.inner_text()
    assert re.search(r"\d", before)
    expect(power).not_to_have_text(before, timeout=SLOWEST_MS)
    expect(page.locator("#age")).to_contain_text("Read at")


def test_the_device_page_draws_its_energy_by_hour(page: Page, demo_url: str) -> None:
    page.goto(demo_url + _wait_for_a_meter(page, demo_url))
    page.locator('[data-step="-1"]').click()  # yesterday is whole
    expect(page.locator("[data-total]")).to_have_text(re.compile(r"\d"), timeout=SLOWEST_MS)
    canvas = page.locator("[data-canvas] canvas")
    expect(canvas).to_be_visible()
    page.wait_for_timeout(400)  # until the bars have grown
    assert canvas.evaluate(PAINTED) > 2


def test_the_table_says_the_same_as_the_chart(page: Page, demo_url: str) -> None:
    path = _wait_for_a_meter(page, demo_url)
    page.goto(demo_url + path)
    page.locator('[data-step="-1"]').click()
    date = page.locator('input[type="date"]').input_value()
    page.locator("[data-table]").click()
    rows = page.locator("[data-rows] tbody tr")
    answer = page.request.get(
        f"{demo_url}/api/v1/consumption?of=device:{path.rsplit('/', 1)[1]}&period=day&date={date}"
    ).json()
    expect(rows).to_have_count(len(answer["bins"]), timeout=SLOWEST_MS)
    in_chart = f"{page.locator('[data-total]').inner_text()} {page.locator('[data-total-unit]').inner_text()}"
    expect(page.locator("[data-rows] tfoot td").first).to_have_text(in_chart)


def test_periods_and_the_address_go_together(page: Page, demo_url: str) -> None:
    page.goto(demo_url + _wait_for_a_meter(page, demo_url))
    page.locator("#device").get_by_role("button", name="Month", exact=True).click()
    expect(page).to_have_url(re.compile("period=month"))
    page.reload()
    month = page.locator("#device").get_by_role("button", name="Month", exact=True)
    expect(month).to_have_attribute("aria-pressed", "true")


def test_tabs_work_with_the_keyboard(page: Page, demo_url: str) -> None:
    page.goto(demo_url + _wait_for_a_meter(page, demo_url))
    first = page.get_by_role("tab").first
    first.click()
    first.press("ArrowRight")
    second = page.get_by_role("tab").nth(1)
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-selected", "true")


def test_the_panel_board_can_be_sifted_and_laid_out_as_a_list(page: Page, demo_url: str) -> None:
    _wait_for_a_meter(page, demo_url)
    page.get_by_role("searchbox").fill("zzzz")
    expect(page.locator("#nothing")).to_be_visible()
    page.get_by_role("button", name="Show all devices").click()
    expect(page.locator("#nothing")).to_be_hidden()
    page.get_by_role("button", name="List").click()
    expect(page.locator(".board").first).to_have_attribute("data-layout", "list")


def test_the_grand_total_is_stacked_by_load(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/consumptions?period=month&date={yesterday()}")
    expect(page.locator("[data-shares] tbody tr").first).to_be_visible(timeout=SLOWEST_MS)
    page.wait_for_timeout(400)
    assert page.locator("[data-canvas] canvas").evaluate(PAINTED) > 3


def test_costs_stand_beside_the_energy(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/consumptions/details")
    page.locator('[data-step="-1"]').click()
    expect(page.locator("[data-cost-total]")).to_have_text(re.compile(r"€[\d,]+\.\d\d"), timeout=SLOWEST_MS)
    page.locator("[data-table]").click()
    expect(page.locator("[data-rows] tbody tr").first).to_contain_text("€")


def test_tariffs_are_stacked_and_can_be_left_out(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/consumptions/tariffs?period=month&date={yesterday()}")
    expect(page.locator("[data-shares] tbody tr").first).to_contain_text("€", timeout=SLOWEST_MS)
    expect(page.locator("[data-ring] circle").first).to_be_attached()
    rows = page.locator("[data-shares] tbody tr").count()
    picks = page.locator(".pick")
    expect(picks).to_have_count(rows)
    if rows > 1:
        picks.first.click()
        expect(picks.first).to_have_attribute("aria-pressed", "false")
    picks.last.click()
    expect(page.locator('.pick[aria-pressed="true"]').first).to_be_visible()  # the last one stays


def test_a_period_without_anything_says_so_and_leads_back(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/consumptions/details?period=day&date=2020-02-02")
    expect(page.locator("[data-nothing]")).to_contain_text("Nothing was recorded", timeout=SLOWEST_MS)
    page.get_by_role("button", name="Show the day before").click()
    expect(page).to_have_url(re.compile("date=2020-02-01"))


def test_no_page_is_wider_than_a_phone(page: Page, demo_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    paths = ("/", "/devices", _wait_for_a_meter(page, demo_url), "/consumptions", "/consumptions/details", "/gateways")
    for path in (*paths, "/consumptions/tariffs", "/system"):
        page.goto(demo_url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_light_and_dark_can_be_switched_and_are_remembered(page: Page, demo_url: str) -> None:
    page.goto(demo_url)
    page.locator("#theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_french_is_two_clicks_away(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/devices")
    page.locator(".tongues summary").click()
    page.get_by_role("link", name="Français", exact=True).click()
    expect(page.locator("h1")).to_have_text("Mon tableau")
    expect(page).to_have_url(f"{demo_url}/devices")


def test_a_lost_server_is_said(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/devices")
    expect(page.locator("#connection")).to_be_hidden()
    page.route("**/api/v1/live*", lambda route: route.fulfill(body="not what was asked for"))
    expect(page.locator("#connection")).to_be_visible(timeout=SLOWEST_MS)
    page.unroute("**/api/v1/live*")
    page.goto("about:blank")
