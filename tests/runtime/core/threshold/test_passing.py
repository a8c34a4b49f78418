"""A threshold is passed for as long as it says, and over only when the value is back by its hysteresis."""

from __future__ import annotations

import pytest

from runtime.core.quantity.quality import Quality
from runtime.core.threshold.passing import Thresholds
from runtime.core.threshold.threshold import ThresholdSpec
from runtime.core.view import DeviceView

OVER = ThresholdSpec(1, "Too much", 3, "active_power_w", 5000, for_s=60, hysteresis=200)
UNDER = ThresholdSpec(2, "Too little", 3, "voltage_l1_v", 207.0, "below", hysteresis=2.5)


def power(watts: float, quality: Quality = Quality.GOOD) -> DeviceView:
    return DeviceView(3, "D", 1, "on", ("active_power_w",), (round(watts * 10),), (0,), (quality,))


def voltage(volts: float) -> DeviceView:
    return DeviceView(3, "D", 1, "on", ("voltage_l1_v",), (round(volts * 100),), (0,), (0,))


def passed(thresholds: Thresholds, view: DeviceView, spec: ThresholdSpec, now: float) -> bool:
    return bool(list(thresholds.look(view, [spec], now)))


def test_it_is_passed_when_it_lasts_and_not_before() -> None:
    thresholds = Thresholds()
    assert [passed(thresholds, power(5000.1), OVER, now) for now in (0, 30, 59, 60, 61)] == [
        False, False, False, True, True,
    ]  # fmt: skip


def test_exactly_the_value_is_not_passed() -> None:
    thresholds = Thresholds()
    passed(thresholds, power(5000.0), OVER, 0)
    assert not passed(thresholds, power(5000.0), OVER, 100)


def test_a_dip_to_within_the_hysteresis_does_not_end_it_and_one_beyond_does() -> None:
    thresholds = Thresholds()
    passed(thresholds, power(5001), OVER, 0)
    assert passed(thresholds, power(4801), OVER, 60)
    assert not passed(thresholds, power(4800), OVER, 61)
    assert not passed(thresholds, power(4900), OVER, 200), "it has to pass the value again"
    passed(thresholds, power(5001), OVER, 201)
    assert not passed(thresholds, power(5001), OVER, 260), "and to last anew"
    assert passed(thresholds, power(5001), OVER, 261)


def test_below_is_the_mirror_of_above() -> None:
    thresholds = Thresholds()
    values = (207.0, 206.99, 209.49, 209.5, 206.0)
    assert [passed(thresholds, voltage(volts), UNDER, now) for now, volts in enumerate(values)] == [
        False, True, True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("view", [power(9000, Quality.SUSPECT), voltage(230)])
def test_what_nobody_knows_is_not_passed(view: DeviceView) -> None:
    thresholds = Thresholds()
    passed(thresholds, view, OVER, 0)
    assert not passed(thresholds, view, OVER, 100)


def test_the_sentence_says_what_is_measured_and_what_was_set() -> None:
    thresholds = Thresholds()
    passed(thresholds, power(5432.1), OVER, 0)
    ((id, sentence),) = thresholds.look(power(5432.1), [OVER], 60)
    assert (id, sentence) == (1, "Active power 5432.1 W is above 5000 W")
