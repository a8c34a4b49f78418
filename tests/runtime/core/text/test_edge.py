import time

import pytest

from runtime.core.text.edge import decimal_of, text_fault, tree_fault, whole_of


@pytest.mark.parametrize("text", ["", "Main meter", "Zähler 3", "5\u00a0kW", "电表", "<b>", "=1+1"])
def test_what_people_write_comes_in(text):
    assert text_fault(text) == ""


@pytest.mark.parametrize("text", ["\ud800", "a\0", "a\nb", "\u202e", "\x1b[31m", "a\u200bb"])
def test_what_nobody_sees_or_what_turns_a_line_around_does_not(text):
    assert text_fault(text) == "text_unprintable"


def test_a_text_of_several_lines_comes_in_where_it_may_have_several():
    assert text_fault("a\r\n\tb", lines=True) == "" and text_fault("a\0", lines=True) == "text_unprintable"


def test_a_text_is_as_long_as_it_may_be():
    assert text_fault("a" * 250) == "" and text_fault("a" * 251) == "text_too_long"


@pytest.mark.parametrize(
    ("tree", "fault"),
    [
        ({"a": [1, {"b": "x"}], "c": None}, None),
        ({"name": "\ud800"}, ("name", "text_unprintable")),
        ({"a": {"\udfff": 1}}, ("a", "text_unprintable")),
        ({"a": ["x" * 300]}, ("a", "text_too_long")),
        ({"a": 10**30}, ("a", "number_too_long")),
        ({"a": -(10**30)}, ("a", "number_too_long")),
        ({"a": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}, ("a", "nested_too_deep")),
    ],
)
def test_a_tree_is_looked_through_and_blames_the_outermost_key(tree, fault):
    assert tree_fault(tree, 250) == fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "NaN",
        "-Infinity",
        "1e999999999",
        "1e-999999999",
        "9" * 61,
        "1e41",
        "1_000",
        "٣",
        "0,2",
        "1 0",
        "0x10",
        ".",
        "+-1",
    ],
)
def test_what_is_no_number_or_takes_long_to_work_out_is_refused_at_once(text):
    began = time.process_time()
    with pytest.raises(ValueError):
        decimal_of(text)
    assert time.process_time() - began < 0.1


def test_numbers_keep_their_decimals():
    assert str(decimal_of("0.1250")) == "0.1250" and decimal_of("1e3") == 1000


def test_blanks_around_a_number_do_not_count():
    assert [str(decimal_of(text)) for text in (" 0.2", "0.2 ", "\u00a00.2", "-.5", "+3.")] == [
        "0.2", "0.2", "0.2", "-0.5", "3"
    ]  # fmt: skip
    assert (whole_of(" 12 "), whole_of("-7"), whole_of("0x1F", 16), whole_of("1f", 16)) == (12, -7, 31, 31)


@pytest.mark.parametrize(
    ("text", "base"), [("1_000", 10), ("٣", 10), ("1.0", 10), ("0x1_0", 16), ("-1", 16), ("9" * 31, 10)]
)
def test_whole_numbers_are_digits_and_nothing_else(text, base):
    with pytest.raises(ValueError):
        whole_of(text, base)
