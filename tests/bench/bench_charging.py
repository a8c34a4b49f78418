"""One control step of charge sharing for 100 stations: how long the rules take, of this thread's own time."""

from __future__ import annotations

import statistics
import time
from itertools import cycle

import pytest

from runtime.core.charging.contact import calm_stations
from runtime.core.charging.sharing import decide
from runtime.core.charging.spec import FILL, STEPS, CircuitSpec
from runtime.core.charging.state import Inputs, MeterReading, ShareState, StationReport
from tests.bench.table import Row, tell

STATIONS, RUN, GOAL_MS = 100, 120, 5.0
WIRINGS = ((1, 2, 3), (2, 3, 1), (3, 1, 2), (1,), (2,), (3,))
OTHERS_MA = 700_000  # come and go each 20 s, and take most of what there is
AVAILABLE_MA = 1_000_000


def circuits(allocation: str, depth: int) -> tuple[CircuitSpec, ...]:
    """The building, what it feeds, and what that feeds: the stations are in the last one."""
    return tuple(
        CircuitSpec(
            id, "Feeder", id, AVAILABLE_MA, AVAILABLE_MA, on=True, allocation=allocation, hard_limit=True,
            guaranteed_mah=0, parent=id - 1, pause_s=60,
        )
        for id in range(1, depth + 1)
    )  # fmt: skip


def reports(limits: dict[int, int], circuit: int, now_ms: int) -> tuple[StationReport, ...]:
    return tuple(
        StationReport(
            id, circuit, phases, 32_000, plugged=True, connected_ms=id, charged_mah=id % 2 * 40_000,
            priority=id % 5 == 0, currents_ma=(limits.get(id, 0),) * len(phases), heard_ms=now_ms,
            confirmed_ma=limits.get(id, 0), fallback_ma=6_000, watchdog_s=30,
        )
        for id, phases in zip(range(1, STATIONS + 1), cycle(WIRINGS), strict=False)
    )  # fmt: skip


def levels(stations: tuple[StationReport, ...], others_ma: int) -> tuple[int, ...]:
    drawn = dict.fromkeys((1, 2, 3), others_ma)
    for station in stations:
        for phase, current_ma in zip(station.phases, station.currents_ma, strict=True):
            drawn[phase] += current_ma or 0
    return tuple(drawn.values())


def play(allocation: str, depth: int) -> list[float]:
    """ms of each control step: 100 vehicles arrive at once, and other loads come and go."""
    state, took_ms, feeders = ShareState(), [], circuits(allocation, depth)
    for number in range(RUN):
        now_ms = 1_000_000 + number * 2_000
        limits = {charge.station: charge.limit_ma for charge in state.charges}
        stations = reports(limits, depth, now_ms)
        reading = MeterReading(now_ms, levels(stations, number // 10 % 2 * OTHERS_MA))
        inputs = Inputs(now_ms, feeders, stations, {feeder.id: reading for feeder in feeders})
        began = time.thread_time()
        state, _ = decide(inputs, state)
        calm_stations(inputs)
        took_ms.append((time.thread_time() - began) * 1000)
    return took_ms


@pytest.mark.bench
@pytest.mark.parametrize("allocation", [STEPS, FILL])
@pytest.mark.parametrize("depth", [1, 3])
def test_a_control_step_for_a_hundred_stations(allocation, depth):
    runs = [play(allocation, depth) for _ in range(3)]
    steps_ms = [min(each) for each in zip(*runs, strict=True)]
    longest = max(steps_ms)
    fed = "one circuit" if depth == 1 else f"{depth} circuits that feed one another"
    what = f"control step for {STATIONS} stations, allocation {allocation}, {fed}: the longest of {RUN}"
    beside = f"usually {statistics.median(steps_ms):.1f} ms"
    tell(Row(what, f"≤ {GOAL_MS:.0f} ms", f"{longest:.1f} ms", longest <= GOAL_MS, beside))
