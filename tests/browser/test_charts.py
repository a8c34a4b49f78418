"""What a chart tells whoever points at it or touches it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.setup import visitor

SLOWEST_MS = 10_000
RETRY_MS = 200
LARGEST_SWATCH_PX = 16
POINTS = (0.16, 0.5, 0.96)  # of a chart's width: at both ends the tip must not leave the page
CHARTS = {
    "home": "/",
    "grand total": "/consumptions",
    "details": "/consumptions/details",
    "tariffs": "/consumptions/tariffs",
    "device": "/devices/1",
    "power against index": "/devices/1/energy-check",
    "against other meters": "/devices/1/energy-check?with=others",
}
READ = """tip => ({
  names: [...tip.querySelectorAll(".name")].map(name => ({
    text: name.textContent, width: name.getBoundingClientRect().width, hidden: name.scrollWidth - name.clientWidth,
  })),
  values: [...tip.querySelectorAll("b")].map(value => value.textContent),
  swatches: [...tip.querySelectorAll("svg")].map(swatch => swatch.getBoundingClientRect().width),
  box: (({ left, top, right, bottom }) => ({ left, top, right, bottom }))(tip.parentElement.getBoundingClientRect()),
  page: { right: document.documentElement.clientWidth, bottom: innerHeight },
})"""


def _open(page: Page, url: str, path: str) -> Locator:
    """The last drawing of the page, of yesterday, which is whole."""
    page.goto(url + path)
    page.locator('[data-step="-1"]').click()
    drawing = page.locator(".drawing:visible").last
    expect(drawing.locator("canvas").first).to_be_visible(timeout=SLOWEST_MS)
    return drawing


def _point(page: Page, drawing: Locator, across: float, *, by_touch: bool = False) -> Locator:
    """The tip at ``across`` of the drawing's width, once there is something to point at."""
    tip = page.locator(".tip:visible")
    for step in range(SLOWEST_MS // RETRY_MS):
        drawing.scroll_into_view_if_needed()  # what comes above it moves it
        box = drawing.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] * across, box["y"] + box["height"] / 2
        if by_touch:
            page.touchscreen.tap(x, y)
        else:
            page.mouse.move(x - step % 2, y)
        page.wait_for_timeout(RETRY_MS)
        if tip.locator("svg").count():
            break
    expect(tip).to_be_visible()
    return tip


def _look_at(tip: Locator) -> dict[str, Any]:
    """What the tip says, after a look at its form."""
    seen: dict[str, Any] = tip.evaluate(READ)
    assert seen["names"] and len(seen["values"]) == len(seen["names"])
    assert all(name["text"].strip() and name["width"] >= 20 and name["hidden"] <= 1 for name in seen["names"])
    assert seen["swatches"] and all(0 < width <= LARGEST_SWATCH_PX for width in seen["swatches"])
    box, page = seen["box"], seen["page"]
    assert box["left"] >= 0 and box["top"] >= 0
    assert box["right"] <= page["right"] and box["bottom"] <= page["bottom"]
    return seen


@pytest.mark.parametrize("path", CHARTS.values(), ids=CHARTS.keys())
def test_whoever_points_at_a_bar_reads_names_values_and_small_swatches(page: Page, demo_url: str, path: str) -> None:
    drawing = _open(page, demo_url, path)
    for across in POINTS:
        seen = _look_at(_point(page, drawing, across))
        assert all(value.strip() for value in seen["values"])


@pytest.mark.parametrize("path", CHARTS.values(), ids=CHARTS.keys())
def test_whoever_touches_a_bar_on_a_phone_reads_the_same(browser: Browser, demo_url: str, path: str) -> None:
    with visitor(browser, demo_url, "phone", touches=True) as phone:
        drawing = _open(phone.page, demo_url, path)
        for across in POINTS:
            _look_at(_point(phone.page, drawing, across, by_touch=True))


def test_the_tip_of_the_grand_total_adds_up(page: Page, demo_url: str) -> None:
    drawing = _open(page, demo_url, "/consumptions")
    date = page.locator('input[type="date"]').input_value()
    answer = page.request.get(f"{demo_url}/api/v1/consumption/loads?period=day&date={date}").json()
    tip = _point(page, drawing, 0.5)
    seen = _look_at(tip)
    hour = int(tip.locator("strong").inner_text()[:2])
    parts = [part["name"] for part in answer["parts"] if part["name"] and part["values"][hour]]
    out = answer["export"]
    parts += ["Exported"] if out and out["values"][hour] else []
    names = [name["text"] for name in seen["names"]]
    assert names == [*reversed(parts), "Total", "Cost"]
    bin = answer["bins"][hour]
    assert seen["values"][len(parts)] == f"{bin['value'] / 1000:.{1 if bin['value'] >= 100_000 else 2}f} kWh"
    assert seen["values"][-1] == f"€{bin['cost']}"
    assert round(sum(part["values"][hour] for part in answer["parts"]), 2) == round(bin["value"], 2)


def test_a_currency_that_is_none_takes_no_chart_away(page: Page, demo_url: str) -> None:
    def odd(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"currency": "<B>"})

    page.route("**/api/v1/consumption?**", odd)
    drawing = _open(page, demo_url, "/consumptions/details")
    seen = _look_at(_point(page, drawing, 0.5))
    assert seen["values"][[name["text"] for name in seen["names"]].index("Cost")].endswith(" <B>")
    expect(page.locator("[data-cost-total]")).to_contain_text("<B>")


def test_a_server_without_the_library_says_so_and_shows_all_the_rest(page: Page, demo_url: str) -> None:
    empty = {"status": 200, "body": "throw new Error();", "content_type": "text/javascript"}
    page.route("**/vendor/charts.js", lambda route: route.fulfill(**empty))
    page.goto(f"{demo_url}/devices/1")
    expect(page.locator("[data-no-charts]")).to_contain_text("no charts", timeout=SLOWEST_MS)
    expect(page.locator("[data-total]")).not_to_have_text("…", timeout=SLOWEST_MS)
    expect(page.locator("#age")).to_contain_text("Read at", timeout=SLOWEST_MS)
    page.locator("[data-table]").click()
    expect(page.locator("[data-rows] tbody tr").first).to_be_visible()
