from decimal import Decimal

import pytest

from runtime.core.quantity.catalogue import QUANTITIES, decimal_text, quantity, to_float, to_n

ENDINGS = {
    "Wh": "_wh", "varh": "_varh", "VAh": "_vah", "dm3": "_dm3", "W": "_w", "var": "_var", "VA": "_va",
    "A": "_a", "V": "_v", "Hz": "_hz", "%": "_pct", "°C": "_c", "h": "_h", "s": "_s", "min": "_min", "°": "_deg",
}  # fmt: skip


def test_numbers_are_unique_and_fit_sixteen_bits():
    numbers = [q.number for q in QUANTITIES.values()]
    assert len(set(numbers)) == len(numbers)
    assert all(0 < number < 65536 for number in numbers)


def test_numbers_of_stored_quantities_never_change():
    for id, number in [
        ("active_energy_import_wh", 10),
        ("active_power_w", 200),
        ("voltage_l1_v", 401),
        ("water_dm3", 150),
    ]:
        assert quantity(id).number == number


def test_an_id_ends_with_its_unit():
    for q in QUANTITIES.values():
        assert q.id.endswith(ENDINGS.get(q.unit, "")), q.id


def test_labels_are_unique():
    labels = [q.label for q in QUANTITIES.values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("id", "exp10"),
    [
        ("active_energy_import_l1_wh", -3),
        ("reactive_energy_sum_varh", -3),
        ("apparent_energy_vah", -3),
        ("water_dm3", -3),
        ("active_power_demand_max_w", -1),
        ("current_n_a", -3),
        ("voltage_l31_v", -2),
        ("frequency_hz", -3),
        ("thd_voltage_mean_pct", -2),
        ("power_factor_l1", -3),
        ("temperature_c", -2),
        ("ct_ratio", -2),
        ("pulses", 0),
    ],
)
def test_each_quantity_has_the_step_of_its_unit(id, exp10):
    assert quantity(id).exp10 == exp10


def test_a_value_becomes_the_nearest_count_and_halves_go_to_even():
    assert to_n("voltage_l1_v", 229.95) == 22995
    assert to_n("voltage_l1_v", 0.125) == 12
    assert to_n("voltage_l1_v", 0.375) == 38
    assert to_n("active_power_w", Decimal("-1234.56")) == -12346


def test_counts_come_back_as_the_same_value():
    assert to_float("voltage_l1_v", 22995) == 229.95
    assert decimal_text("voltage_l1_v", 22995) == "229.95"
    assert decimal_text("active_energy_import_wh", -5) == "-0.005"
    assert decimal_text("pulses", 7) == "7"
