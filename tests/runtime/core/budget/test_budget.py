"""Budgets and leaks: what is asked for, and when a meter never stands still."""

from __future__ import annotations

import pytest

from runtime.core.budget.budget import BudgetSpec, never_stops


@pytest.mark.parametrize(
    ("given", "of"),
    [({}, "total"), ({"device": 3}, "device:3"), ({"load": 2}, "load:2"), ({"measure_group": 4}, "group:4")],
)
def test_what_is_asked_for(given, of):
    assert BudgetSpec(1, "B", "budget", "water", **given).of == of


@pytest.mark.parametrize(
    ("hours_n", "expected"),
    [
        ([1] * 24, True), ([0] + [1] * 24, True), ([1] * 23 + [0], False), ([1] * 23, None), ([1] * 23 + [None], None),
        ([None] + [1] * 24, True), ([0, None] + [1] * 23, None), ([1, None, 0] + [1] * 21, False), ([], None),
    ],
)  # fmt: skip
def test_a_meter_that_never_stands_still(hours_n, expected):
    assert never_stops(hours_n, 24) is expected
