"""The owner of rules that act: looks each second which are true, and does what they say.

Outputs are commanded like by anybody else: judged, permitted, read back and reported by their gateway, with the rule as
the author. What acts once is not repeated when it fails; "on while true" is tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, assert_never

from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.reply import Forwarded
from actors.message.alarm import ALARMS_VIEW, AlarmsView
from actors.message.automation import AUTOMATIONS_VIEW, AutomationsView, RuleState
from actors.message.device import Begin, Command, EventReported, KeepRecords
from actors.message.outlet import SendNote
from runtime.core.alert.alert import split_addresses
from runtime.core.automation.condition import Facts, causes_of, value_in
from runtime.core.automation.follower import Follower
from runtime.core.automation.resource import AUTOMATION
from runtime.core.automation.spec import MESSAGE, OFF, PULSE, TOGGLE, AutomationSpec
from runtime.core.clock.timegrid import local
from runtime.core.device.command import DONE, CommandRequest, Outcome
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import INSTALLATION_VIEW, Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.tariff.rules import Tariffs, tariffs_by_fluid
from runtime.core.view import DEVICE_VIEWS
from runtime.errors import WattkeeperError

KIND = "automation"  # of the records
LOOK_S = 1.0
ANSWER_S = 8.0
AGAIN_S = 30.0  # after a level that could not be set


@dataclass(frozen=True, slots=True)
class Output:
    """What can be switched. ``shows``: the quantity that tells whether it is on."""

    on: str
    off: str
    shows: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one rule, as its record. ``pulse_until_ms``: its output is to go off then, 0 = no pulse lasts."""

    holds: bool = False
    pulse_until_ms: int = 0


@dataclass(frozen=True, slots=True)
class _Look:
    """How is it now? Automations -> itself."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """A command is over. Gateway -> automations, by the reply box."""

    rule: int
    outcome: Outcome | Exception


class Automations(Actor):
    """Named ``automations``; publishes ``AutomationsView``.

    load       reads what was true before, by rule
    output_of  (device, command) -> what can be switched by it, None = nothing
    """

    def __init__(
        self,
        incarnation: Incarnation,
        load: Callable[[], Mapping[int, Kept]],
        output_of: Callable[[int, str], Output | None],
    ) -> None:
        super().__init__(incarnation)
        self._load, self._output_of = load, output_of
        self._follower = Follower()
        self._kept: dict[int, Kept] = {}
        self._site: Installation | None = None
        self._tariffs: Mapping[str, Tariffs] = {}
        self._states: dict[int, RuleState] = {}
        self._underway: set[int] = set()
        self._not_before: dict[int, float] = {}  # rule -> monotonic

    def on_receive(self, message: Begin | _Look | _Answered) -> None:
        match message:
            case Begin():
                self._kept = dict(self._load())
                self._follower = Follower({rule: kept.holds for rule, kept in self._kept.items()})
                self.post_self(_Look())
            case _Look():
                self._look()
                self.post_later(LOOK_S, _Look())
            case _Answered():
                self._take(message)
            case _:
                assert_never(message)

    def _look(self) -> None:
        site = self.incarnation.views.get(INSTALLATION_VIEW, Installation())
        if site is not self._site:
            self._follow(site)
        step = self._follower.look(self._facts(site))
        for rule, holds in step.changed.items():
            self._keep(rule, replace(self._kept.get(rule, Kept()), holds=holds))
            self._mark(rule, holds=holds)
        for spec in step.begun:
            self._act(spec)
        for spec, is_on in step.levels:
            self._level(spec, is_on)
        self._end_pulses(site)
        if step.changed:
            self._publish()

    def _follow(self, site: Installation) -> None:
        self._site = site
        self._tariffs = tariffs_by_fluid(site.tariffs, site.rules, zone_of(site))
        fluids = {tariff.id: tariff.fluid for tariff in site.tariffs}
        self._follower.follow(site.of(AUTOMATION), fluids)
        rules = {spec.id for spec in site.of(AUTOMATION)}
        for rule in self._kept.keys() - rules:
            self._keep(rule, None)
        self._states = {rule: state for rule, state in self._states.items() if rule in rules}
        self._publish()

    def _facts(self, site: Installation) -> Facts:
        now = local(self.clock.now_ts(), zone_of(site))
        views = self.incarnation.views
        alarms = views.get(ALARMS_VIEW, AlarmsView()).active
        held = {fluid: rules.tariff_of(self.clock.now_ts()) for fluid, rules in self._tariffs.items()}
        return Facts(
            lambda device: views.get(DEVICE_VIEWS.of(device)),
            {fluid: tariff[0] if tariff else 0 for fluid, tariff in held.items()},
            causes_of((alarm.cause.kind, alarm.cause.subject) for alarm in alarms),
            now.hour * 60 + now.minute,
            now.weekday(),
        )

    # ---- acting

    def _act(self, spec: AutomationSpec) -> None:
        if spec.action == MESSAGE:
            note = SendNote(spec.outlet, split_addresses(spec.recipients), spec.name, f"rule.{spec.id}", spec.text)
            if self.post("alarms", note):
                self._report(spec, "message")
            return
        output = self._output(spec)
        if output is None:
            return
        is_on = not self._is_on(spec, output) if spec.action == TOGGLE else spec.action != OFF
        if spec.action == PULSE:
            until_ms = self.clock.now_ms() + spec.pulse_s * 1000
            self._keep(spec.id, replace(self._kept.get(spec.id, Kept()), pulse_until_ms=until_ms))
        self._command(spec, output.on if is_on else output.off)

    def _level(self, spec: AutomationSpec, is_on: bool) -> None:
        output = self._output_of(spec.target, spec.command)
        if output is None or spec.id in self._underway:
            return
        if self._is_on(spec, output) != is_on and self.clock.monotonic() >= self._not_before.get(spec.id, 0.0):
            self._command(spec, output.on if is_on else output.off)

    def _end_pulses(self, site: Installation) -> None:
        for rule, kept in list(self._kept.items()):
            if kept.pulse_until_ms and self.clock.now_ms() >= kept.pulse_until_ms and rule not in self._underway:
                self._keep(rule, replace(kept, pulse_until_ms=0))
                spec = site.find(AUTOMATION, rule)
                output = self._output(spec) if spec is not None else None
                if output is not None:
                    self._command(spec, output.off)

    def _output(self, spec: AutomationSpec) -> Output | None:
        output = self._output_of(spec.target, spec.command)
        if output is None:
            self._fail(spec, WattkeeperError("command_unknown", f"device {spec.target} has no output {spec.command}"))
        return output

    def _is_on(self, spec: AutomationSpec, output: Output) -> bool | None:
        """None = nobody knows."""
        n = value_in(self.incarnation.views.get(DEVICE_VIEWS.of(spec.target)), output.shows)
        return None if n is None else QUANTITIES[output.shows].states[n] == output.on

    def _command(self, spec: AutomationSpec, value: str) -> None:
        device = self._site.device(spec.target) if self._site else None
        request = CommandRequest(spec.target, spec.command, value, f"rule {spec.name}")
        reply: Any = Forwarded(
            lambda outcome: self.post_self(_Answered(spec.id, outcome)),
            lambda error: self.post_self(_Answered(spec.id, error)),
        )
        self._underway.add(spec.id)
        self._not_before[spec.id] = self.clock.monotonic() + AGAIN_S
        message = Command(request, self.clock.monotonic() + ANSWER_S, reply)
        if device is None or not self.post(f"gateway.{device.gateway}", message):
            self._take(_Answered(spec.id, WattkeeperError("gateway_off", "there is no such gateway at the moment")))
            return
        self._report(spec, f"{spec.command} {value}")

    def _take(self, answered: _Answered) -> None:
        self._underway.discard(answered.rule)
        spec = self._site.find(AUTOMATION, answered.rule) if self._site else None
        outcome = answered.outcome
        if spec is None:
            return
        if isinstance(outcome, Outcome) and outcome.state == DONE:
            self._mark(spec.id, code="", detail="")
            self._publish()
            return
        error = outcome if isinstance(outcome, WattkeeperError) else None
        code = error.code if error else getattr(outcome, "code", "") or f"command_{getattr(outcome, 'state', 'late')}"
        self._fail(spec, WattkeeperError(code, error.message if error else getattr(outcome, "detail", "")))

    # ---- keeping and showing

    def _report(self, spec: AutomationSpec, what: str) -> None:
        """Who did it stands in the event of the device as well, as the author of its command."""
        self._mark(spec.id, acted_ms=self.clock.now_ms())
        subject = f"device.{spec.target}" if spec.target and spec.action != MESSAGE else "server"
        self.post("recorder", EventReported(self.clock.now_ms(), subject, "rule_acted", f"{spec.name}: {what}"))
        self._publish()

    def _fail(self, spec: AutomationSpec, error: WattkeeperError) -> None:
        before = self._states.get(spec.id, RuleState())
        self._mark(spec.id, code=error.code, detail=error.message)
        if before.code != error.code:
            detail = f"{spec.name}: {error.code}: {error.message}"[:300]
            event = EventReported(self.clock.now_ms(), f"device.{spec.target}", "rule_failed", detail)
            self.post("recorder", event)
        self._publish()

    def _mark(self, rule: int, **changes: Any) -> None:
        self._states[rule] = replace(self._states.get(rule, RuleState()), **changes)

    def _keep(self, rule: int, kept: Kept | None) -> None:
        if kept is None:
            self._kept.pop(rule, None)
        else:
            self._kept[rule] = kept
        record = None if kept is None else {"holds": kept.holds, "pulse_until_ms": kept.pulse_until_ms}
        self.post("recorder", KeepRecords(((KIND, rule, record),)))

    def _publish(self) -> None:
        self.publish(AUTOMATIONS_VIEW, AutomationsView(dict(self._states)))
