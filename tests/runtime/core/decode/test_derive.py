from runtime.core.decode.derive import derive, rules
from runtime.core.modbus.registers import Derived

SLOTS = {"active_power_l1_w": 0, "active_power_l2_w": 1, "apparent_power_va": 2, "active_power_w": 3, "power_factor": 4}


def derived(how, quantity, *parts, values):
    values = [*values, None, None]
    derive(rules([Derived(quantity, how, parts)], SLOTS), values)
    return values[SLOTS[quantity]]


def test_a_sum_adds_its_parts():
    assert derived("sum", "active_power_w", "active_power_l1_w", "active_power_l2_w", values=[5, -7, 0]) == -2


def test_a_mean_goes_to_the_even_count():
    assert derived("mean", "active_power_w", "active_power_l1_w", "active_power_l2_w", values=[2, 3, 0]) == 2
    assert derived("mean", "active_power_w", "active_power_l1_w", "active_power_l2_w", values=[3, 4, 0]) == 4


def test_a_ratio_counts_in_steps_of_its_quantity():
    assert derived("ratio", "power_factor", "active_power_l1_w", "apparent_power_va", values=[-950, 0, 1000]) == -950


def test_nothing_is_made_of_a_missing_part_or_divided_by_zero():
    assert derived("sum", "active_power_w", "active_power_l1_w", "active_power_l2_w", values=[5, None, 0]) is None
    assert derived("ratio", "power_factor", "active_power_l1_w", "apparent_power_va", values=[5, 0, 0]) is None
