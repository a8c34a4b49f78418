"""A correction is spread evenly and exactly."""

from __future__ import annotations

from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from runtime.core.energy.corrections import least_left, spread

LORD_HOWE = ZoneInfo("Australia/Lord_Howe")


@given(st.integers(-(10**12), 10**12), st.integers(1_790_000_000, 1_791_100_000), st.integers(1, 400_000))
def test_the_hours_of_a_correction_add_up_to_it(delta_n, start_ts, length_s):
    parts = spread(delta_n, start_ts, start_ts + length_s, LORD_HOWE)
    assert sum(energy_n for _, _, energy_n in parts) == delta_n
    assert (parts[0][0], parts[-1][1]) == (start_ts, start_ts + length_s)
    assert all(0 < end - start <= 3600 for start, end, _ in parts)


def test_the_poorest_piece_says_whether_a_correction_takes_too_much():
    held = [(0, 600, 600), (600, 1200, 60)]
    assert least_left(held, (0, 600, -600)) == 0
    assert least_left(held, (300, 900, -60)) == Fraction(0)
    assert least_left(held, (300, 900, -120)) == -30
    assert least_left([], (0, 600, -1)) == -1
