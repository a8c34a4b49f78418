"""What is odd about a list of cost rules: rules that never come to their turn, hours of the week without a tariff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import local
from runtime.core.tariff.rules import DAYS, RuleSpec, Tariffs
from runtime.core.tariff.tariffs import TariffSpec

TRIED = 400  # days on which a rule could hold; one that does on none of them hardly ever will
HORIZON = 28 * 366  # after so many days each date has been each weekday
NEVER, OVER = "never_reached", "over"


@dataclass(frozen=True, slots=True)
class Gap:
    """Minutes [start, end) of a weekday ("mon" …) without any tariff."""

    day: str
    start: int
    end: int


def warnings(tariffs: Iterable[TariffSpec], rules: Iterable[RuleSpec], zone: ZoneInfo, today: date) -> dict[int, str]:
    """Rule -> why it does not hold from today on: NEVER, or OVER when its last day has passed."""
    return _warnings(tuple(tariffs), tuple(rules), zone, today.toordinal())


def gaps(tariffs: Iterable[TariffSpec], rules: Iterable[RuleSpec], zone: ZoneInfo, today: date) -> list[Gap]:
    """Of the week that begins today; none where there are no rules at all."""
    listed, found = tuple(rules), []
    if not listed:
        return []
    compiled = Tariffs(listed, {tariff.id: tariff for tariff in tariffs}, zone)
    for day in range(today.toordinal(), today.toordinal() + 7):
        minute = 0
        for segment in compiled.day(day):
            if not segment.rule:
                found.append(Gap(DAYS[date.fromordinal(day).weekday()], minute, segment.until))
            minute = segment.until
    return sorted(found, key=lambda gap: (DAYS.index(gap.day), gap.start))


def fluids_with_gaps(
    tariffs: Iterable[TariffSpec], rules: Iterable[RuleSpec], zone: ZoneInfo, now_ts: int
) -> tuple[str, ...]:
    """Fluids of whose coming week some hours have no tariff although there are rules. Quick when asked again."""
    return _fluids_with_gaps(tuple(tariffs), tuple(rules), zone, local(now_ts, zone).toordinal())


@lru_cache(maxsize=4)
def _fluids_with_gaps(
    tariffs: tuple[TariffSpec, ...], rules: tuple[RuleSpec, ...], zone: ZoneInfo, today: int
) -> tuple[str, ...]:
    fluid_of = {tariff.id: tariff.fluid for tariff in tariffs}
    day = date.fromordinal(today)
    return tuple(
        fluid
        for fluid in sorted(set(fluid_of.values()))
        if gaps(tariffs, [rule for rule in rules if fluid_of.get(rule.tariff) == fluid], zone, day)
    )


@lru_cache(maxsize=8)
def _warnings(
    tariffs: tuple[TariffSpec, ...], rules: tuple[RuleSpec, ...], zone: ZoneInfo, today: int
) -> dict[int, str]:
    known = {tariff.id: tariff for tariff in tariffs}
    compiled = Tariffs(rules, known, zone)
    held: set[int] = set()
    told = {}
    for rule in rules:
        if rule.last and not rule.repeat and rule.last < date.fromordinal(today).isoformat():
            told[rule.id] = OVER
        elif rule.id not in held and not _holds(rule, compiled, known, zone, today, held):
            told[rule.id] = NEVER
    return told


def _holds(
    rule: RuleSpec, compiled: Tariffs, known: dict[int, TariffSpec], zone: ZoneInfo, today: int, held: set[int]
) -> bool:
    """Does it hold at some minute? Whatever is seen to hold meanwhile is noted in ``held``."""
    alone, tried = Tariffs((rule,), known, zone), 0
    first = max(today, date.fromisoformat(rule.first).toordinal() if rule.first and not rule.repeat else today)
    for day in range(first, first + HORIZON):
        if all(not segment.rule for segment in alone.day(day)):
            continue
        held.update(segment.rule for segment in compiled.day(day))
        tried += 1
        if rule.id in held:
            return True
        if tried == TRIED:
            break
    return False
