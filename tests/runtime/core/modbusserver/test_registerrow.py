from math import isnan

import pytest

from runtime.core.modbusserver.registerrow import NO_COUNT, NO_STATE, is_tabled, number_of, type_of, words_of
from runtime.core.quantity.catalogue import QUANTITIES


@pytest.mark.parametrize(
    ("id", "value_n", "number"),
    [
        ("active_energy_import_wh", 1_234_999, 1_234),
        ("active_energy_import_wh", -1, -1),
        ("active_energy_import_wh", None, NO_COUNT),
        ("active_energy_import_wh", 1 << 90, (1 << 63) - 1),
        ("pulses", 17, 17),
        ("active_power_w", 23_005, 2300.5),
        ("active_power_w", -5, -0.5),
        ("voltage_l1_v", 23_012, 230.12),
        ("breaker_state", 2, 2),
        ("breaker_state", None, NO_STATE),
        ("charge_errors", (1 << 40) + 3, 3),
    ],
)
def test_a_count_becomes_a_number_of_the_unit(id, value_n, number):
    assert number_of(QUANTITIES[id], value_n) == pytest.approx(number)


def test_no_value_of_a_gauge_is_nan_and_none_is_infinite():
    assert isnan(number_of(QUANTITIES["active_power_w"], None))
    assert number_of(QUANTITIES["active_power_w"], 10**60) == 3.4e38


def test_every_quantity_of_the_catalogue_has_registers_but_texts():
    for quantity in QUANTITIES.values():
        assert is_tabled(quantity) is (quantity.kind != "text")
        if is_tabled(quantity):
            assert (type_of(quantity), words_of(quantity)) in {("i64", 4), ("f32", 2), ("u32", 2)}
