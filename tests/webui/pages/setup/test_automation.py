"""The page of rules that act: what each says, how it stands, and why one cannot act."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actors.message.automation import AUTOMATIONS_VIEW, AutomationsView, RuleState
from runtime.core.site.defaults import complete
from runtime.store.env import open_store
from tests.webui.edited import PLUGINS, EditedSite, codes
from tests.webui.stage import NOW_TS, installation

RULES = "/api/v1/automations"
CLOCK = {"name": "Evening", "source": "clock", "action": "while", "target": 2, "command": "output_1", "start": "18:00"}


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    site = complete(installation())
    module = {"model": "legrand-028812", "labels": {"output_2": "Hot water"}}
    devices = [replace(each, **module) if each.id == 2 else each for each in site.devices]
    yield EditedSite(store, replace(site, devices=tuple(devices)))
    store.close()


def text(site):
    answer = site.get("/setup/automations")
    assert answer.status == 200
    return " ".join(answer.body.decode().split())


def test_without_any_it_says_what_there_could_be(site):
    assert "No rule yet" in text(site)


def test_a_rule_says_when_what_and_how_it_stands(site):
    assert site.send("POST", RULES, CLOCK).status == 201
    hot = {"name": "Hot", "source": "device", "device": 1, "quantity": "active_power_w", "sign": ">=", "value": 1500.5}
    made = site.send("POST", RULES, {**hot, "action": "toggle", "target": 2, "command": "output_2", "days": "weekend"})
    assert made.status == 201, made.json
    state = RuleState(True, NOW_TS * 1000, "map_provisional", "x")
    site.views.publish(AUTOMATIONS_VIEW, AutomationsView({1: state, 2: RuleState(False)}))
    shown = text(site)
    assert "The clock alone" in shown and "18:00–00:00" in shown and "ON while it is true" in shown
    assert "· output_1: ON" in shown and "· Hot water: " in shown
    assert "≥ 1,500.5 W" in shown or "≥ 1500.5 W" in shown
    assert "Weekend" in shown and "Not true" in shown and "It cannot act: " in shown
    assert "acted 20 Nov 2026, 14:30" in shown


def test_two_rules_that_fight_are_refused_with_the_name_of_the_one_that_is_there(site):
    site.send("POST", RULES, CLOCK)
    refused = site.send("POST", RULES, {**CLOCK, "name": "Morning", "start": "06:00", "end": "09:00", "action": "off"})
    assert (
        codes(refused) == [("command", "rules_fight")] and "'Evening'" in refused.json["error"]["faults"][0]["message"]
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"end": "17:00"}, ("end", "frame_reversed")),
        ({"source": "device", "device": 1}, ("quantity", "rule_incomplete")),
        ({"source": "device", "quantity": "active_power_w", "value": "much"}, ("value", "rule_value")),
        ({"source": "device", "quantity": "breaker_state", "value": "tripped", "sign": ">"}, ("sign", "rule_sign")),
        ({"source": "tariff"}, ("tariff", "rule_incomplete")),
        ({"source": "alarm"}, ("alarm", "rule_incomplete")),
        ({"sign": "<"}, ("sign", "rule_sign")),
        ({"action": "message", "text": "x"}, ("outlet", "rule_incomplete")),
        ({"command": ""}, ("command", "rule_incomplete")),
        ({"target": 99}, ("target", "reference_unknown")),
        ({"command": "output_7"}, ("command", "output_unknown")),
        ({"command": "output_1_mode"}, ("command", "output_unknown")),
        ({"target": 1}, ("command", "output_unknown")),
        ({"days": "holiday"}, ("days", "choice_unknown")),
    ],
)
def test_what_a_rule_cannot_be(site, change, fault):
    assert codes(site.send("POST", RULES, {**CLOCK, **change})) == [fault]


def test_a_message_without_an_address_waits_for_nobody(site):
    site.bridge = replace(site.bridge, outlets=lambda: PLUGINS.outlets)
    mail = {"sender": "a@b.c", "server": "smtp.example.org"}
    assert site.send("POST", "/api/v1/outlets", {"name": "M", "kind": "mail", "parameters": mail}).status == 201
    message = {**CLOCK, "action": "message", "outlet": 1, "text": "Good evening"}
    assert codes(site.send("POST", RULES, message)) == [("recipients", "recipients_missing")]
    assert site.send("POST", RULES, {**message, "recipients": "a@b.c"}).status == 201
    assert "Good evening" in text(site)
