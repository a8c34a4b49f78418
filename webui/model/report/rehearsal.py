"""When a rule would have acted in the last week: its condition played over what was recorded."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from runtime.core.automation.condition import Condition, Facts, causes_of
from runtime.core.automation.spec import ALARM, DEVICE, AutomationSpec
from runtime.core.clock.timegrid import local
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.tariff.rules import tariffs_by_fluid
from runtime.core.view import DeviceView
from webui.model.bridge import Bridge

WEEK_S, STEP_S = 7 * 86_400, 60


@dataclass(frozen=True, slots=True)
class Spell:
    """The condition was true in [start_ts, end_ts); the rule acts at its beginning."""

    start_ts: int
    end_ts: int


def rehearse(bridge: Bridge, spec: AutomationSpec) -> list[Spell]:
    """Of the last seven days, minute by minute; a measure is the mean of its recorded interval."""
    site, now_ts = bridge.installation(), bridge.clock.now_ts() // STEP_S * STEP_S
    condition = Condition(spec, {tariff.id: tariff.fluid for tariff in site.tariffs})
    facts_at = _facts(bridge, spec, now_ts)
    spells: list[Spell] = []
    since = 0
    for ts in range(now_ts - WEEK_S, now_ts, STEP_S):
        if condition.holds(facts_at(ts)):
            since = since or ts
        elif since:
            spells.append(Spell(since, ts))
            since = 0
    return [*spells, Spell(since, now_ts)] if since else spells


def _facts(bridge: Bridge, spec: AutomationSpec, now_ts: int) -> Callable[[int], Facts]:
    site, zone = bridge.installation(), bridge.zone
    tariffs = tariffs_by_fluid(site.tariffs, site.rules, zone)
    view_at = _recorded(bridge, spec, now_ts) if spec.source == DEVICE else lambda ts: None
    active = list(_active(bridge, spec, now_ts)) if spec.source == ALARM else []

    def at(ts: int) -> Facts:
        now, view = local(ts, zone), view_at(ts)
        held = {fluid: rules.tariff_of(ts) for fluid, rules in tariffs.items()}
        return Facts(
            lambda device: view,
            {fluid: tariff[0] if tariff else 0 for fluid, tariff in held.items()},
            causes_of(cause for start_ms, end_ms, cause in active if start_ms <= ts * 1000 < end_ms),
            now.hour * 60 + now.minute,
            now.weekday(),
        )

    return at


def _recorded(bridge: Bridge, spec: AutomationSpec, now_ts: int) -> Callable[[int], DeviceView | None]:
    """The device as it was, by its samples."""
    samples = bridge.history.samples(spec.device, spec.quantity, now_ts - WEEK_S, now_ts)
    statistic = {"gauge": "mean", "counter": "index"}.get(QUANTITIES[spec.quantity].kind, "last")
    starts = [sample.start_ts for sample in samples]

    def at(ts: int) -> DeviceView | None:
        index = bisect_right(starts, ts) - 1
        if index < 0 or ts >= samples[index].end_ts:
            return None
        n = samples[index].values_n.get(statistic)
        return DeviceView(spec.device, "", 0, "on", (spec.quantity,), (n,), (1,), (samples[index].quality,))

    return at


def _active(bridge: Bridge, spec: AutomationSpec, now_ts: int) -> Iterator[tuple[int, int, tuple[str, str]]]:
    """(from, to, cause) of alarms of its kind."""
    from_ms = (now_ts - WEEK_S) * 1000
    for alarm in bridge.history.alarms():
        if alarm.cause.kind == spec.alarm and (alarm.is_active or alarm.cleared_ms > from_ms):
            until_ms = alarm.cleared_ms or (now_ts + WEEK_S) * 1000
            yield alarm.raised_ms, until_ms, (alarm.cause.kind, alarm.cause.subject)
