"""Green'Up by hand: a circuit and a station are set up, a vehicle charges, is ordered to wait, leaves and is listed."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from runtime.core.access.codes import FACTORY

SLOWEST_MS = 60_000
STATION = "Management"


def log_in_as(page: Page, url: str, user: str) -> None:
    pin, puk = FACTORY[user]
    answer = page.request.post(f"{url}/api/v1/session", data={"pin": pin, "puk": puk}, headers={"Origin": url})
    assert answer.ok, answer.text()


def car(folder: Path, device: str, comes: dict[str, object] | None) -> None:
    """A vehicle is plugged in, or leaves. ``folder`` is the demo's."""
    control = (folder / "control").read_text().strip()
    sent = json.dumps({"device": device, "car": comes}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{control}/world", sent, method="POST"), timeout=60).close()


@pytest.fixture
def green(browser: Browser, demo_url: str) -> Iterator[Page]:
    """A page of the user greenUp of the manual."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    log_in_as(page, demo_url, "greenUp")
    yield page
    context.close()
    assert not failures


def card(page: Page):
    return page.locator(".station", has=page.get_by_role("heading", name=STATION))


def test_a_circuit_is_set_up_and_a_vehicle_charges_waits_and_is_listed(
    green: Page, browser: Browser, demo_url: str, demo_folder: Path
) -> None:
    page = green
    car(demo_folder, STATION, None)
    page.goto(f"{demo_url}/setup/charging")
    page.get_by_role("button", name="Add a charging circuit").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Name").fill("Car park")
    dialog.get_by_label("Total power meter").select_option(label="Main incomer")
    dialog.get_by_label("Maximum current available").fill("2000")
    dialog.get_by_label("Maximum current for charging").fill("2500")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("2500 A for charging are more than the 2000 A available")
    dialog.get_by_label("Maximum current for charging").fill("1800")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(".circuit")).to_contain_text("1,800 A")

    page.get_by_role("button", name="Add a charging station").click()
    dialog.get_by_label("Device").select_option(label=STATION)
    dialog.get_by_label("Charging circuit").select_option(label="Car park")
    dialog.get_by_label("Rated current").fill("32")
    dialog.get_by_label("Watchdog").fill("0")
    dialog.get_by_role("button", name="Save").click()
    row = page.locator("tr", has_text=STATION)
    expect(row).to_contain_text("no watchdog")
    row.get_by_role("button", name="Priority").click()
    expect(row.get_by_role("button", name="Priority")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("button", name="Switch off")).to_be_visible()

    page.goto(f"{demo_url}/charging")
    expect(card(page)).to_contain_text("Priority", timeout=SLOWEST_MS)
    expect(card(page)).to_contain_text("Available", timeout=SLOWEST_MS)
    expect(page.locator(".circuit")).to_contain_text("Green area", timeout=SLOWEST_MS)
    car(demo_folder, STATION, {"plug": "ev", "wants_a": 16, "energy_wh": 50_000})
    expect(card(page)).to_contain_text("Charging", timeout=SLOWEST_MS)
    expect(page.locator(".decisions")).to_contain_text("Begins: phase 1 is in the green area.", timeout=SLOWEST_MS)
    card(page).get_by_role("button", name="Wait").click()
    expect(card(page)).to_contain_text("Waits: somebody ordered it to.", timeout=SLOWEST_MS)
    expect(card(page)).to_contain_text("Waiting", timeout=SLOWEST_MS)
    card(page).get_by_role("button", name="Start").click()
    expect(card(page)).to_contain_text("Charging", timeout=SLOWEST_MS)

    for scheme in ("light", "dark"):
        _fits_a_phone(browser, demo_url, scheme)
    car(demo_folder, STATION, None)
    expect(card(page)).to_contain_text("Available", timeout=SLOWEST_MS)
    page.get_by_role("link", name="Charging sessions").click()
    expect(page.locator("#list tbody tr").first).to_contain_text(STATION, timeout=SLOWEST_MS)
    expect(page.locator("main")).to_contain_text("Statement by badge")

    page.goto(f"{demo_url}/setup/charging")
    page.get_by_role("button", name=f"Erase {STATION}").click()
    page.locator("dialog[open]").get_by_role("button", name="Erase").click()
    expect(page.locator("tr", has_text=STATION)).to_have_count(0)
    page.get_by_role("button", name="Erase Car park").click()
    page.locator("dialog[open]").get_by_role("button", name="Erase").click()
    expect(page.locator("main")).to_contain_text("No charging circuit yet", timeout=SLOWEST_MS)


def _fits_a_phone(browser: Browser, url: str, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="fr-FR",
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    log_in_as(page, url, "greenUp")
    for path, title in (("/charging", "Green’Up"), ("/setup/charging", "Configuration Green’Up")):
        page.goto(f"{url}{path}")
        expect(page.locator("h1")).to_have_text(title)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page.locator("#main")).not_to_contain_text("Decisions")
    context.close()
