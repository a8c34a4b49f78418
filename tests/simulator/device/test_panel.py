"""States, inputs and outputs of simulated devices."""

import pytest

from simulator.device.panel import TRIPPED, Panel, named, written_value
from simulator.scenario.models import Models

MODELS = Models()


def panel(model, **told):
    return Panel(MODELS.map(model, {}), told)


def test_what_it_was_told_stays():
    io = panel("legrand-026136")
    io.take("output_2_state", 1, 5_000)
    io.take("input_3_state", 1, 5_000)
    shown = io.values(900_000)
    assert (shown["output_1_state"], shown["output_2_state"], shown["input_3_state"]) == (0, 1, 1)


def test_an_output_pulses_as_it_is_set():
    io = panel("legrand-028812")
    io.take("output_1_on_time_s", 20, 0)  # 2.0 s
    io.take("output_1_state", 1, 5_000)
    assert [io.values(at_ms)["output_1_state"] for at_ms in (5_000, 6_900, 7_000)] == [1, 1, 0]


def test_an_output_blinks_as_it_is_set():
    io = panel("legrand-028812")
    io.take("output_1_on_time_s", 10, 0)
    io.take("output_1_mode", 1, 0)
    io.take("output_1_state", 1, 5_000)
    assert [io.values(5_000 + 500 * n)["output_1_state"] for n in range(5)] == [1, 1, 0, 0, 1]


def test_a_normally_closed_output_rests_closed():
    io = panel("legrand-028812")
    io.take("output_1_normal", 1, 0)
    assert io.contacts(0)["1"] and not io.contacts(0)["2"]
    io.take("output_1_state", 1, 0)
    assert not io.contacts(1)["1"]


def test_a_breaker_counts_its_trips_and_says_why():
    breaker = panel("legrand-dpx3")
    breaker.take("breaker_state", TRIPPED, 0)
    assert {id: breaker.get(id) for id in ("trips", "operations", "trip_cause")} == {
        "trips": 1, "operations": 1, "trip_cause": 1,
    }  # fmt: skip
    breaker.take("breaker_state", 1, 0)
    assert (breaker.get("trips"), breaker.get("operations"), breaker.get("trip_cause")) == (1, 2, 0)


def test_an_ems_module_raises_its_alarm_when_it_trips():
    module = panel("legrand-414929")
    module.take("breaker_state", TRIPPED, 0)
    assert module.get("alarm_tripped") == 1


def test_the_scenario_says_how_it_begins():
    assert panel("legrand-414931", contactor_state=1).get("contactor_state") == 1
    assert "contactor_state" not in panel("legrand-414929")


def test_each_change_makes_a_new_revision():
    module = panel("legrand-414931")
    module.take("contactor_state", 1, 0)
    assert module.revision == 1


def test_people_say_states_and_units():
    assert written_value("breaker_state", "tripped") == 2
    assert written_value("limit_a", 16.5) == 16_500
    assert written_value("rfid", 7) == "7"
    assert (named("breaker_state", 2), named("limit_a", 16_500), named("trips", 3)) == ("tripped", 16.5, 3)


@pytest.mark.parametrize(("quantity", "said"), [("breaker_state", "ajar"), ("limit_a", "much"), ("colour", 1)])
def test_what_makes_no_sense_is_told(quantity, said):
    with pytest.raises(ValueError, match=r"one of|number|no quantity"):
        written_value(quantity, said)
