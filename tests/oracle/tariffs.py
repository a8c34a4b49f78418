"""Which tariff and price hold at a moment of the wall clock, asked minute by minute as the manual's 7.16.3.1 tells it.

Rules are asked from the top. The first true one is kept to the end of its time frame of that day; then, and at
midnight, all are asked again. A frame whose end lies before its start ends on the next day; its weekday and date are
those of the day on which it starts. (docs/tariffs.md)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MIN = 1440
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Price:
    """``amount`` for a kWh or m3, from midnight of an ISO date on; "" = from ever."""

    amount: Fraction
    since: str = ""


@dataclass(frozen=True, slots=True)
class Tariff:
    """One of up to five of a fluid, with up to five prices."""

    name: str
    prices: tuple[Price, ...]

    def price_on(self, day: date) -> Fraction | None:
        """The newest of those that hold, None before the first one."""
        holding = [price for price in self.prices if price.since <= day.isoformat()]
        return max(holding, key=lambda price: price.since).amount if holding else None


@dataclass(frozen=True, slots=True)
class Rule:
    """A cost rule. ``first`` and ``last`` are ISO dates, both included; so is the minute ``end``."""

    tariff: str
    first: str = ""
    last: str = ""
    repeat: bool = False
    start: str = "00:00"
    end: str = "23:59"
    days: tuple[str, ...] = ()

    def until(self, day: date, minute: int) -> int | None:
        """The minute at which the frame that holds now ends, None where the rule is not true."""
        start, end = _minute(self.start), _minute(self.end)
        if end >= start:
            return end + 1 if start <= minute <= end and self.starts_on(day) else None
        if minute <= end and self.starts_on(day - ONE_DAY):
            return end + 1
        return DAY_MIN if minute >= start and self.starts_on(day) else None

    def starts_on(self, day: date) -> bool:
        if self.days and WEEKDAYS[day.weekday()] not in self.days:
            return False
        first, last = self.first or "0001-01-01", self.last or "9999-12-31"
        if not self.repeat:
            return first <= day.isoformat() <= last
        if date.fromisoformat(last) - date.fromisoformat(first) >= timedelta(days=365):
            return True
        at, begin, end = day.isoformat()[5:], first[5:], last[5:]
        return begin <= at <= end if begin <= end else at >= begin or at <= end


@dataclass(frozen=True, slots=True)
class Tariffs:
    """All tariffs and rules of one fluid, as they were until somebody edited them."""

    tariffs: tuple[Tariff, ...] = ()
    rules: tuple[Rule, ...] = ()
    _days: dict[date, tuple[tuple[int, Rule | None], ...]] = field(default_factory=dict, compare=False, repr=False)

    def rule_at(self, wall: datetime) -> Rule | None:
        """The rule in force by the wall clock, None where none is true."""
        day, minute = wall.date(), wall.hour * 60 + wall.minute
        if day not in self._days:
            self._days[day] = tuple(self._plan(day))
        return next(rule for until, rule in self._days[day] if minute < until)

    def at(self, wall: datetime) -> tuple[str, Fraction | None] | None:
        """(tariff, price) by the wall clock."""
        rule = self.rule_at(wall)
        if rule is None:
            return None
        tariff = next(each for each in self.tariffs if each.name == rule.tariff)
        return tariff.name, tariff.price_on(wall.date())

    def _plan(self, day: date) -> Iterator[tuple[int, Rule | None]]:
        """(minute until which it holds, rule) of one day."""
        minute = 0
        while minute < DAY_MIN:
            rule, until = _first_true(self.rules, day, minute)
            minute = until
            yield minute, rule


def _first_true(rules: Iterable[Rule], day: date, minute: int) -> tuple[Rule | None, int]:
    for rule in rules:
        until = rule.until(day, minute)
        if until is not None:
            return rule, until
    return None, minute + 1


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
