"""The pages of outlets and alerts: what is set, what waits and why, and nothing that is secret."""

from __future__ import annotations

import pytest

from actors.message.outlet import OUTBOX_VIEW, OUTLET_VIEWS, ChatState, OutboxView, OutletView
from runtime.core.alert.message import Entry, Message
from runtime.store.env import open_store
from tests.webui.api.machine.test_outlet import ALERTS, MAIL, OUTLETS, MailSite
from tests.webui.stage import NOW_TS

NOW_MS = NOW_TS * 1000


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    yield MailSite(store)
    store.close()


def text(site, path):
    answer = site.get(path)
    assert answer.status == 200
    return " ".join(answer.body.decode().split())


def test_without_any_they_say_what_there_could_be(site):
    assert "No outlet yet" in text(site, "/server/outlets")
    assert "First there has to be a mail account" in text(site, "/server/alerts")


def test_an_outlet_says_what_is_missing_what_waits_since_when_and_why(site):
    site.send("POST", OUTLETS, MAIL)
    assert "Something is missing" in text(site, "/server/outlets")
    entries = (Entry("k", "note", NOW_MS),)
    message = Message(5, 1, "a@b.c", "", NOW_MS, entries, begun=True, attempts=2, code="outlet_login", detail="535 no")
    site.views.publish(OUTBOX_VIEW, OutboxView((message,), {1: 4}))
    site.views.publish(OUTLET_VIEWS.of(1), OutletView(1, frozenset({"password"}), (), 7, NOW_MS))
    shown = text(site, "/server/outlets")
    assert "since 20 Nov 2026, 14:30" in shown and "refuses the name, password or token" in shown
    assert "535 no" in shown and "1 message waits" in shown and "4 messages were dropped" in shown


def test_who_enlisted_is_listed_by_name(site):
    site.send("POST", OUTLETS, {"name": "Bot", "kind": "telegram", "on": True})
    assert "Nobody yet" in text(site, "/server/outlets")
    chats = (ChatState("42", "Ada <b>", NOW_TS, True), ChatState("43", "Bob", NOW_TS, False))
    site.views.publish(OUTLET_VIEWS.of(1), OutletView(1, frozenset({"token", "password"}), chats))
    shown = text(site, "/server/outlets")
    assert "Ada &lt;b&gt;" in shown and shown.count("Switch off") == 1 and shown.count("Switch on") == 1


def test_the_alert_settings_have_a_row_for_each_class(site):
    site.send("POST", OUTLETS, MAIL)
    site.send("POST", ALERTS, {"group": "state_change", "outlet": 1, "recipients": "a@b.c", "quiet_from": "22:00"})
    shown = text(site, "/server/alerts")
    assert shown.count("nobody") == 4
    assert "a@b.c" in shown and "quiet from 22:00 to 00:00" in shown


def test_an_alert_of_notices_says_that_it_sends_what_was_switched_too(site):
    site.send("POST", OUTLETS, MAIL)
    alert = {"group": "state_change", "outlet": 1, "recipients": "a@b.c", "severity": "notice"}
    assert site.send("POST", ALERTS, alert).status == 201
    assert "all, and what was switched" in text(site, "/server/alerts")
