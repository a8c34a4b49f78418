"""How a phantom is taken back: where it was spread, and nothing below zero."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime.core.phantom.phantom import line_between, put_together, shares

HELD = st.lists(st.integers(0, 10**9), min_size=1, max_size=20)


@given(HELD, st.integers(0, 10**10))
def test_each_interval_gives_its_share_and_no_more_than_it_holds(energies, excess_n) -> None:
    held = [(at * 600, at * 600 + 600, energy_n) for at, energy_n in enumerate(energies)]
    given_back = shares(excess_n, held)
    assert sum(energy_n for _, _, energy_n in given_back) == -min(excess_n, sum(energies))
    assert all(0 <= -back[2] <= one[2] for back, one in zip(given_back, held, strict=True))


def test_neighbours_of_one_rate_are_one_correction_and_a_few_thousandths_stay() -> None:
    parts = [(0, 600, -5), *((at, at + 600, -100 - at % 1200 // 600) for at in range(600, 6600, 600)), (6600, 7200, -7)]
    together = put_together(parts)
    assert [each[:2] for each in together] == [(0, 600), (600, 6600), (6600, 7200)]
    assert -1005 <= together[1][2] <= -990


def test_a_line_between_two_readings_lies_in_the_intervals_that_it_crosses() -> None:
    held = [(0, 600, 700), (600, 1200, 6_000), (1200, 1800, 3_100), (1800, 2400, 600)]
    line = line_between(held, 590_000, 1_490_000, 9_000)
    assert line == [(0, 600, 100), (600, 1200, 6_000), (1200, 1800, 2_900)]


def test_nothing_is_no_correction() -> None:
    assert put_together([(0, 600, 0), (600, 1200, 0)]) == ()
