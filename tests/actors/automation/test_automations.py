"""Rules that act: outputs commanded like by anybody, messages sent, nothing repeated after a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from actors.automation.automations import AGAIN_S, KIND, LOOK_S, Automations, Kept, Output
from actors.mailbox.reply import fill, refuse
from actors.message.automation import AUTOMATIONS_VIEW
from actors.message.device import Command, EventReported, KeepRecords
from actors.message.outlet import SendNote
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.automation.resource import AUTOMATION
from runtime.core.automation.spec import AutomationSpec
from runtime.core.device.command import DONE, LATE, Outcome
from runtime.core.site.installation import INSTALLATION_VIEW, DeviceSpec, GatewaySpec, Installation
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.core.view import DEVICE_VIEWS, DeviceView
from runtime.errors import WattkeeperError
from tests.actors.stage import ManualClock, Stage, heard

PARIS = ZoneInfo("Europe/Paris")
BEFORE_TEN = int(datetime(2026, 11, 20, 21, 59, 30, tzinfo=PARIS).timestamp())
TARIFFS = (
    TariffSpec(1, "Peak", prices=(Price(1, 200_000),)), TariffSpec(2, "Night", prices=(Price(1, 100_000),)),
)  # fmt: skip
COST_RULES = (RuleSpec(1, 1, start="06:00", end="21:59"), RuleSpec(2, 2, start="22:00", end="05:59"))
SITE = Installation(
    gateways=(GatewaySpec(1, "G", "tcp://g"),), tariffs=TARIFFS, rules=COST_RULES,
    devices=(DeviceSpec(1, "Meter", 1, 1, "m"), DeviceSpec(9, "Module", 1, 2, "m")),
).having(OUTLET, (OutletSpec(1, "Mail", "mail", True),))  # fmt: skip
NIGHT = AutomationSpec(1, "Boiler", "tariff", "while", tariff=2, target=9, command="output_1")
HOT = AutomationSpec(
    2, "Hot", "device", "on", device=1, quantity="temperature_c", sign=">", value=30, target=9, command="output_1"
)
OUTPUT = Output("on", "off", "output_1_state")


class Scene:
    """A module with an output, a thermometer, and rules; commands are answered by the test."""

    def __init__(self, *rules: AutomationSpec, kept=None, ts=BEFORE_TEN, temperature=2000):
        self.stage = Stage(ManualClock(ts))
        self.gateway, self.recorder, self.alarms = map(self.stage.mailbox, ("gateway.1", "recorder", "alarms"))
        self.stage.views.publish(INSTALLATION_VIEW, SITE.having(AUTOMATION, rules))
        self.output, self.temperature = 0, temperature
        self.show()
        made = Automations(self.stage.incarnation("automations"), lambda: kept or {}, self.output_of)
        self.actor = self.stage.add(made)
        self.stage.play()

    @staticmethod
    def output_of(device, command):
        return OUTPUT if (device, command) == (9, "output_1") else None

    def show(self):
        for id, quantity, n in ((1, "temperature_c", self.temperature), (9, "output_1_state", self.output)):
            view = DeviceView(id, "D", 1, "on", (quantity,), (n,), (1,), (0,))
            self.stage.views.publish(DEVICE_VIEWS.of(id), view)

    def passes(self, seconds=1):
        for _ in range(round(seconds / LOOK_S)):
            self.show()
            self.stage.clock.advance(LOOK_S)
            self.stage.play()

    def commands(self):
        return [message for message in heard(self.gateway) if isinstance(message, Command)]

    def done(self, command, state=DONE):
        if state == DONE:
            self.output = 1 if command.wish.value == "on" else 0
        fill(command.reply, Outcome(command.wish, state, 0, "output_1_state", 0))
        self.stage.play()

    def told(self):
        messages = heard(self.recorder)
        return (
            [each for each in messages if isinstance(each, EventReported)],
            [each.records[0] for each in messages if isinstance(each, KeepRecords)],
        )

    def state(self, rule):
        return self.stage.views.get(AUTOMATIONS_VIEW).rules[rule]


def test_a_contactor_is_closed_at_the_tariff_change_and_opened_at_the_next():
    scene = Scene(NIGHT)
    scene.passes(29)
    assert scene.commands() == []
    scene.passes(2)
    (command,) = scene.commands()
    assert (command.wish.device, command.wish.command, command.wish.value) == (9, "output_1", "on")
    assert command.wish.author == "rule Boiler" and not command.routine
    scene.done(command)
    scene.stage.clock.advance(8 * 3600)
    scene.passes(2)
    (command,) = scene.commands()
    assert command.wish.value == "off"
    events, _ = scene.told()
    assert [(event.subject, event.code, event.detail) for event in events] == [
        ("device.9", "rule_acted", "Boiler: output_1 on"), ("device.9", "rule_acted", "Boiler: output_1 off"),
    ]  # fmt: skip


def test_on_while_true_is_set_again_when_somebody_switches_it_by_hand():
    scene = Scene(NIGHT, ts=BEFORE_TEN + 60)
    scene.passes(2)
    scene.done(*scene.commands())
    scene.passes(60)
    assert scene.commands() == []
    scene.output = 0
    scene.passes(2)
    assert [command.wish.value for command in scene.commands()] == ["on"]


def test_a_level_that_cannot_be_set_is_tried_again_after_a_while_and_told_once():
    scene = Scene(NIGHT, ts=BEFORE_TEN + 60)
    scene.passes(2)
    (command,) = scene.commands()
    refuse(command.reply, WattkeeperError("map_provisional", "the register table is not confirmed"))
    scene.passes(AGAIN_S - 3)
    assert scene.commands() == [] and scene.state(1).code == "map_provisional"
    scene.passes(5)
    (command,) = scene.commands()
    refuse(command.reply, WattkeeperError("map_provisional", "the register table is not confirmed"))
    scene.passes(2)
    events, _ = scene.told()
    assert [event.code for event in events].count("rule_failed") == 1
    scene.passes(AGAIN_S)
    scene.done(*scene.commands())
    assert scene.state(1).code == ""


def test_what_acts_once_is_not_repeated_whatever_became_of_it():
    scene = Scene(HOT, temperature=3100)
    (command,) = scene.commands()
    scene.done(command, LATE)
    scene.passes(120)
    assert scene.commands() == [] and scene.state(2).code == "command_late"
    scene.temperature = 2900
    scene.passes(2)
    scene.temperature = 3100
    scene.passes(2)
    assert len(scene.commands()) == 1


def test_after_a_restart_what_was_true_before_does_not_act_again():
    scene = Scene(HOT, temperature=3100)
    _, records = scene.told()
    assert records == [(KIND, 2, {"holds": True, "pulse_until_ms": 0})]
    again = Scene(HOT, temperature=3100, kept={2: Kept(True)})
    again.passes(5)
    assert again.commands() == []
    meanwhile = Scene(HOT, temperature=3100, kept={2: Kept(False)})
    assert len(meanwhile.commands()) == 1


def test_a_pulse_ends_after_its_time_also_when_the_server_restarts_in_between():
    pulse = replace(HOT, action="pulse", pulse_s=10)
    scene = Scene(pulse, temperature=3100)
    scene.done(*scene.commands())
    scene.passes(8)
    assert scene.commands() == []
    scene.passes(3)
    assert [command.wish.value for command in scene.commands()] == ["off"]
    until_ms = (BEFORE_TEN + 10) * 1000
    again = Scene(pulse, temperature=3100, kept={2: Kept(True, until_ms)}, ts=BEFORE_TEN + 60)
    assert [command.wish.value for command in again.commands()] == ["off"]


@pytest.mark.parametrize(("output", "value"), [(0, "on"), (1, "off")])
def test_toggle_goes_by_what_the_output_shows(output, value):
    scene = Scene(replace(HOT, action="toggle"))
    scene.output, scene.temperature = output, 3100
    scene.passes(2)
    assert [command.wish.value for command in scene.commands()] == [value]


def test_a_message_goes_to_the_outbox():
    scene = Scene(
        replace(HOT, action="message", outlet=1, recipients="a@b.c, d@e.f", text="It is hot"), temperature=3100
    )
    (note,) = heard(scene.alarms)
    assert note == SendNote(1, ("a@b.c", "d@e.f"), "Hot", "rule.2", "It is hot")


def test_an_output_that_is_not_there_is_told_in_the_state_of_the_rule():
    scene = Scene(replace(HOT, command="output_7"), temperature=3100)
    assert scene.state(2).code == "command_unknown"


def test_rules_that_were_erased_leave_nothing():
    scene = Scene(HOT, temperature=3100)
    scene.told()
    scene.stage.views.publish(INSTALLATION_VIEW, SITE)
    scene.passes(2)
    _, records = scene.told()
    assert records == [(KIND, 2, None)] and scene.stage.views.get(AUTOMATIONS_VIEW).rules == {}
