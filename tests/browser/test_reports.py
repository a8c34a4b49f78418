"""A manager downloads last days' energy: the file has what the charts have, whoever asks later finds it there."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.setup import log_in

SLOWEST_MS = 60_000


def tables(file: Path) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(file) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    return {name: list(csv.reader(io.StringIO(text), delimiter=";")) for name, text in texts.items()}


def test_what_is_downloaded_is_what_the_charts_show(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/")
    page.locator('.navigation [href="/reports"]').click()
    day = date.fromisoformat(page.locator('[name="to"]').input_value()) - timedelta(days=1)
    page.locator('[name="from"]').fill(day.isoformat())
    page.locator('[name="to"]').fill(day.isoformat())
    page.get_by_role("button", name="Download").click()
    expect(page.locator('[data-field="ids"] .fault')).to_contain_text("Choose at least one.")

    page.get_by_role("button", name="Select all").first.click()
    page.get_by_label("Separator of columns").select_option(";")
    page.get_by_text("With costs").click()
    page.get_by_role("button", name="Download").click()
    made = page.locator("[data-files] li").first
    expect(made).to_contain_text("Ready", timeout=SLOWEST_MS)
    with page.expect_download() as download:
        made.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "reportdata.zip"
    found = tables(Path(download.value.path()))
    assert {"report_energy_devices_electricity.csv", "report_energy_devices_electricity_cost.csv"} <= found.keys()
    head, *rows = found["report_energy_devices_electricity.csv"]
    for column in (3, len(head) - 2):
        id = int(head[column].split()[0])
        chart = page.request.get(f"{demo_url}/api/v1/consumption?of=device:{id}&period=day&date={day}").json()
        energy = sum(Fraction(row[column].replace(",", ".")) for row in rows if row[column])
        assert energy == Fraction(str(chart["total"] or 0))

    page.goto(f"{demo_url}/devices")
    page.goto(f"{demo_url}/reports")
    made = page.locator("[data-files] li").first
    expect(made).to_contain_text("Ready")
    made.get_by_role("button", name="Erase").click()
    expect(page.locator("[data-none]")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_in_another_language(browser: Browser, demo_url: str, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="fr-FR",
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    log_in(page, demo_url)
    page.goto(f"{demo_url}/reports")
    expect(page.locator("h1")).to_have_text("Rapports et téléchargement des données")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
