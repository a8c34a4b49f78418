"""Sampled values of both versions, typed from their specifications."""

import pytest

from runtime.core.ocpp.metervalue import Metered, read_moment, read_sampled


def test_values_of_1_6_are_texts_with_phases_and_units():
    read = read_sampled(
        [
            {"value": "12345.678", "measurand": "Energy.Active.Import.Register", "unit": "Wh"},
            {"value": "11.04", "measurand": "Power.Active.Import", "unit": "kW"},
            {"value": "16.0", "measurand": "Current.Import", "phase": "L1", "unit": "A"},
            {"value": "15.9", "measurand": "Current.Import", "phase": "L2", "unit": "A"},
            {"value": "230.1", "measurand": "Voltage", "phase": "L1-N", "unit": "V"},
        ]
    )
    assert read == Metered(12_345_678, 110_400, (16_000, 15_900, None), (230_100, None, None))


def test_values_of_2_0_1_are_numbers_with_a_multiplier():
    read = read_sampled(
        [
            {"value": 12.5, "unit_of_measure": {"unit": "kWh"}},
            {"value": 11, "measurand": "Power.Active.Import", "unit_of_measure": {"unit": "W", "multiplier": 3}},
        ]
    )
    assert (read.energy_mwh, read.power_dw) == (12_500_000, 110_000)


def test_what_names_nothing_is_energy_in_wh():
    assert read_sampled([{"value": "1000"}]).energy_mwh == 1_000_000


def test_one_current_without_a_phase_is_that_of_the_only_one():
    assert read_sampled([{"value": "10", "measurand": "Current.Import"}]).currents_ma == (10_000, None, None)


def test_power_by_phase_is_summed_up_and_energy_by_phase_is_left_out():
    by_phase = [{"value": "1000", "measurand": "Power.Active.Import", "phase": f"L{n}"} for n in (1, 2, 3)]
    assert read_sampled(by_phase).power_dw == 30_000
    assert read_sampled([{"value": "5", "phase": "L1"}]).energy_mwh is None


@pytest.mark.parametrize(
    "value",
    [
        {"value": "NaN"}, {"value": "Infinity"}, {"value": "-1"}, {"value": "1e40"}, {"value": "1e999999"},
        {"value": "twelve"}, {"value": ""},
        {"value": "5", "format": "SignedData"}, {"value": "5", "location": "Inlet"}, {"value": "5", "unit": "kvarh"},
        {"value": "1", "unit_of_measure": {"multiplier": 1_000_000}},
    ],
)  # fmt: skip
def test_what_is_no_number_of_ours_is_left_out(value):
    assert read_sampled([value]) == Metered()


@pytest.mark.parametrize(
    ("text", "ts_ms"),
    [("1970-01-01T00:00:01Z", 1_000), ("1970-01-01T01:00:00.500+01:00", 500), ("1970-01-01T00:00:02", 2_000),
     ("never", None), ("", None)],
)  # fmt: skip
def test_a_moment_is_read_or_it_is_none(text, ts_ms):
    assert read_moment(text) == ts_ms
