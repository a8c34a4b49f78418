from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from runtime.core.map.normalise import (
    LARGEST,
    DeviceSettings,
    band_factor,
    changes_sign,
    counted_real,
    opposite,
    parameter_counts,
    parameter_factor,
    parameter_names,
    parameter_values,
    to_count,
)
from runtime.core.modbus.registers import Field, ScaleBand

BAND = ScaleBand(("kta",), (((10, 1), (1, 100)), ((100, 1), (1, 10))), (5, 1))


@given(st.integers(-(2**64), 2**64), st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_a_count_is_the_nearest_with_halves_to_even_or_none_beyond_64_bits(raw, num, den):
    exact = Fraction(raw * num, den)
    count = to_count(raw, num, den)
    if count is None:
        assert abs(exact) > LARGEST
    else:
        assert abs(exact - count) < Fraction(1, 2) or (abs(exact - count) == Fraction(1, 2) and count % 2 == 0)


def test_a_real_that_is_no_number_or_too_large_is_no_value():
    assert [counted_real(raw, 10.0) for raw in (float("nan"), float("inf"), -float("inf"), 1e30)] == [None] * 4
    assert counted_real(-2.04, 10.0) == -20


def test_a_band_holds_below_its_limit_and_not_at_it():
    factors = [band_factor(BAND, Fraction(product)) for product in ("0", "9.99", "10", "99.99", "100")]
    assert factors == [Fraction(1, 100), Fraction(1, 100), Fraction(1, 10), Fraction(1, 10), 5]


def test_a_parameter_of_the_device_wins_over_that_of_the_settings():
    settings = DeviceSettings(parameters={"kta": 7})
    wanted = [(0, "ct_ratio", "kta")]
    assert parameter_counts(wanted, [300], settings) == (300,)
    assert parameter_counts(wanted, [None], settings) == (700,)
    assert parameter_counts(wanted, [None], DeviceSettings()) is None


def test_a_parameter_that_is_no_number_is_unknown():
    for told in ("seven", float("nan")):
        assert parameter_counts([(0, "ct_ratio", "kta")], [None], DeviceSettings(parameters={"kta": told})) is None


def test_ratios_multiply_and_one_of_nothing_is_unknown():
    field = Field("active_power_w", 0, "f32", 2, scale_band=BAND, factor=("ct", "kta"))
    assert parameter_names(field) == ("kta", "ct")
    wanted = [(0, "ct_ratio", "kta"), (1, "vt_ratio", "ct")]
    assert parameter_factor(field, parameter_values(wanted, (5000, 150))) == Fraction("1.5") * 50 / 10
    assert parameter_factor(field, parameter_values(wanted, (5000, 0))) == 0


def test_active_and_reactive_powers_turn_and_nothing_else():
    assert (
        changes_sign("active_power_l2_w")
        and changes_sign("reactive_power_var")
        and changes_sign("active_power_demand_w")
    )
    assert (
        not changes_sign("apparent_power_va")
        and not changes_sign("current_l1_a")
        and not changes_sign("active_energy_import_wh")
    )


def test_energies_have_an_opposite():
    assert opposite("active_energy_import_l3_wh") == "active_energy_export_l3_wh"
    assert opposite("reactive_energy_export_varh") == "reactive_energy_import_varh"
    assert opposite("active_energy_sum_wh") == opposite("active_power_w") == ""
