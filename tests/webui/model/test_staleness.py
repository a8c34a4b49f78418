from __future__ import annotations

import pytest

from webui.model.staleness import is_stale

NOW_MS = 1_800_000_000_000


@pytest.mark.parametrize(
    ("quantity", "age_s", "stale"),
    [
        ("active_power_w", 29, False),
        ("active_power_w", 31, True),
        ("link_1_state", 179, False),
        ("harmonic_voltage_l1_3_pct", 181, True),
        ("serial_number", 7100, False),
        ("ct_ratio", 7300, True),
        ("active_power_w", -31, True),
    ],
)
def test_a_reading_is_old_when_it_should_have_come_again(quantity: str, age_s: int, stale: bool) -> None:
    assert is_stale(quantity, NOW_MS - age_s * 1000, NOW_MS, 30) is stale
