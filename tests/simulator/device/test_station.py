"""Charging stations with cars that come and go."""

import pytest

from simulator.device.panel import Panel
from simulator.device.station import DOMESTIC, VOLT, Car, Station
from simulator.scenario.models import Models

MODELS = Models()
T = 1_780_000_000_000
HOUR = 3_600_000


def station(every_s=0, phases=1, **told):
    return Station(Panel(MODELS.map("legrand-greenup-domestic", {}), told), phases, b"key", every_s)


def charging(wants_ma=16_000, **more):
    made = station()
    made.values(T)
    made.arrive(Car(wants_ma=wants_ma, left_n=50_000_000, **more), T)
    return made


def test_nobody_is_there():
    values = station().values(T)
    assert (values["charge_state"], values["vehicle_state"], values["charge_plug"]) == (0, 0, 0)


def test_a_car_charges_as_it_wants():
    made = charging(badge="04A1")
    values = made.values(T + HOUR)
    assert made.letter(T + HOUR) == "D"
    assert values["current_l1_a"] == 16_000
    assert values["session_energy_wh"] == pytest.approx(16 * VOLT * 1000, abs=10)
    assert (values["session_time_s"], values["rfid"], values["vehicle_state"]) == (36_000, "04A1", 2)


def test_three_phases_carry_three_times_as_much():
    made = station(phases=3)
    made.values(T)
    made.arrive(Car(left_n=50_000_000), T)
    values = made.values(T + HOUR)
    assert values["current_l3_a"] == 16_000
    assert values["session_energy_wh"] == pytest.approx(3 * 16 * VOLT * 1000, abs=10)


def test_the_limit_is_obeyed_from_the_moment_it_is_told():
    made = charging()
    made.take("limit_a", 8_000, T + HOUR)
    values = made.values(T + 2 * HOUR)
    assert values["current_l1_a"] == 8_000
    assert values["session_energy_wh"] == pytest.approx(24 * VOLT * 1000, abs=10)


def test_a_full_car_holds_the_charge():
    made = station()
    made.values(T)
    made.arrive(Car(left_n=1_000_000), T)
    assert made.letter(T + HOUR) == "C"
    assert made.values(T + HOUR)["session_energy_wh"] == 1_000_000


def test_a_charge_waits_and_goes_on_as_it_is_told():
    made = charging()
    made.take("charge_permission", 0, T + HOUR)
    assert made.letter(T + HOUR) == "N"
    made.take("charge_permission", 1, T + 2 * HOUR)
    assert made.letter(T + 2 * HOUR) == "D"
    assert made.values(T + 2 * HOUR)["waiting_time_s"] == 36_000


def test_a_charge_that_may_not_begin_waits():
    made = station(charge_permission=0)
    made.values(T)
    made.arrive(Car(), T)
    assert made.letter(T) == "B"


def test_a_plug_that_is_disabled_gives_nothing():
    made = charging()
    made.take("ev_plug_enabled", 0, T)
    assert made.letter(T) == "N"


def test_the_domestic_plug_has_its_own_limit():
    made = charging(plug=DOMESTIC, wants_ma=20_000)
    assert made.letter(T) == "G"
    assert made.values(T)["current_l1_a"] == 16_000
    made.take("domestic_limit_a", 8_000, T)
    assert made.values(T)["current_l1_a"] == 8_000
    made.take("domestic_plug_enabled", 0, T)
    assert made.letter(T) == "O"


def test_unlocking_stops_the_charge():
    made = charging()
    made.take("cable_lock", 0, T)
    assert made.letter(T) == "M"


def test_a_fault_stops_everything():
    made = charging()
    made.take("charge_errors", 1 << 10, T)
    values = made.values(T)
    assert (made.letter(T), values["station_state"], values["current_l1_a"]) == ("R", 3, 0)


def test_what_was_said_of_one_charge_ends_with_it():
    made = charging()
    made.take("charge_permission", 0, T)
    made.leave(T + 1)
    assert made.letter(T + 1) == "A"
    made.arrive(Car(), T + 2)
    assert made.letter(T + 2) == "D"


def test_a_taken_place_stays_taken():
    made = charging(badge="first")
    made.arrive(Car(badge="second"), T)
    assert made.values(T)["rfid"] == "first"


def test_cars_come_and_go_by_themselves_and_always_the_same():
    letters = [station(every_s=1800).letter(T + n * 60_000) for n in range(120)]
    assert {"A", "D"} <= set(letters)
    one, other = station(every_s=1800), station(every_s=1800)
    assert [one.letter(T + n * 60_000) for n in range(120)] == [other.letter(T + n * 60_000) for n in range(120)]
    assert one.letter(T + 7_200_000) == other.letter(T + 7_200_000)


def test_a_station_without_a_word_for_a_state_says_what_comes_nearest():
    keba = Station(Panel(MODELS.map("keba-p40", {}), {}), 3, b"key")
    values = keba.values(T)
    assert (values["charge_state"], values["vehicle_state"]) == (14, 0)  # not ready, unplugged
    keba.arrive(Car(left_n=50_000_000), T)
    values = keba.values(T + HOUR)
    assert (values["charge_state"], values["vehicle_state"]) == (2, 1)
    keba.take("limit_a", 0, T + HOUR)
    assert keba.values(T + HOUR)["charge_state"] == 4


def wallbox(**shown):
    made = Station(Panel(MODELS.map("heidelberg-energy-control", {}), shown), 3, b"key")
    made.values(T)
    made.take("watchdog_s", 300, T)
    made.take("fallback_a", 6_000, T)
    made.take("limit_a", 16_000, T)
    made.arrive(Car(left_n=500_000_000), T)
    return made


def test_a_watchdog_takes_the_limit_back_when_nobody_speaks_to_the_station():
    made = wallbox()
    values = made.values(T + HOUR)
    assert values["current_l1_a"] == 6_000
    assert made._panel.get("limit_a") == 6_000
    expected_wh = (16 * 30 + 6 * 3570) * VOLT * 3 // 3600
    assert values["session_energy_wh"] == pytest.approx(expected_wh * 1000, abs=2_000)


def test_whoever_reads_it_in_time_feeds_the_watchdog():
    made = wallbox()
    for seconds in range(0, 3600, 29):
        made.values(T + seconds * 1000)
    assert made.values(T + 3600 * 1000)["current_l1_a"] == 16_000


def test_a_meter_before_it_measures_what_its_car_draws_and_does_not_speak_to_it():
    made = Station(
        Panel(MODELS.map("heidelberg-energy-control", {}), {"watchdog_s": 300, "fallback_a": 6_000}), 3, b"key"
    )
    made.values(T)
    made.arrive(Car(left_n=50_000_000), T)
    for second in range(0, 30):
        assert made.drawn_ma(T + second * 1_000) == (16_000,) * 3
    assert made.drawn_ma(T + 31_000) == (6_000,) * 3, "its watchdog acted: only its own master feeds it"


def test_it_counts_what_all_its_cars_drew():
    made = charging()
    made.leave(T + HOUR)
    made.arrive(Car(left_n=50_000_000), T + HOUR)
    assert made.counted_n(T + 2 * HOUR) == pytest.approx(32 * VOLT * 1000, abs=20)
