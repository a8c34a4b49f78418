from decimal import Decimal

import pytest

from runtime.core.text.tomltable import Table, nearest, ratio


@pytest.mark.parametrize(
    ("told", "exact"),
    [(10, (10, 1)), (Decimal("0.01"), (1, 100)), (0.1, (1, 10)), ("1/3", (1, 3)), ("-2.5", (-5, 2)), (4.0, (4, 1))],
)
def test_a_ratio_is_exact(told, exact):
    assert ratio(told) == exact


@pytest.mark.parametrize("told", [True, None, "", "a", "1/0", float("nan"), float("inf"), Decimal("Infinity"), [1]])
def test_what_is_no_number_is_no_ratio(told):
    assert ratio(told) is None


def test_the_nearest_word_is_told_or_all_of_a_few():
    assert nearest("voltag", ["voltage", "current"]) == "did you mean 'voltage'?"
    assert nearest("xyz", ["b", "a"]) == "one of a, b"
    assert nearest("xyz", [str(n) for n in range(100)]) == ""


def test_faults_carry_the_place_of_their_table():
    faults = []
    table = Table({"a": {"b": 1}, "rows": [{"c": "x"}]}, "", "f.toml", faults)
    table.table("a").text("b")
    table.tables("rows")[0].integer("c", 0, 9)
    table.fault("", "wrong")
    assert [fault.key for fault in faults] == ["a.b", "rows[1].c", ""]
