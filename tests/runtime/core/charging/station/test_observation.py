"""What the values of a device tell of a side of a charging station."""

import pytest

from runtime.core.charging.station.observation import can_be_limited, expressible_ma, observe, orders_for
from runtime.core.quantity.catalogue import QUANTITIES
from simulator.scenario.models import Models

MODELS = Models()
STATES = QUANTITIES["charge_state"].states


def commands(model):
    return {row.name: row for row in MODELS.map(model, {}).commands}


@pytest.mark.parametrize(
    "state, plugged",
    [("available", False), ("connected", True), ("charging", True), ("suspended_by_station", True), ("error", False)],
)
def test_the_state_of_the_charge_says_whether_a_vehicle_is_there(state, plugged):
    assert observe({"charge_state": STATES.index(state)}, 1).plugged is plugged


def test_the_state_of_the_vehicle_knows_better():
    assert observe({"charge_state": STATES.index("available"), "vehicle_state": 1}, 1).plugged
    assert not observe({"charge_state": STATES.index("charging"), "vehicle_state": 0}, 1).plugged


def test_a_vehicle_that_draws_is_there_whatever_else_is_told():
    assert observe({"vehicle_state": 0, "current_l1_a": 6_000}, 1).plugged


def test_values_come_in_the_units_of_the_rules():
    values = {"current_l1_a": 16_000, "current_l2_a": None, "watchdog_s": 300, "session_energy_wh": 5_000}
    seen = observe({**values, "limit_a": 16_000}, 2)
    assert (seen.currents_ma, seen.watchdog_s, seen.limit_ma, seen.energy_n) == ((16_000, None), 30, 16_000, 5_000)


def test_a_count_of_the_charge_is_preferred_to_one_for_ever_even_while_it_is_not_read():
    both = observe({"session_energy_wh": None, "active_energy_import_wh": 7}, 1)
    assert (both.energy_n, both.counts_charge) == (None, True)
    one = observe({"active_energy_import_wh": 7}, 1)
    assert (one.energy_n, one.counts_charge) == (7, False)


def test_a_charge_that_has_no_permission_has_a_limit_of_nothing():
    assert observe({"charge_permission": 0, "limit_a": 16_000}, 1).limit_ma == 0


@pytest.mark.parametrize(
    "model, limit_ma, expected_ma",
    [
        ("heidelberg-energy-control", 13_780, 13_700),
        ("heidelberg-energy-control", 32_000, 16_000),
        ("vestel-evc04", 13_780, 13_000),
        ("legrand-greenup", 5_900, 0),
        ("legrand-greenup", 6_000, 6_000),
        ("legrand-greenup", 0, 0),
    ],
)
def test_a_limit_is_rounded_down_to_what_the_register_holds(model, limit_ma, expected_ma):
    assert expressible_ma(limit_ma, commands(model)["limit"]) == expected_ma


def test_a_limit_of_nothing_is_written_or_ordered():
    assert orders_for(0, commands("heidelberg-energy-control")) == (("limit", 0),)
    assert orders_for(0, commands("legrand-greenup")) == (("charge", "wait"),)
    assert orders_for(16_000, commands("legrand-greenup")) == (("limit", 16), ("charge", "start"))


@pytest.mark.parametrize(
    "model, expected",
    [("heidelberg-energy-control", True), ("legrand-greenup", True), ("keba-p30", False), ("generic", False)],
)
def test_a_station_can_be_limited_when_it_can_be_brought_to_nothing_and_shows_it(model, expected):
    known = commands(model) if model != "generic" else {}
    assert can_be_limited(known) is expected
