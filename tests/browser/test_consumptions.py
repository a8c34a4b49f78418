"""The pages of Consumptions against what the API says of the same site, on screens of all sizes."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.setup import visitor

SLOWEST_MS = 15_000
VIEWS = {
    "total": "/consumptions",
    "overall": "/consumptions/overall",
    "partials": "/consumptions/partials",
    "compare": "/consumptions/compare",
    "details": "/consumptions/details?of=device:8",
    "tariffs": "/consumptions/tariffs",
}


def _yesterday(page: Page, url: str, path: str) -> str:
    """The date that is shown: yesterday is whole."""
    page.goto(url + path)
    page.locator('[data-step="-1"]').click()
    expect(page.locator("[data-total]")).not_to_have_text("…", timeout=SLOWEST_MS)
    return page.locator('input[type="date"]').input_value()


def _kwh(value_wh: float) -> str:
    return f"{value_wh / 1000:,.{1 if value_wh >= 100_000 else 2}f}" if value_wh < 1e6 else f"{value_wh / 1e6:,.2f}"


@pytest.mark.parametrize("screen", ["pc", "phone"])
@pytest.mark.parametrize("path", VIEWS.values(), ids=VIEWS.keys())
def test_each_view_fits_its_screen_and_draws(browser: Browser, demo_url: str, path: str, screen: str) -> None:
    with visitor(browser, demo_url, screen, "fr-FR") as somebody:
        _yesterday(somebody.page, demo_url, path)
        expect(somebody.page.locator(".drawing canvas").first).to_be_visible(timeout=SLOWEST_MS)
        expect(somebody.page.locator("[data-legend] li").first).to_be_visible(timeout=SLOWEST_MS)


def test_a_group_and_a_load_have_the_energy_that_the_api_tells(page: Page, demo_url: str) -> None:
    date = _yesterday(page, demo_url, "/consumptions/partials?group=group:1&load=load:7")
    asked = f"{demo_url}/api/v1/consumption?of=group:1/load:7&period=day&date={date}"
    answer = page.request.get(asked).json()
    expect(page.locator("[data-total]")).to_have_text(_kwh(answer["total"]), timeout=SLOWEST_MS)
    loads = page.request.get(f"{demo_url}/api/v1/consumption/loads?of=group:1&period=day&date={date}").json()
    there = [part for part in loads["parts"] if part["total"]]
    expect(page.locator("[data-by-load] tbody tr")).to_have_count(len(there))
    production = next(part for part in there if part["of"] == "load:7")
    assert production["total"] == answer["total"]
    page.locator("[data-by-group] a").filter(has_text="Line 2").click()
    expect(page.locator("#group")).to_have_value("group:2")
    expect(page.locator("#load")).to_have_value("load:7")


@pytest.mark.parametrize("path", ["/", "/consumptions", "/consumptions/details?of=device:6"])
def test_what_flows_out_is_shown_below_zero_with_its_total(page: Page, demo_url: str, path: str) -> None:
    date = _yesterday(page, demo_url, path)
    of = "device:6" if "details" in path else "total"
    answer = page.request.get(f"{demo_url}/api/v1/consumption?of={of}&period=day&date={date}").json()
    out = answer["export"]
    shown = page.locator("[data-export]")
    expect(shown).to_contain_text(f"{_kwh(out['total'])} kWh", timeout=SLOWEST_MS)
    if of == "total":
        expect(shown).to_contain_text(f"Autarky {out['own_use'] / answer['total'] * 100:.0f} %")
    page.locator("[data-table]").click()
    expect(page.locator("[data-legend]")).to_contain_text("Exported")


def test_a_bar_leads_one_level_down_and_so_does_its_row(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/consumptions?period=decade")
    page.locator("[data-table]").click()
    page.locator("[data-rows] tbody tr").last.locator(".deeper").click()
    expect(page.locator('[data-period="year"]')).to_have_attribute("aria-pressed", "true")
    page.locator('[data-period="month"]').click()
    page.locator("[data-table]").click()
    drawing = page.locator(".drawing")
    expect(drawing.locator("canvas").first).to_be_visible(timeout=SLOWEST_MS)
    month = page.locator('input[type="date"]').input_value()[:7]
    box = drawing.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    expect(page.locator('[data-period="day"]')).to_have_attribute("aria-pressed", "true")
    assert re.match(rf"{month}-1[3-8]", page.locator('input[type="date"]').input_value())


def test_the_saved_figures_are_those_of_the_api(page: Page, demo_url: str, tmp_path: Path) -> None:
    date = _yesterday(page, demo_url, "/consumptions/details?of=load:7")
    answer = page.request.get(f"{demo_url}/api/v1/consumption?of=load:7&period=day&date={date}").json()
    expect(page.locator("[data-total]")).to_have_text(_kwh(answer["total"]), timeout=SLOWEST_MS)
    page.locator(".menu.save summary").click()
    with page.expect_download() as download:
        page.locator('[data-save="csv"]').click()
    assert download.value.suggested_filename == "datalogger.csv"
    download.value.save_as(tmp_path / "saved.csv")
    text = (tmp_path / "saved.csv").read_text(encoding="utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert [float(row[2]) for row in rows] == [bin["value"] for bin in answer["bins"]]
    assert [row[head.index("Cost (EUR)")] for row in rows] == [bin["cost"] for bin in answer["bins"]]


@pytest.mark.parametrize(("kind", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_a_picture_is_saved(page: Page, demo_url: str, tmp_path: Path, kind: str, begins: bytes) -> None:
    _yesterday(page, demo_url, "/consumptions")
    expect(page.locator(".drawing canvas").first).to_be_visible(timeout=SLOWEST_MS)
    page.locator(".menu.save summary").click()
    with page.expect_download() as download:
        page.locator(f'[data-save="{kind}"]').click()
    download.value.save_as(tmp_path / "saved")
    content = (tmp_path / "saved").read_bytes()
    assert content.startswith(begins) and len(content) > 5000
    assert page.evaluate("document.documentElement.dataset.theme") is None


def test_unlike_kinds_are_compared_in_money_only(page: Page, demo_url: str) -> None:
    _yesterday(page, demo_url, "/consumptions/compare?first=total:electricity&second=total:water")
    expect(page.locator("[data-unlike]")).to_be_visible(timeout=SLOWEST_MS)
    expect(page.locator(".canvas .unit")).to_have_text("EUR", timeout=SLOWEST_MS)


def test_a_load_is_compared_with_itself_a_week_before(page: Page, demo_url: str) -> None:
    date = _yesterday(page, demo_url, "/consumptions/compare?first=load:7&second=before")
    day, before = (
        page.request.get(f"{demo_url}/api/v1/consumption?of=load:7&period=day&date={each}").json()
        for each in (date, page.evaluate(f"new Date(Date.parse('{date}') - 864e5).toISOString().slice(0, 10)"))
    )
    total = page.locator("[data-verdict] tfoot td")
    expect(total.nth(0)).to_contain_text(_kwh(day["total"]), timeout=SLOWEST_MS)
    expect(total.nth(1)).to_contain_text(_kwh(before["total"]))
    change = (day["total"] - before["total"]) / before["total"] * 100
    sign = "+" if change > 0 else "−"
    expect(total.nth(3)).to_have_text(f"{sign}{abs(change):.1f} %" if abs(change) < 999.5 else "–")


def test_the_chart_fills_the_screen_and_comes_back(page: Page, demo_url: str) -> None:
    _yesterday(page, demo_url, "/consumptions")
    panel = page.locator("[data-consumption]")
    page.locator("[data-full]").click()
    expect(panel).to_have_class(re.compile("filling"))
    box = panel.bounding_box()
    assert box is not None and box["width"] >= 1400 and box["height"] >= 850
    page.locator("[data-full]").click()
    expect(panel).not_to_have_class(re.compile("filling"))


def test_tariffs_that_are_left_out_leave_the_pie_too(page: Page, demo_url: str) -> None:
    _yesterday(page, demo_url, "/consumptions/tariffs?of=load:7")
    rows = page.locator("[data-shares] tbody tr")
    expect(rows.first).to_be_visible(timeout=SLOWEST_MS)
    page.locator('[data-period="year"]').click()
    expect(rows.nth(1)).to_be_visible(timeout=SLOWEST_MS)
    before = rows.count()
    page.locator("[data-legend] .pick").first.click()
    expect(rows).to_have_count(before - 1)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/consumptions?date=2026-02-30", "There is no date 2026-02-30"),
        ("/consumptions/details?of=device:9999", "There is no device:9999"),
        ("/consumptions/tariffs?of=load:77", "There is no load:77"),
        ("/consumptions/compare?first=group:99", "There is no group:99"),
        ("/consumptions?date=2099-01-01", "This period lies ahead"),
        ("/consumptions?period=year&date=1990-01-01", "Nothing was recorded in this period"),
    ],
)
def test_what_cannot_be_shown_is_said(page: Page, demo_url: str, path: str, words: str) -> None:
    page.goto(demo_url + path)
    expect(page.locator("main")).to_contain_text(words, timeout=SLOWEST_MS)


def test_details_show_what_a_device_measures_now(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/consumptions/details?of=device:8")
    measured = page.locator("[data-measured]")
    expect(measured).to_contain_text("Active power", timeout=SLOWEST_MS)
    page.locator("#of").select_option("load:7")
    expect(measured).to_be_hidden()
