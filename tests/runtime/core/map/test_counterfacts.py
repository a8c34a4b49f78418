"""A counter's step, span and direction are those of its row."""

from __future__ import annotations

import pytest

from runtime.core.energy.counterlimits import CounterFacts
from runtime.core.map.counterfacts import facts_of
from runtime.core.map.devicemap import parse_map
from runtime.errors import ConfigError

HEAD = {"id": "acme", "title": "ACME", "source": "a list", "trust": "field"}
WH = "active_energy_import_wh"


def fact(quantity=WH, **keys):
    device_map = parse_map({**HEAD, "field": [{"quantity": quantity, "at": 0, **keys}]}, file="any")
    return facts_of(device_map.fields, device_map.derived)[0][quantity]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"type": "u16", "scale": 20}, CounterFacts(20_000, 0, 20_000 << 16)),
        ({"type": "u32", "scale": "2.5"}, CounterFacts(2_500, 0, 2_500 << 32)),
        ({"type": "u32", "scale": 10, "digits": 8}, CounterFacts(10_000, 0, 10**12)),
        ({"type": "f32", "scale": 1000}, CounterFacts(1, 24)),
        ({"type": "i32", "scale": 100}, CounterFacts(100_000)),
        ({"type": "i64", "net": True}, CounterFacts(1_000, net=True)),
        ({"type": "u32", "sign": "negative"}, CounterFacts(1_000)),
        ({"type": "u32", "scale_at": 9}, CounterFacts()),
    ],
)
def test_what_is_not_in_the_row_is_not_known(keys, expected):
    assert fact(**keys) == expected


def test_a_value_in_two_parts_begins_anew_after_both():
    rows = [{"quantity": WH, "type": "u16", "low_at": 0, "high_at": 2, "high_factor": 10_000}]
    assert facts_of(parse_map({**HEAD, "field": rows}, file="any").fields, ())[0][WH].modulus_n == 655_360_000_000


def test_five_litres_are_a_step_of_water():
    assert fact("water_dm3", type="u32", scale=5, digits=8) == CounterFacts(5_000, 0, 5 * 10**11)


def test_a_device_that_is_fed_from_below_has_the_facts_of_the_other_direction():
    device_map = parse_map({**HEAD, "field": [{"quantity": WH, "at": 0, "type": "u16"}]}, file="any")
    assert list(facts_of(device_map.fields, ())[1]) == ["active_energy_export_wh"]


def test_only_a_counter_has_digits():
    with pytest.raises(ConfigError, match="digits"):
        fact("active_power_w", type="i16", digits=4)
