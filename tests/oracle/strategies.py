"""Hypothesis tells which life, tariffs and zone it is; the only module here that is not of the standard library."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from tests.oracle import generator
from tests.oracle.life import Life
from tests.oracle.tariffs import WEEKDAYS, Price, Rule, Tariff, Tariffs

NAMES = ("Peak", "Off-peak", "Night", "Holiday", "Rest")
FIRST_DAY = date(2025, 12, 1)

seeds = st.integers(0, (1 << 32) - 1)
zone_days = st.sampled_from(generator.DAYS)
amounts = st.integers(0, 900_000).map(lambda amount_u: Fraction(amount_u, 1_000_000))
minutes = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")


def days(first: date = FIRST_DAY, span: int = 120) -> st.SearchStrategy[str]:
    return st.integers(0, span).map(lambda day: (first + timedelta(days=day)).isoformat())


def lives() -> st.SearchStrategy[Life]:
    """Lives in which anything happens."""
    return seeds.map(lambda seed: generator.life(Random(seed)))


def calm_lives() -> st.SearchStrategy[Life]:
    """Lives of outages, restarts and changing consumption only."""
    return seeds.map(lambda seed: generator.life(Random(seed), calm=True))


def varied_lives() -> st.SearchStrategy[Life]:
    """The named lives, each in any scene."""
    return seeds.map(lambda seed: generator.varied(Random(seed)))


@st.composite
def rules(draw: st.DrawFn, names: tuple[str, ...], first: date, span: int) -> Rule:
    period = sorted(draw(st.lists(days(first, span), min_size=2, max_size=2)))
    begin, end = draw(st.sampled_from([("", ""), ("", ""), ("", period[1]), (period[0], ""), tuple(period)]))
    frame = draw(st.sampled_from([("00:00", "23:59"), (draw(minutes), draw(minutes))]))
    return Rule(
        draw(st.sampled_from(names)),
        begin,
        end,
        bool(begin and end) and draw(st.booleans()),
        *frame,
        tuple(draw(st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=5))),
    )


@st.composite
def tariff_tables(draw: st.DrawFn, first: date = FIRST_DAY, span: int = 120) -> Tariffs:
    """Up to five tariffs with up to five dated prices, and rules in any order."""
    names = NAMES[: draw(st.integers(1, 5))]
    tariffs = []
    for name in names:
        dated = draw(st.lists(days(first, span), unique=True, max_size=4))
        prices = [Price(draw(amounts), since) for since in dated]
        if not dated or draw(st.booleans()):
            prices.append(Price(draw(amounts)))
        tariffs.append(Tariff(name, tuple(prices)))
    listed = draw(st.lists(rules(names, first, span), max_size=7))
    return Tariffs(tuple(tariffs), tuple(listed))
