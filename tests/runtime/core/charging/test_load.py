"""The sums of lines are always those of the stations, whatever was commanded meanwhile."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from runtime.core.charging.controlstep import ControlStep
from runtime.core.charging.load import NONE, LineLoads, Load, is_deaf, load_of, worst_ma
from runtime.core.charging.spec import CircuitSpec
from runtime.core.charging.state import Charge, Inputs, MeterReading, ShareState, StationReport
from runtime.core.charging.timing import FRESH_MS, RESERVE_MS, SETTLE_MS

A, NOW_MS = 1000, 1_000_000
STATION = StationReport(
    1, 1, (1, 2, 3), 32 * A, plugged=True, currents_ma=(10 * A, 10 * A, 0), confirmed_ma=16 * A, fallback_ma=6 * A,
    watchdog_s=30, heard_ms=NOW_MS,
)  # fmt: skip


def load(report: StationReport, charge: Charge | None, deaf: bool = False, after_ms: int = 0) -> Load:
    return load_of(report, charge, 0, NOW_MS + after_ms, deaf=deaf)


def test_a_vehicle_that_may_draw_more_is_counted_at_its_limit_for_a_minute():
    charge = Charge(1, limit_ma=16 * A, raised_ms=NOW_MS)
    assert load(STATION, charge) == Load(rise_ma=6 * A)
    assert load(STATION, charge, after_ms=RESERVE_MS) == NONE


def test_a_station_that_has_not_obeyed_yet_is_counted_at_the_limit_that_it_shows():
    charge = Charge(1, limit_ma=8 * A, lowered_ms=NOW_MS, before_ma=(12 * A,))
    assert load(STATION, charge) == Load(6 * A, 2 * A, 4 * A, 1)


def test_nothing_is_expected_of_a_reduction_that_a_station_does_not_show():
    charge = Charge(1, limit_ma=8 * A, lowered_ms=NOW_MS - FRESH_MS, before_ma=(12 * A,))
    assert is_deaf(STATION, charge, NOW_MS) and not is_deaf(STATION, charge, NOW_MS - 1)
    assert load(STATION, charge, deaf=True) == Load(6 * A, unsettled=1)


def test_a_reduction_is_settled_once_the_meter_must_show_it():
    charge = Charge(1, limit_ma=16 * A, lowered_ms=NOW_MS, before_ma=(20 * A,))
    assert load(STATION, charge, after_ms=SETTLE_MS - 1).unsettled
    assert load(STATION, charge, after_ms=SETTLE_MS) == NONE


def test_a_silent_station_counts_at_its_limit_then_at_its_safe_current_and_without_a_watchdog_at_all_it_can():
    silent, charge = replace(STATION, heard=False), Charge(1, limit_ma=16 * A)
    assert load(silent, charge).rise_ma == 16 * A
    assert load(silent, charge, after_ms=35_001).rise_ma == 6 * A
    assert worst_ma(replace(silent, watchdog_s=0), charge, NOW_MS) == 32 * A


def test_a_part_that_is_put_again_replaces_the_one_before():
    loads = LineLoads([(1, 1), (1, 2)])
    loads.put(1, [((1, 1), Load(5, 4, 3, 1)), ((1, 2), Load(2))])
    loads.put(2, [((1, 1), Load(7))])
    loads.put(1, [((1, 2), Load(1))])
    assert (loads.rise_ma((1, 1)), loads.drop_ma((1, 1)), loads.relief_ma((1, 1))) == (7, 0, 0)
    assert loads.is_settled((1, 1)) and loads.rise_ma((1, 2)) == 1


orders = st.lists(st.tuples(st.integers(1, 4), st.sampled_from((0, 6 * A, 10 * A, 32 * A))), max_size=12)


@given(orders, st.sets(st.integers(1, 4)))
def test_the_sums_after_any_commands_are_those_of_a_step_that_begins_with_them(orders, gone):
    circuits = (CircuitSpec(1, "Building", 1, 63 * A, 60 * A, on=True),
                CircuitSpec(2, "Car park", 2, 63 * A, 60 * A, on=True, parent=1))  # fmt: skip
    stations = tuple(
        replace(STATION, id=id, circuit=1 + id % 2, phases=((1, 2, 3), (2, 3, 1))[id // 3], heard=id != 4)
        for id in (1, 2, 3, 4)
    )
    readings = {id: MeterReading(NOW_MS, (30 * A,) * 3) for id in (1, 2)}
    inputs = Inputs(NOW_MS, circuits, stations, readings)
    charges = tuple(Charge(id, limit_ma=16 * A, uses=(True, True, False) if id == 2 else ()) for id in (1, 2, 3, 4))
    step = ControlStep(inputs, ShareState(charges=charges))
    for station, limit_ma in orders:
        step.command(station, limit_ma, "fill_lower")
    for station in gone:
        step.end(station, "charge_over")
    anew = ControlStep(inputs, ShareState(charges=tuple(step.charges.values())))
    for line in step.lines.values():
        assert step.expected_ma(line) == anew.expected_ma(line)
        assert step.lowered_ma(line) == anew.lowered_ma(line)
        assert step.least_ma(line) == anew.least_ma(line)
        assert step.is_quiet(line) == anew.is_quiet(line)
