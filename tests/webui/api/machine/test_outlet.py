"""Outlets over the API: set up, tested, given passwords that never come out, and what waits for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actors.mailbox.reply import answer, refuse
from actors.message.outlet import (
    OUTBOX_VIEW,
    OUTLET_VIEWS,
    ChatState,
    OutboxView,
    OutletView,
    RefreshOutlet,
    RetryDelivery,
    SwitchChat,
    TryOutlet,
)
from runtime.core.alert.message import Entry, Message
from runtime.errors import DeliveryFailed, WattkeeperError
from runtime.secret.secrets import KIND, Secrets
from runtime.secret.vault import Vault
from runtime.store.env import open_store
from tests.actors.stage import heard
from tests.webui.api.described import checked
from tests.webui.edited import PLUGINS, EditedSite, codes
from tests.webui.stage import NOW_TS

OUTLETS, ALERTS, OUTBOX = "/api/v1/outlets", "/api/v1/alerts", "/api/v1/outbox"
MAIL = {
    "name": "Mail", "kind": "mail", "on": True,
    "parameters": {"sender": "box@example.org", "server": "smtp.example.org", "user": "box"},
}  # fmt: skip


class MailSite(EditedSite):
    """``outlet`` is the mailbox of outlet 1; what is posted there is answered with ``says``."""

    def __init__(self, store):
        super().__init__(store)
        secrets = Secrets(Vault(bytes(32)), store.records.get)
        self.bridge = replace(self.bridge, outlets=lambda: PLUGINS.outlets, secrets=secrets)
        self.secrets = secrets
        self.outlet, self.alarms = self.actors.mailbox("outlet.1"), self.actors.mailbox("alarms")
        self.says: object = ("box@example.org",)
        self.posted: list[object] = []

    def _peer(self, name, message):
        there = super()._peer(name, message)
        for each in heard(self.outlet):
            self.posted.append(each)
            if isinstance(each, TryOutlet | SwitchChat):
                (refuse if isinstance(self.says, Exception) else answer)(each.reply, self.says)
        return there


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    yield MailSite(store)
    store.close()


def test_outlets_and_alerts_are_configured_like_all_else(site):
    made = site.send("POST", OUTLETS, MAIL)
    assert made.status == 201, made.json
    assert checked(site.get(OUTLETS), OUTLETS, "get").json[0]["parameters"]["server"] == "smtp.example.org"
    alert = site.send("POST", ALERTS, {"group": "state_change", "outlet": 1, "recipients": "a@b.c,d@e.f"})
    assert (alert.status, alert.json["recipients"], alert.json["severity"]) == (201, "a@b.c, d@e.f", "warning")
    assert checked(site.get(ALERTS), ALERTS, "get").json[0]["quiet_from"] == "00:00"
    assert codes(site.get(f"{OUTLETS}/1", "DELETE")) == [("", "in_use")]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"kind": "pigeon"}, ("kind", "outlet_kind_unknown")),
        ({"parameters": {"sender": "me", "server": "smtp.example.org"}}, ("parameters.sender", "outlet_setting_wrong")),
        ({"parameters": {"sender": "a@b.c"}}, ("parameters.server", "outlet_setting_wrong")),
        ({"parameters": {**MAIL["parameters"], "password": "x"}}, ("parameters.password", "outlet_setting_wrong")),
        ({"link": "example.org"}, ("link", "link_wrong")),
    ],
)
def test_what_an_outlet_cannot_be(site, change, fault):
    assert codes(site.send("POST", OUTLETS, {**MAIL, **change})) == [fault]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"recipients": "anna"}, ("recipients", "mail_address_wrong")),
        ({"recipients": ""}, ("recipients", "recipients_missing")),
        ({"group": "weather"}, ("group", "choice_unknown")),
        ({"outlet": 9}, ("outlet", "reference_unknown")),
        ({"quiet_from": "25:00"}, ("quiet_from", "minute_wrong")),
    ],
)
def test_what_an_alert_cannot_be(site, change, fault):
    site.send("POST", OUTLETS, MAIL)
    assert codes(site.send("POST", ALERTS, {"group": "server", "outlet": 1, "recipients": "a@b.c", **change})) == [
        fault
    ]


def test_a_password_goes_in_sealed_and_comes_out_nowhere(site):
    site.send("POST", OUTLETS, MAIL)
    path = f"{OUTLETS}/1/secrets"
    answered = checked(site.send("PUT", path, {"password": "s3cret phrase"}), path, "put")
    assert answered.json == {"secrets": ["password"]}
    assert site.secrets.of("outlet.1") == {"password": "s3cret phrase"}
    assert b"s3cret" not in repr(site.store.records.get(KIND, "outlet.1")).encode()
    everything = [
        site.get(each).body for each in (OUTLETS, f"{OUTLETS}/1", OUTBOX, "/api/v1/audit", "/api/v1/installation")
    ]
    assert b"s3cret" not in b"".join(everything)
    assert RefreshOutlet() in site.posted and RetryDelivery(1) in heard(site.alarms)
    assert site.send("PUT", path, {"token": "x"}).status == 400
    assert site.send("PUT", f"{OUTLETS}/9/secrets", {"password": "x"}).status == 404


def test_a_password_that_strangers_may_guess_is_long_enough(site):
    site.send("POST", OUTLETS, {"name": "Bot", "kind": "telegram"})
    path = f"{OUTLETS}/1/secrets"
    refused = site.send("PUT", path, {"password": "short"}).json["error"]
    assert (refused["field"], refused["code"]) == ("password", "secret_short")
    assert site.send("PUT", path, {"token": "1:A", "password": "long enough"}).json == {
        "secrets": ["password", "token"]
    }


def test_a_test_says_whom_it_reached_or_what_the_other_side_answered(site):
    site.send("POST", OUTLETS, MAIL)
    path = f"{OUTLETS}/1/test"
    assert checked(site.send("POST", path, {}), path, "post").json["delivered"] == ["box@example.org"]
    site.says = DeliveryFailed("outlet_login", "535 5.7.8 no")
    refused = checked(site.send("POST", path, {}), path, "post").json
    assert refused == {"ok": False, "delivered": [], "error": {"code": "outlet_login", "message": "535 5.7.8 no"}}
    site.says = WattkeeperError("owner_restarted", "it is just being started")
    assert site.send("POST", path, {}).status == 503


def test_what_waits_says_since_when_and_why(site):
    site.send("POST", OUTLETS, MAIL)
    now_ms = NOW_TS * 1000
    message = Message(
        5, 1, "a@b.c", "", now_ms, (Entry("k", "note", now_ms),), 3, begun=True, attempts=2, next_ms=now_ms + 9,
        code="outlet_login", detail="535 no",
    )  # fmt: skip
    site.views.publish(OUTBOX_VIEW, OutboxView((message,), {1: 4}))
    chats = (ChatState("42", "Ada", NOW_TS, True),)
    site.views.publish(OUTLET_VIEWS.of(1), OutletView(1, frozenset({"password"}), chats, 7, now_ms))
    (state,) = checked(site.get(OUTBOX), OUTBOX, "get").json
    assert (state["delivered"], state["dropped"], state["missing"]) == (7, 4, [])
    assert state["error"] == {"code": "outlet_login", "message": "535 no"}
    (waiting,) = state["waiting"]
    assert (waiting["recipient"], waiting["entries"], waiting["attempts"]) == ("a@b.c", 4, 2)


def test_without_its_password_it_says_which_is_missing(site):
    site.send("POST", OUTLETS, MAIL)
    assert site.get(OUTBOX).json[0]["missing"] == ["password"]


def test_who_enlisted_is_switched_and_forgotten(site):
    site.send("POST", OUTLETS, {"name": "Bot", "kind": "telegram"})
    path = f"{OUTLETS}/1/chats/42"
    assert checked(site.send("PUT", path, {"on": False}), path, "put").json == {"chat": "42", "on": False}
    assert checked(site.get(path, "DELETE"), path, "delete").json == {}
    switched = [(each.recipient, each.on) for each in site.posted if isinstance(each, SwitchChat)]
    assert switched == [("42", False), ("42", None)]
