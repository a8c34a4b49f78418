"""Names that people give, also hostile ones."""

import pytest

from runtime.core.text.naming import MOST_NAME, a_name, free_name, normalise_text


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("line\nend", "name_unprintable"),
        ("bell\x07", "name_unprintable"),
        ("\u202efdp.exe", "name_unprintable"),  # turns what follows around
        ("\u2066isolated\u2069", "name_unprintable"),
        ("zero\u200bwidth", "name_unprintable"),
        ("\ud800", "name_unprintable"),
        ("x" * (MOST_NAME + 1), "name_too_long"),
        ("x" * 10_240, "name_too_long"),
    ],
)
def test_what_nobody_sees_or_reads_is_refused(name, code):
    problem = a_name(name)
    assert problem and problem[0] == code


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=1+1", "Ofen & Öl", "变电站", "المحول", "'; DROP--"])
def test_markup_formulas_and_other_scripts_are_names_like_others(name):
    assert a_name(name) is None
    assert normalise_text(name) == name


def test_what_looks_the_same_is_written_the_same():
    assert normalise_text("  Cafe\u0301\u00a01 ") == "Café 1"


def test_a_taken_name_becomes_longer_and_then_gets_a_number():
    assert free_name("5", frozenset(), "Hall 5") == "5"
    assert free_name("5", frozenset({"5"}), "Hall 5") == "Hall 5"
    assert free_name("5", frozenset({"5", "Hall 5", "Hall 5 2"}), "Hall 5") == "Hall 5 3"
