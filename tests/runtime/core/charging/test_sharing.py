"""Control steps as a whole: replay, silent stations, orders of people, limits of limits, turns."""

from dataclasses import replace

import pytest

from runtime.core.charging.decision import (
    CHARGE_OVER,
    RAISE_REDUCED,
    REDUCE_RED,
    START_GREEN,
    STOP_ORDERED,
    STOP_TURN,
    WAIT_ORDERED,
    WAIT_PAUSE,
    WAIT_POWER,
    WAIT_SILENT,
)
from runtime.core.charging.sharing import decide
from runtime.core.charging.spec import CircuitSpec
from runtime.core.charging.state import Inputs, OutsideLimit, ShareState
from tests.runtime.core.charging.stage import A, Stage


def charging(count=2, *, phases=(1,), ah=0, **settings):
    stage = Stage(**{"available_a": 63, "charging_a": 60, "pause_s": 0, **settings})
    for id in range(1, count + 1):
        stage.station(id, phases=phases)
        stage.plug(id, ah=ah)
        stage.run(0)
    return stage


def test_the_same_inputs_and_state_give_the_same_decisions():
    stage = charging(4)
    before, inputs = stage.state, Inputs(stage.now_ms + 1, stage.circuits, tuple(stage.stations.values()))
    assert decide(inputs, before) == decide(inputs, before)


def test_the_order_in_which_stations_are_listed_does_not_matter():
    stage = charging(4)
    listed = tuple(stage.stations.values())
    inputs = Inputs(stage.now_ms + 1, stage.circuits, listed, stage._readings())
    assert decide(inputs, stage.state) == decide(replace(inputs, stations=listed[::-1]), stage.state)


def test_a_server_that_begins_anew_starts_nobody_more_often_than_before():
    stage = charging(1)
    stage.state, report = ShareState(), stage.stations[1]
    recent = tuple(stage.now_ms - n * 60_000 for n in (30, 20, 10))
    stage.change(1, starts_ms=recent, confirmed_ma=0, currents_ma=(0,))
    inputs = Inputs(stage.now_ms, stage.circuits, tuple(stage.stations.values()), stage._readings())
    (charge,) = decide(inputs, ShareState())[0].charges
    assert (charge.limit_ma, charge.reason.code, charge.is_new) == (0, WAIT_PAUSE, False)
    fresh = replace(inputs, stations=(replace(stage.stations[1], starts_ms=recent[1:]),))
    (charge,) = decide(fresh, ShareState())[0].charges
    assert charge.limit_ma == report.rated_ma


def test_a_decision_has_its_rule_its_line_and_who_could_have_been_chosen():
    stage = charging(2, available_a=100)
    stage.run(40)
    decision = stage.decisions[0]
    assert (decision.rule, decision.station, decision.among) == (REDUCE_RED, 1, (1, 2))
    assert (decision.circuit, decision.phase, decision.level_ma) == (1, 1, stage.level() * A)


def test_a_circuit_that_is_off_is_left_alone():
    stage = charging(1)
    stage.circuits = (replace(stage.circuits[0], on=False),)
    assert stage.run(100) == [] and stage.state.charges == ()


def test_a_charge_ends_with_the_vehicle():
    stage = charging(1)
    stage.change(1, plugged=False)
    assert stage.run() == [(CHARGE_OVER, 1, 32, 0)]


def test_a_station_that_is_ordered_to_wait_waits_until_it_is_ordered_to_start():
    stage = charging(1, pause_s=600)
    stage.change(1, allowed=False)
    assert stage.run() == [(STOP_ORDERED, 1, 32, 0)]
    stage.run()
    assert stage.waits(1) == WAIT_ORDERED
    stage.change(1, allowed=True)
    assert [rule for rule, *_ in stage.run()] != []
    assert stage.limit(1) == 32


def test_a_silent_station_keeps_its_charge_and_is_commanded_nothing():
    stage = charging(1)
    stage.change(1, heard=False)
    assert stage.run(300) == []
    assert stage.limit(1) == 32


def test_a_silent_station_that_waits_is_not_started():
    stage = charging(0)
    stage.station(1)
    stage.plug(1)
    stage.run(300)
    stage.change(1, heard=False)
    stage.run(0)
    assert stage.waits(1) == WAIT_SILENT


@pytest.mark.parametrize("watchdog_s, waits", [(30, False), (0, True)])
def test_a_silent_station_counts_at_its_safe_current_or_at_all_it_can(watchdog_s, waits):
    stage = charging(0, hard_limit=True, available_a=40, charging_a=40)
    stage.station(1)
    stage.station(2)
    stage.change(1, heard=False, watchdog_s=watchdog_s)
    stage.plug(2)
    stage.run(0)
    assert (stage.limit(2) == 0) is waits
    assert stage.waits(2) == (WAIT_POWER if waits else "")


def test_a_station_that_did_not_obey_yet_counts_at_what_it_confirmed():
    stage = charging(0, hard_limit=True, available_a=40, charging_a=40)
    stage.station(1)
    stage.plug(1)
    stage.station(2)
    stage._seen = lambda report: replace(report, confirmed_ma=None, currents_ma=(0,))
    stage.run(0)
    stage.plug(2)
    stage.run()
    assert stage.waits(2) == WAIT_POWER


def test_a_limit_from_outside_holds_until_it_expires():
    stage = charging(2)
    stage.limits[1] = OutsideLimit(40 * A, stage.now_ms + 60_000)
    stage.settle(10)
    assert [stage.limit(id) for id in (1, 2)] == [16, 24]
    stage.settle(40)
    assert [stage.limit(id) for id in (1, 2)] == [24, 32]


# ---- limits of limits

FEEDER = CircuitSpec(2, "Feeder", meter=2, available_ma=200 * A, charging_ma=200 * A, on=True, parent=1)


def fed(**settings):
    stage = Stage(FEEDER, **{"available_a": 63, "charging_a": 60, "pause_s": 0, **settings})
    for id in (1, 2):
        stage.station(id, circuit=2)
        stage.plug(id)
        stage.run(0)
    return stage


def test_a_circuit_is_held_to_the_limit_of_what_feeds_it():
    stage = fed()
    assert [stage.limit(id) for id in (1, 2)] == [32, 24]
    assert stage.run(10) == [(REDUCE_RED, 1, 32, 24)]


def test_the_silence_of_the_meter_that_feeds_it_counts_too():
    stage = fed()
    stage.lost_ms[1] = stage.now_ms
    stage.run(after_s=9)
    assert [stage.limit(id) for id in (1, 2)] == [6, 6]


# ---- turns


@pytest.mark.parametrize("allocation, least", [("steps", 6), ("fill", 10)])
def test_who_had_the_guarantee_yields_to_who_waits_long_enough(allocation, least):
    stage = charging(1, ah=32, available_a=10, charging_a=10, turn_s=3600, hard_limit=True, allocation=allocation)
    stage.station(2, rated=10)
    stage.change(1, rated_ma=10 * A)
    stage.settle(20)
    stage.plug(2)
    stage.run()
    stage.settle(10)
    assert [stage.limit(id) for id in (1, 2)] == [least, 0]
    assert stage.run(after_s=3600) == [(STOP_TURN, 1, least, 0)]
    stage.settle(40)
    assert [stage.limit(id) for id in (1, 2)] == [0, least]


def test_nobody_yields_before_the_guarantee():
    stage = charging(1, ah=31, available_a=10, charging_a=10, turn_s=3600, hard_limit=True)
    stage.change(1, rated_ma=10 * A)
    stage.settle(20)
    stage.station(2)
    stage.plug(2)
    stage.run()
    stage.run(after_s=3600)
    assert stage.limit(1) and not stage.limit(2)


def test_a_new_charge_begins_in_the_step_in_which_it_is_seen():
    stage = charging(0)
    stage.station(1)
    stage.plug(1)
    assert stage.run(0) == [(START_GREEN, 1, 0, 32)]


def test_a_server_that_begins_anew_lets_charges_go_on():
    stage = charging(2)
    stage.state = ShareState()
    stage._seen = lambda report: replace(report, confirmed_ma=24 * A, currents_ma=(20 * A,))
    assert stage.run() == [(RAISE_REDUCED, 1, 24, 32), (RAISE_REDUCED, 2, 24, 32)]
