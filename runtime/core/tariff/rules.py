"""Cost rules: which tariff holds at a minute of the site's wall clock, and how a slot divides among tariffs.

The rules of a fluid are asked from the top. The first true one wins and holds to the end of its period, which is its
time frame of that day; then all are asked again. Each day begins afresh at midnight, so that an exception of whole days
at the top of the list is found whatever held before. (source: the manual's section 7.16.3.1)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid
from runtime.core.tariff.tariffs import TariffSpec

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MIN = 1440
_EPOCH = date(1970, 1, 1).toordinal()
_MOST_KEPT = 4096  # divided slots, planned days


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One cost rule.

    first, last  ISO dates, both included, "" = open
    repeat       every year: their years do not count; a period may run over the end of the year
    start, end   HH:MM of the wall clock, the end's minute included; an end before the start is on the next day
    days         weekdays on which the frame begins, () = every day
    default      the DEFAULT rule of the fluid: always true, but for its last day
    """

    id: int
    tariff: int
    first: str = ""
    last: str = ""
    repeat: bool = False
    start: str = "00:00"
    end: str = "23:59"
    days: tuple[str, ...] = ()
    default: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """Seconds of a stretch under one price version; tariff and version 0 = no rule is true."""

    tariff: int
    version: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Segment:
    """Minutes [.., until) of a day's wall clock. ``rule`` 0 = none is true."""

    until: int
    rule: int
    tariff: int
    version: int


class Tariffs:
    """The rules of one fluid at a site, compiled; days and slots that were asked for are remembered."""

    def __init__(self, rules: Sequence[RuleSpec], tariffs: Mapping[int, TariffSpec], zone: ZoneInfo) -> None:
        self._rules = [_Rule(rule) for rule in rules]
        self._tariffs = tariffs
        self._zone = zone
        self._days: dict[int, tuple[Segment, ...]] = {}
        self._splits: dict[tuple[int, int], tuple[Share, ...]] = {}

    def tariff_of(self, ts: int) -> tuple[int, int] | None:
        """(tariff, price version) at a moment; None where no rule is true."""
        found = self._at(ts)
        return (found.tariff, found.version) if found.rule else None

    def rule_of(self, ts: int) -> int:
        """Id of the rule in force, 0 = none."""
        return self._at(ts).rule

    def split(self, start_ts: int, end_ts: int) -> tuple[Share, ...]:
        """The parts of [start_ts, end_ts) in order of time, neighbours of one version joined."""
        found = self._splits.get((start_ts, end_ts))
        if found is None:
            if len(self._splits) >= _MOST_KEPT:
                self._splits.clear()
            found = self._splits[start_ts, end_ts] = tuple(self._split(start_ts, end_ts))
        return found

    def day(self, day: int) -> tuple[Segment, ...]:
        """The plan of a local day (``date.toordinal()``), by minutes of the wall clock."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= _MOST_KEPT:
                self._days.clear()
            found = self._days[day] = tuple(self._plan(date.fromordinal(day)))
        return found

    def _at(self, ts: int) -> Segment:
        days, second = divmod(ts + timegrid.offset_s(ts, self._zone), timegrid.DAY_S)
        return next(segment for segment in self.day(days + _EPOCH) if second < segment.until * 60)

    def _split(self, start_ts: int, end_ts: int) -> list[Share]:
        shares: list[Share] = []
        ts = start_ts
        while ts < end_ts:
            edge = min(end_ts, timegrid.next_hour(ts, self._zone))  # the offset is one and the same until there
            second = (ts + timegrid.offset_s(ts, self._zone)) % timegrid.DAY_S
            found = self._at(ts)
            until = min(edge, ts + found.until * 60 - second)
            seconds = until - ts
            if shares and (shares[-1].tariff, shares[-1].version) == (found.tariff, found.version):
                seconds += shares.pop().seconds
            shares.append(Share(found.tariff, found.version, seconds))
            ts = until
        return shares

    def _plan(self, today: date) -> Iterable[Segment]:
        frames = [list(rule.frames(today)) for rule in self._rules]
        minute = 0
        while minute < DAY_MIN:
            held = next(((i, end) for i, of in enumerate(frames) for begin, end in of if begin <= minute < end), None)
            if held is None:
                minute = min((begin for of in frames for begin, _ in of if begin > minute), default=DAY_MIN)
                yield Segment(minute, 0, 0, 0)
            else:
                rule, minute = self._rules[held[0]].spec, held[1]
                yield Segment(minute, rule.id, rule.tariff, self._tariffs[rule.tariff].version_on(today))


def divide(energy_n: int, shares: Sequence[Share]) -> list[tuple[int, int]]:
    """(version, energy) of each share by its time; the rest is carried, so that the parts add up to the whole."""
    whole_s = sum(share.seconds for share in shares)
    parts, passed_s, given_n = [], 0, 0
    for share in shares:
        passed_s += share.seconds
        until_n = energy_n * passed_s // whole_s
        parts.append((share.version, until_n - given_n))
        given_n = until_n
    return parts


def tariffs_by_fluid(tariffs: Iterable[TariffSpec], rules: Iterable[RuleSpec], zone: ZoneInfo) -> dict[str, Tariffs]:
    """The compiled rules of each fluid that has any."""
    known = {tariff.id: tariff for tariff in tariffs}
    listed: dict[str, list[RuleSpec]] = {}
    for rule in rules:
        if rule.tariff in known:
            listed.setdefault(known[rule.tariff].fluid, []).append(rule)
    return {fluid: Tariffs(of, known, zone) for fluid, of in listed.items()}


def parse_minute(text: str) -> int:
    """HH:MM -> minute of the day. Raises ValueError."""
    hour, colon, minute = text.partition(":")
    if not colon or len(minute) != 2 or not (hour + minute).isdecimal() or not (hour + minute).isascii():
        raise ValueError(f"{text!r} is not a time such as 18:59")
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError(f"{text!r} is not a time of the day")
    return int(hour) * 60 + int(minute)


class _Rule:
    """A rule with its texts read."""

    def __init__(self, spec: RuleSpec) -> None:
        self.spec = spec
        self._start, self._end = parse_minute(spec.start), parse_minute(spec.end) + 1
        self._days = frozenset(DAYS.index(day) for day in spec.days) or frozenset(range(7))
        self._first, self._last = _date(spec.first, date.min), _date(spec.last, date.max)
        self._whole_years = not spec.repeat or (self._last - self._first).days >= 365

    def frames(self, today: date) -> Iterable[tuple[int, int]]:
        """Minutes [begin, end) of a day in which the rule is true."""
        over_midnight = self._end <= self._start
        if over_midnight and today > date.min and self._begins(today - timedelta(days=1)):
            yield 0, self._end
        if self._begins(today):
            yield self._start, DAY_MIN if over_midnight else self._end

    def _begins(self, today: date) -> bool:
        if today.weekday() not in self._days:
            return False
        if self._whole_years:
            return self.spec.repeat or self._first <= today <= self._last
        first, last, at = ((d.month, d.day) for d in (self._first, self._last, today))
        return first <= at <= last if first <= last else at >= first or at <= last


def _date(text: str, open_end: date) -> date:
    return date.fromisoformat(text) if text else open_end
