from __future__ import annotations

import pytest

from runtime.core.quantity.gasenergy import equivalent_n


@pytest.mark.parametrize(
    ("volume_n", "wh_per_m3", "energy_n"),
    [(1_000_000, 11_200, 11_200_000), (1, 500, 0), (3, 500, 2), (1, 501, 1), (-3, 500, -2), (0, 11_200, 0)],
)
def test_a_volume_is_worth_energy_rounded_half_to_even(volume_n: int, wh_per_m3: int, energy_n: int) -> None:
    assert equivalent_n(volume_n, wh_per_m3) == energy_n
