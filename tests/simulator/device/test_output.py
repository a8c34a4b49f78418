"""Outputs that obey NO and NC, pulses and blinking."""

import pytest

from simulator.device.output import BLINKING, IMPULSIVE, NORMALLY_CLOSED, is_actuated, is_contact_closed


@pytest.mark.parametrize(
    ("mode", "on_time_ms", "passed_ms", "actuated"),
    [
        (IMPULSIVE, 0, 3_600_000, True),  # maintained
        (BLINKING, 0, 3_600_000, True),
        (IMPULSIVE, 2_000, 0, True),
        (IMPULSIVE, 2_000, 1_999, True),
        (IMPULSIVE, 2_000, 2_000, False),
        (IMPULSIVE, 2_000, 60_000, False),
        (BLINKING, 2_000, 1_999, True),
        (BLINKING, 2_000, 2_000, False),
        (BLINKING, 2_000, 4_000, True),
        (BLINKING, 2_000, -50, True),  # a register image a little older than the command
    ],
)
def test_an_output_told_on_is_on_for_its_time(mode, on_time_ms, passed_ms, actuated):
    assert is_actuated(1_000_000, mode, on_time_ms, 1_000_000 + passed_ms) is actuated


def test_one_that_was_not_told_is_off():
    assert not is_actuated(None, BLINKING, 2_000, 0)


def test_a_normally_closed_contact_opens():
    assert is_contact_closed(False, NORMALLY_CLOSED) and not is_contact_closed(True, NORMALLY_CLOSED)
    assert is_contact_closed(True, 0) and not is_contact_closed(False, 0)
