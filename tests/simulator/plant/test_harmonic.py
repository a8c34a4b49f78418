"""Harmonics made of the total distortion."""

import math

from simulator.plant.harmonic import harmonics

IDS = [f"harmonic_voltage_l1_{order}_pct" for order in range(2, 26)]


def test_their_squares_sum_to_the_distortion():
    values = dict(harmonics(IDS, {"thd_voltage_l1_pct": 500}))
    assert abs(math.sqrt(sum(n * n for n in values.values())) - 500) < 5


def test_odd_orders_lead():
    values = dict(harmonics(IDS, {"thd_voltage_l1_pct": 500}))
    assert (
        values["harmonic_voltage_l1_3_pct"] > values["harmonic_voltage_l1_5_pct"] > values["harmonic_voltage_l1_2_pct"]
    )


def test_without_distortion_there_are_none():
    assert set(dict(harmonics(IDS, {})).values()) == {0}
