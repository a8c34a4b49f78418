"""Alert settings as in the manual: an account, its test, which alarms go to whom; and the mail that comes of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.setup import visitor
from tests.browser.world import waits
from tests.drivers.outlets.mailserver import PASSWORD, USER, Mailbox, mail_server

SLOWEST_MS = 30_000


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(mailbox: Mailbox) -> Iterator[int]:
    with mail_server(mailbox) as port:
        yield port


def test_an_account_is_set_up_tested_and_used_for_an_alarm(
    browser: Browser, demo_url: str, mailbox: Mailbox, port: int
) -> None:
    with visitor(browser, demo_url) as somebody:
        play(somebody.page, demo_url, mailbox, port)


def play(page: Page, demo_url: str, mailbox: Mailbox, port: int) -> None:
    page.goto(f"{demo_url}/server")
    page.get_by_role("link", name="E-mail and notification").first.click()
    page.get_by_role("button", name="Add an outlet").first.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Kind").select_option("mail")
    dialog.get_by_label("Name").fill("Works mail")
    for label, value in (("Sender", "box@example.org"), ("Server", "localhost"), ("Port", str(port)), ("User", USER)):
        dialog.locator("[data-kind=mail]").get_by_label(label).fill(value)
    dialog.locator("[data-kind=mail]").get_by_label("Encryption").select_option("none")
    dialog.locator("[data-kind=mail]").get_by_label("Password").fill("wrong one")
    dialog.get_by_label("On", exact=True).check()
    dialog.get_by_role("button", name="Save").click()
    row = page.locator("tr[data-outlet]", has_text="Works mail")
    expect(row).to_contain_text("On")

    row.get_by_role("button", name="Test").click()
    expect(row.locator("[data-result]")).to_contain_text("refuses the name, password or token", timeout=SLOWEST_MS)
    expect(row.locator("[data-result]")).to_contain_text("535")
    row.get_by_role("button", name="Edit").click()
    expect(dialog.locator("[data-kind=mail]").get_by_label("Server")).to_have_value("localhost")
    dialog.locator("[data-kind=mail]").get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    row.get_by_role("button", name="Test").click()
    expect(row.locator("[data-result]")).to_have_text("Delivered to box@example.org.", timeout=SLOWEST_MS)
    ((_, recipients, test),) = mailbox.mails
    assert recipients == ["box@example.org"] and "administrator" in test.get_body(("plain",)).get_content()

    page.get_by_role("link", name="Alert settings").first.click()
    page.get_by_role("button", name="Send: Measure threshold").click()
    dialog.get_by_label("Send e-mail to").fill("nobody")
    dialog.get_by_label("Subject").fill("Works")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("no e-mail address")
    dialog.get_by_label("Send e-mail to").fill("anna@example.org,bert@example.org")
    dialog.get_by_role("button", name="Save").click()
    alert = page.locator("tr[data-alert]", has_text="Measure threshold")
    expect(alert).to_contain_text("anna@example.org, bert@example.org")

    set_threshold(page, demo_url)
    waits(page, lambda: len(mailbox.mails) >= 3)
    ((_, first, mail), (_, second, _)) = mailbox.mails[1:3]
    assert [*first, *second] == ["anna@example.org", "bert@example.org"]
    assert mail["Subject"] == "Works: Alarm: Threshold passed – Main incomer"
    assert "Mains too quick" not in mail["Subject"] and "Frequency" in mail.get_body(("plain",)).get_content()

    page.goto(f"{demo_url}/server/outlets")
    expect(row).to_contain_text("On")
    page.goto(f"{demo_url}/setup/thresholds")
    page.get_by_role("button", name="Erase Mains too quick").click()
    page.locator("dialog[open]").get_by_role("button", name="Erase").click()
    waits(page, lambda: len(mailbox.mails) >= 5)
    assert mailbox.mails[3][2]["Subject"] == "Works: All clear: Threshold passed – Main incomer"
    page.goto(f"{demo_url}/server/alerts")
    alert.get_by_role("button", name="Erase").click()
    page.locator("dialog[open]").get_by_role("button", name="Erase").click()
    expect(alert).to_have_count(0)
    page.goto(f"{demo_url}/server/outlets")
    row.get_by_role("button", name="Erase").click()
    page.locator("dialog[open]").get_by_role("button", name="Erase").click()
    expect(page.locator("main")).to_contain_text("No outlet yet", timeout=SLOWEST_MS)


def set_threshold(page: Page, demo_url: str) -> None:
    page.goto(f"{demo_url}/setup/thresholds")
    page.get_by_role("button", name="Add a threshold").first.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Name").fill("Mains too quick")
    dialog.get_by_label("Device").select_option(label="Main incomer")
    dialog.get_by_label("Measure").select_option("frequency_hz")
    dialog.get_by_label("Value").fill("40")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator("tbody tr", has_text="Mains too quick")).to_be_visible()
