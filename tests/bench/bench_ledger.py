"""What the ledger takes for a reading: as it should be, in the bundles of a slot, and in noise."""

from __future__ import annotations

import random
import time
from zoneinfo import ZoneInfo

import pytest

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.counterlimits import Limits
from runtime.core.energy.ledger import fold
from tests.bench.table import Row, tell

READINGS, GOAL_US = 100_000, 3.0
GRID, LIMITS = Grid(600, ZoneInfo("Europe/Paris")), Limits()


def microseconds(readings: list[tuple[int, int]], bundle: int) -> float:
    """Of processor time for each reading."""
    began, state = time.process_time(), None
    for at in range(0, len(readings), bundle):
        state = fold(state, readings[at : at + bundle], GRID, LIMITS).state
    return (time.process_time() - began) / len(readings) * 1e6


@pytest.mark.bench
def test_a_reading_folds_quickly_whatever_it_is():
    steady = [(1_700_000_400_000 + 10_000 * i, 5_000_000_000 + 10_000 * i) for i in range(READINGS)]
    rng = random.Random(1)
    noisy = [(ms, n if rng.random() > 0.33 else rng.randrange(1 << 32) * 1000) for ms, n in steady]
    for what, readings, bundle in (("steady", steady, 60), ("four a slot", steady, 4), ("a third is noise", noisy, 60)):
        taken_us = microseconds(readings, bundle)
        tell(
            Row(f"the ledger's fold, {what}", f"≤ {GOAL_US:g} µs a reading", f"{taken_us:.2f} µs", taken_us <= GOAL_US)
        )
