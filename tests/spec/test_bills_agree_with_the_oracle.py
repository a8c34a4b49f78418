"""Bills by hour, day, month and year are those of the oracle: any rules, prices, zones, edits and recomputations."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.strategies import tariff_tables, zone_days
from tests.oracle.tariffs import Tariffs
from tests.soak import FULL
from tests.spec.billing import Billed

INTERVALS_S = (300, 600, 900, 1800, 3600)


@st.composite
def stories(draw: st.DrawFn) -> tuple[str, str, int, list[Tariffs], int]:
    """Zone, first day, sample rate, tariffs one after another, seed of the energies."""
    zone, day = draw(zone_days)
    first = date.fromisoformat(day) - timedelta(days=20)
    tables = draw(st.lists(tariff_tables(first, 40), min_size=1, max_size=3))
    return zone, day, draw(st.sampled_from(INTERVALS_S)), tables, draw(st.integers(0, 1 << 30))


@pytest.mark.soak
@given(stories())
@settings(max_examples=500 if FULL else 20)
def test_bills_as_booked_and_as_recomputed(story: tuple[str, str, int, list[Tariffs], int]) -> None:
    zone, day, interval_s, tables, seed = story
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        billed = Billed(Path(folder) / "store", zone, day, 2, interval_s, tables[0])
        slots = list(billed.calendar.intervals(interval_s))
        each = len(slots) // len(tables) + 1
        for number, tariffs in enumerate(tables):
            if number:
                billed.edit(tariffs)
            part = slots[number * each : (number + 1) * each]
            billed.count(part, [random.randrange(10_000, 1_500_000) for _ in part])
        assert billed.differences("billed") == billed.differences("recomputed") == []
        billed.recompute(random.choice(billed.calendar.bins("day")))
        assert billed.differences("billed") == billed.differences("recomputed") == []
        billed.store.close()


@pytest.mark.soak
@given(stories())
@settings(max_examples=300 if FULL else 20)
def test_corrections_lie_in_their_stretch_and_take_no_more_than_it_holds(
    story: tuple[str, str, int, list[Tariffs], int],
) -> None:
    zone, day, interval_s, tables, seed = story
    random = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        billed = Billed(Path(folder) / "store", zone, day, 2, interval_s, tables[0])
        slots = list(billed.calendar.intervals(interval_s))
        billed.count(slots, [random.randrange(10_000, 1_500_000) for _ in slots])
        for tariffs in (*tables[1:], None):
            for _ in range(3):
                correct_somewhere(billed, slots, random)
            if billed.corrected and random.random() < 0.3:
                billed.take_back(random.choice(billed.corrected))
            assert billed.differences("billed") == billed.differences("recomputed") == []
            if tariffs is not None:
                billed.edit(tariffs)
        for each in billed.calendar.bins("day"):
            billed.recompute(each)
        assert billed.differences("billed") == billed.differences("recomputed") == []
        billed.store.close()


def correct_somewhere(billed: Billed, slots: list[tuple[int, int]], random: Random) -> None:
    start_ts = random.choice(slots)[0]
    end_ts = min(slots[-1][1], start_ts + random.choice([600, 3600, 5_400, 40_000]))
    energy_n = random.choice([6_000_000, 77_777, -5_000, -1_000_000, -30_000_000])
    left_m = billed.account.least_m(start_ts, end_ts, energy_n)
    if abs(left_m) > 2 or energy_n > 0:  # between, whole numbers may decide
        assert billed.correct(start_ts, end_ts, energy_n) == (left_m > 0 or energy_n > 0)
