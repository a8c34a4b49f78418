"""Section 7.16.5.1 of the manual, sentence by sentence: expectations are typed from it, with the hard limit off and on.

The examples have 250 A available and 230 A for charging, stations of 32 A (steps of 24 A and 16 A) on one phase.
"""

import pytest

from runtime.core.charging.decision import (
    RAISE_REDUCED,
    RED_PROTECTED,
    REDUCE_RED,
    REDUCE_WAITING,
    START_AGAIN,
    START_GREEN,
    START_WAITED,
    STOP_HARD,
    STOP_RED,
    WAIT_PAUSE,
    WAIT_POWER,
    WAIT_RED,
    WAIT_YELLOW,
)
from tests.runtime.core.charging.stage import Stage

HARD = pytest.mark.parametrize("hard", [False, True], ids=["soft", "hard"])


def charging(*, hard=False, count=2, ah=0, **settings):
    """Stations 1, 2, … in progress at 32 A, station 1 connected for the longest time."""
    stage = Stage(hard_limit=hard, pause_s=0, **settings)
    for id in range(1, count + 1):
        stage.station(id)
        stage.plug(id, ah=ah)
        assert stage.run(0) == [(START_GREEN, id, 0, 32)]
    return stage


def stops(stage, others):
    """Who is stopped once the other loads draw so much: when it remains red, or at once where no step can suffice."""
    return [(rule, id) for rule, id, _, to in [*stage.run(others), *stage.run(after_s=9)] if to == 0]


# ---- Green area


@HARD
def test_green_area_all_charging_processes_in_progress_continue(hard):
    stage = charging(hard=hard)
    assert stage.run(230 - 64) == []
    assert (stage.limit(1), stage.limit(2)) == (32, 32)


@HARD
def test_green_area_each_new_charge_request_is_authorized(hard):
    stage = charging(hard=hard, count=1)
    for id in (2, 3, 4):
        stage.station(id)
        stage.plug(id)
    assert stage.run(0) == [(START_GREEN, id, 0, 32) for id in (2, 3, 4)]


@HARD
def test_green_area_at_its_threshold_is_still_green(hard):
    stage = charging(hard=hard, count=1)
    stage.station(2)
    stage.plug(2)
    assert stage.run(230 - 32) == [(START_GREEN, 2, 0, 16)]  # 246 A: what it may have without red


# ---- Yellow area


@HARD
def test_yellow_area_all_charging_processes_in_progress_continue(hard):
    stage = charging(hard=hard)
    assert stage.run(250 - 64) == []
    assert (stage.limit(1), stage.limit(2)) == (32, 32)


@HARD
def test_yellow_area_no_new_charge_request_is_authorized_until_the_system_returns_in_the_green_area(hard):
    stage = charging(hard=hard, count=1)
    stage.station(2)
    stage.plug(2)
    stage.run(215)  # too much for the steps to help
    stage.run()
    assert stage.level() == 231
    assert (stage.limit(2), stage.waits(2)) == (0, WAIT_YELLOW)
    assert (START_WAITED, 2, 0, 32) in stage.run(100)


@HARD
def test_yellow_area_with_a_waiting_request_reduces_the_processes_in_progress_by_the_steps(hard):
    stage = charging(hard=hard)
    stage.station(3)
    stage.plug(3)
    assert stage.run(235 - 64) == [(REDUCE_WAITING, 1, 32, 24)]
    assert stage.run() == [(START_WAITED, 3, 0, 16)]  # 227 A was green: this operation allows it to start


@HARD
def test_yellow_area_without_a_waiting_request_reduces_nothing(hard):
    stage = charging(hard=hard)
    stage.run(240 - 64)
    assert stage.run() == []


# ---- Red area


@HARD
def test_red_area_no_new_charge_request_is_authorized(hard):
    stage = charging(hard=hard, count=1)
    stage.station(2)
    stage.plug(2)
    stage.run(280)
    assert (stage.limit(2), stage.waits(2)) == (0, WAIT_RED)


@HARD
def test_red_area_the_current_of_the_processes_in_progress_is_reduced_until_the_yellow_area(hard):
    stage = charging(hard=hard)
    assert stage.run(255 - 64) == [(REDUCE_RED, 1, 32, 24)]
    assert stage.run() == []
    assert stage.level() == 247


@HARD
def test_red_area_all_are_reduced_to_the_first_step_before_any_to_the_second(hard):
    stage = charging(hard=hard)
    assert stage.run(270 - 64) == [(REDUCE_RED, 1, 32, 24), (REDUCE_RED, 2, 32, 24), (REDUCE_RED, 1, 24, 16)]


@HARD
def test_red_area_the_second_step_is_the_last_reduction_before_a_stop(hard):
    stage = charging(hard=hard, ah=32)
    assert [limit for *_, limit in stage.run(281 - 64)] == [24, 24, 16, 16]
    assert stage.run() == []
    assert stage.level() == 249


@HARD
def test_red_area_that_remains_with_all_at_the_second_step_stops_the_one_connected_for_the_longest_time(hard):
    stage = charging(hard=hard, ah=32)
    assert stops(stage, 300 - 64) == [(STOP_RED, 1), (STOP_RED, 2)]


@HARD
def test_red_area_stops_no_more_than_the_yellow_area_needs(hard):
    stage = charging(hard=hard, ah=32)
    assert stops(stage, 230) == [(STOP_RED, 1)]


def test_red_area_is_given_the_time_to_be_left_before_anything_is_stopped():
    stage = charging(ah=32)
    stage.run(230)
    assert [rule for rule, *_ in stage.run(after_s=8)] == []


@HARD
def test_red_area_stops_a_non_priority_station_before_a_priority_one(hard):
    stage = charging(hard=hard, ah=32)
    stage.change(1, priority=True)
    assert stops(stage, 230) == [(STOP_RED, 2)]


@HARD
def test_red_area_reduces_a_non_priority_station_before_a_priority_one(hard):
    stage = charging(hard=hard)
    stage.change(1, priority=True)
    assert stage.run(255 - 64) == [(REDUCE_RED, 2, 32, 24)]


@HARD
def test_red_area_stops_who_has_received_the_minimum_guaranteed_charging_quantity(hard):
    stage = charging(hard=hard)
    stage.change(2, charged_mah=32_000)
    assert stops(stage, 230) == [(STOP_RED, 2)]


@HARD
def test_red_area_goes_on_to_a_priority_station_when_no_other_is_left(hard):
    stage = charging(hard=hard, count=1, ah=32)
    stage.change(1, priority=True)
    assert stops(stage, 245) == [(STOP_RED, 1)]


# ---- Minimum guaranteed charging quantity


def test_a_vehicle_is_not_stopped_until_it_has_received_the_quantity_configured():
    stage = charging(count=2)
    stage.run(300)
    for _ in range(20):
        assert stage.run(after_s=9) == []
    assert (stage.limit(1), stage.limit(2), stage.waits(1)) == (16, 16, RED_PROTECTED)
    stage.change(1, charged_mah=31_999)
    assert stage.run() == []
    stage.change(1, charged_mah=32_000)
    assert stage.run() == [(STOP_RED, 1, 16, 0)]


def test_a_hard_limit_stops_it_all_the_same_last_of_all():
    stage = charging(hard=True, count=3)
    stage.change(3, charged_mah=32_000)
    assert stops(stage, 300) == [(STOP_RED, 3), (STOP_HARD, 1), (STOP_HARD, 2)]


def test_a_hard_limit_stops_at_once_when_no_step_can_suffice():
    stage = charging(hard=True, ah=32)
    assert stage.run(230)[-1] == (STOP_RED, 1, 16, 0)


def test_a_hard_limit_waits_where_the_steps_may_suffice():
    stage = charging(hard=True, ah=32)
    stage.run(218)
    assert (stage.limit(1), stage.limit(2)) == (16, 16)


def test_another_quantity_can_be_configured():
    stage = charging(count=1, ah=5, guaranteed_mah=5_000)
    stage.run(300)
    assert stage.run(after_s=9) == [(STOP_RED, 1, 16, 0)]


# ---- Note: moving to an area with a lower alert level


@HARD
def test_recovery_starts_from_the_process_in_waiting_mode_for_the_longest_time(hard):
    stage = charging(hard=hard, ah=32, count=2)
    stage.run(300)
    stage.run(after_s=9)
    stage.station(3)
    stage.plug(3)
    stage.run()
    assert [stage.limit(id) for id in (1, 2, 3)] == [0, 0, 0]
    assert stage.run(180) == [(START_AGAIN, 1, 0, 32), (START_AGAIN, 2, 0, 32)]
    assert stage.run(100) == [(START_WAITED, 3, 0, 32)]


@HARD
def test_recovery_needs_a_sufficient_level_of_available_power(hard):
    stage = charging(hard=hard, ah=32, count=1)
    stage.run(300)
    stage.run(after_s=9)
    assert stage.run(230) == [(START_AGAIN, 1, 0, 16)]  # 246 A: as much as leads to no red area
    stage.change(1, allowed=False)
    stage.run()
    stage.change(1, allowed=True)


def test_recovery_does_not_start_what_would_lead_back_to_the_red_area():
    stage = charging(ah=32, count=1, charging_a=245)
    stage.run(300)
    stage.run(after_s=9)
    assert stage.run(240) == []
    assert stage.waits(1) == WAIT_POWER


@HARD
def test_priority_stations_come_first_in_the_waiting_list(hard):
    stage = charging(hard=hard, count=1)
    for id in (2, 3):
        stage.station(id, priority=id == 3)
        stage.plug(id)
        stage.run(260)
    assert stage.run(150)[0] == (START_WAITED, 3, 0, 32)


@HARD
def test_otherwise_the_current_of_the_processes_in_progress_is_increased_the_first_one_reduced_first(hard):
    stage = charging(hard=hard, count=3)
    stage.run(270 - 96)
    assert [stage.limit(id) for id in (1, 2, 3)] == [24, 24, 24]
    assert stage.run(250 - 72) == []
    assert stage.run(242 - 72) == [(RAISE_REDUCED, 1, 24, 32)]
    assert stage.run(242 - 80) == [(RAISE_REDUCED, 2, 24, 32)]


@HARD
def test_the_current_is_increased_by_one_step_at_a_time(hard):
    stage = charging(hard=hard, count=1)
    stage.run(230)
    assert stage.limit(1) == 16
    assert stage.run(100, after_s=10) == [(RAISE_REDUCED, 1, 16, 24)]
    assert stage.run() == [(RAISE_REDUCED, 1, 24, 32)]
    assert stage.run() == []


@HARD
def test_nothing_is_increased_while_a_process_waits_for_the_same_phase(hard):
    stage = charging(hard=hard, count=2)
    stage.run(281 - 64)
    stage.station(3)
    stage.plug(3)
    assert stage.run(231 - 32) == []
    assert stage.run(190 - 32)[0] == (START_WAITED, 3, 0, 32)


# ---- Current consumption hysteresis


@HARD
def test_hysteresis_ignores_variations_below_the_threshold(hard):
    stage = charging(hard=hard, count=1, hysteresis_pct=4)  # 10 A
    stage.station(2)
    stage.plug(2)
    stage.run(231 - 32)
    for level in (225, 229, 221, 230):
        stage.run(level - stage.limit(1))
        assert stage.limit(2) == 0
    stage.run(220 - stage.limit(1))
    assert stage.limit(2)


def test_hysteresis_by_default_is_none():
    stage = charging(count=1)
    stage.station(2)
    stage.plug(2)
    stage.run(231)
    assert stage.run(230 - 16) == [(START_WAITED, 2, 0, 16)]


# ---- First and second reduction step


@HARD
@pytest.mark.parametrize(
    "rated, steps, first, second", [(32, (75, 50), 24, 16), (16, (75, 50), 12, 8), (20, (80, 40), 16, 8)]
)
def test_the_current_of_each_reduction_step_is_calculated_on_the_rated_current_of_the_station(
    hard, rated, steps, first, second
):
    stage = Stage(hard_limit=hard, first_step_pct=steps[0], second_step_pct=steps[1])
    stage.station(1, rated=rated)
    stage.plug(1)
    stage.run(0)
    assert [limit for *_, limit in stage.run(260 - second)][:2] == [first, second]


# ---- What the manual leaves open


def test_a_start_in_the_green_area_is_never_more_than_the_red_area_allows_where_the_steps_suffice():
    stage = charging(count=1, charging_a=250)
    stage.station(2)
    stage.plug(2)
    assert stage.run(250 - 32 - 20) == [(START_GREEN, 2, 0, 16)]


def test_a_new_request_in_the_green_area_is_authorized_even_when_it_leads_to_the_red_area():
    stage = charging(count=1, charging_a=250)
    stage.station(2)
    stage.plug(2)
    assert stage.run(250 - 32 - 5) == [(START_GREEN, 2, 0, 16)]


def test_with_a_hard_limit_it_waits_until_it_fits():
    stage = charging(hard=True, count=1, charging_a=250)
    stage.station(2)
    stage.plug(2)
    assert (START_GREEN, 2, 0, 16) not in stage.run(250 - 32 - 5)
    assert stage.waits(2) == WAIT_POWER
    assert (START_WAITED, 2, 0, 16) in stage.run(after_s=4)


def test_a_charge_that_was_stopped_pauses():
    stage = Stage(pause_s=600)
    stage.station(1)
    stage.plug(1, ah=32)
    stage.run(0)
    stage.run(300)
    assert stage.run(after_s=9) == [(STOP_RED, 1, 16, 0)]
    assert stage.run(0) == []
    assert stage.waits(1) == WAIT_PAUSE
    assert stage.run(after_s=596) == []
    assert stage.run() == [(START_AGAIN, 1, 0, 32)]
