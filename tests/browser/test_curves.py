"""Curves: what is drawn is what was recorded; closer, wider, live, and what cannot be drawn."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.setup import visitor

SLOWEST_MS = 15_000
SERIES = "8:active_power_w,8:voltage_l1_v"


def _open(page: Page, url: str, query: str) -> Locator:
    page.goto(f"{url}/curves?{query}")
    drawing = page.locator("[data-curves]")
    expect(drawing.locator("canvas").first).to_be_visible(timeout=SLOWEST_MS)
    expect(page.locator("[data-curve-canvas] + [data-curve-legend] li").first).to_be_visible(timeout=SLOWEST_MS)
    return drawing


def _span_s(page: Page) -> float:
    asked = dict(re.findall(r"(from|to)=(\d+)", page.url))
    return int(asked["to"]) - int(asked["from"])


@pytest.mark.parametrize("screen", ["pc", "phone"])
def test_a_page_of_curves_fits_its_screen(browser: Browser, demo_url: str, screen: str) -> None:
    with visitor(browser, demo_url, screen, "fr-FR") as somebody:
        _open(somebody.page, demo_url, f"series={SERIES}&span=week")
        expect(somebody.page.locator("#series li")).to_have_count(2)


def test_the_figures_are_those_of_the_samples(page: Page, demo_url: str, tmp_path: Path) -> None:
    now = page.request.get(f"{demo_url}/api/v1/consumption").json()["now"]
    to = page.evaluate(f"Math.floor(Date.parse('{now}') / 3600000) * 3600 - 7200")
    _open(page, demo_url, f"series=8:active_power_w&from={to - 21_600}&to={to}")
    asked = f"device=8&quantity=active_power_w&from={to - 21_600}&to={to}"
    samples = page.request.get(f"{demo_url}/api/v1/samples?{asked}").json()["samples"]
    with page.expect_download() as download:
        page.locator("[data-csv]").click()
    download.value.save_as(tmp_path / "saved.csv")
    _, *rows = csv.reader(io.StringIO((tmp_path / "saved.csv").read_text(encoding="utf-8-sig")))
    saved = [tuple(map(float, row[1:])) for row in rows if row[1]]
    assert samples
    assert saved == [tuple(each["values"][statistic] for statistic in ("mean", "min", "max")) for each in samples]


def test_dragging_shows_a_part_closer_and_the_way_back_leads_out(page: Page, demo_url: str) -> None:
    drawing = _open(page, demo_url, f"series={SERIES}&span=day")
    box = drawing.bounding_box()
    assert box is not None
    y = box["y"] + 100
    page.mouse.move(box["x"] + box["width"] * 0.4, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, y, steps=4)
    expect(page.locator(".brush")).to_be_visible()
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"from=\d+&to=\d+"))
    assert 0.18 * 86_400 < _span_s(page) < 0.27 * 86_400
    closer = page.url
    page.locator("[data-out]").click()
    expect(page).not_to_have_url(closer)
    assert 0.36 * 86_400 < _span_s(page) < 0.54 * 86_400
    page.go_back()
    page.go_back()
    expect(page.locator('[data-span="day"]')).to_have_attribute("aria-pressed", "true")


def test_whoever_points_reads_value_band_and_time(page: Page, demo_url: str) -> None:
    drawing = _open(page, demo_url, f"series={SERIES}&span=day")
    box = drawing.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 90)
    page.mouse.move(box["x"] + box["width"] * 0.5 + 2, box["y"] + 92)
    tip = page.locator(".tip:visible")
    expect(tip).to_be_visible()
    assert tip.locator(".name").all_inner_texts() == ["Line 1 presses · Active power", "Line 1 presses · Voltage L1"]
    values = tip.locator("b").all_inner_texts()
    assert values[0].endswith("W") and values[1].endswith(" V")
    assert " … " in tip.locator(".cost").first.inner_text()
    assert all(0 < each <= 16 for each in tip.locator("svg").evaluate_all("all => all.map(e => e.clientWidth)"))


def test_curves_are_composed_and_the_address_keeps_them(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/curves")
    expect(page.locator("#nothing-chosen")).to_be_visible()
    page.locator("#device").select_option(label="Main incomer")
    page.locator("#quantity").select_option("frequency_hz")
    page.locator("#add").click()
    expect(page.locator("#series li")).to_have_text([re.compile("Main incomer · Frequency")])
    page.reload()
    expect(page.locator("#series li")).to_have_count(1)
    page.locator("#series button").click()
    expect(page.locator("#nothing-chosen")).to_be_visible()


def test_the_last_hour_goes_on_by_itself(page: Page, demo_url: str) -> None:
    _open(page, demo_url, "series=8:active_power_w&span=hour")
    page.locator("[data-curve-table]").click()
    rows = page.locator("[data-curve-rows] tbody tr")
    before = rows.count()
    page.wait_for_function(
        "before => document.querySelectorAll('[data-curve-rows] tbody tr').length > before + 1",
        arg=before,
        timeout=30_000,
    )


def test_a_device_page_has_its_curves(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/devices/8")
    legend = page.locator("[data-curve-legend] li")
    expect(legend.first).to_contain_text("Active power", timeout=SLOWEST_MS)
    page.locator("#curved").select_option(label="Voltage")
    expect(legend).to_have_count(4)
    page.locator("#compose").click()
    expect(page).to_have_url(re.compile("series=8:voltage_l1_v,8:voltage_l2_v"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("series=9999:active_power_w", "is not there and never was"),
        ("series=8:active_power_w&from=20&to=10", "a time that does not exist"),
        ("series=8:active_power_w&from=4070908800&to=4070995200", "Nothing was recorded of Line 1 presses"),
        ("series=8:active_power_w&from=347155200&to=347241600", "Nothing was recorded of Line 1 presses"),
    ],
)
def test_what_cannot_be_drawn_is_said(browser: Browser, demo_url: str, query: str, words: str) -> None:
    with visitor(browser, demo_url) as somebody:
        somebody.goes(f"/curves?{query}")
        expect(somebody.page.locator("[data-say]")).to_contain_text(words, timeout=SLOWEST_MS)
