"""A threshold is set by hand, passed, and is an alarm with its name."""

from __future__ import annotations

from playwright.sync_api import Page, expect

SLOWEST_MS = 30_000


def test_a_threshold_is_set_passed_and_erased(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/setup/thresholds")
    page.get_by_role("button", name="Add a threshold").first.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Name").fill("Grid frequency")
    dialog.get_by_label("Device").select_option(label="Main incomer")
    dialog.get_by_label("Measure").select_option("frequency_hz")
    expect(dialog.locator(".unit").first).to_have_text("Hz")
    dialog.get_by_label("Value").fill("40,5")
    dialog.get_by_role("button", name="Save").click()
    row = page.locator("tbody tr", has_text="Grid frequency")
    expect(row).to_contain_text("Frequency > 40.5 Hz")

    page.goto(f"{demo_url}/alarms")
    alarm = page.locator("#alarms tr", has_text="Grid frequency")
    for _ in range(10):
        if alarm.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(alarm).to_contain_text("Threshold passed")
    expect(alarm).to_contain_text("Main incomer")
    expect(alarm).to_contain_text("is above 40.5 Hz")

    page.goto(f"{demo_url}/setup/thresholds")
    row.get_by_role("button", name="Edit Grid frequency").click()
    expect(dialog.get_by_label("Value")).to_have_value("40.5")
    dialog.get_by_label("Value").fill("60")
    dialog.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Frequency > 60 Hz")
    row.get_by_role("button", name="Erase Grid frequency").click()
    page.locator("dialog[open]").get_by_role("button", name="Erase").click()
    expect(page.locator("main")).to_contain_text("No threshold yet", timeout=SLOWEST_MS)
