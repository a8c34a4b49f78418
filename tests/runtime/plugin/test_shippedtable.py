"""What is read quickly is what ``tomllib`` reads, types included."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.families.catalogue import FOLDER
from runtime.plugin.shippedtable import parse_shipped

ROWS = 'title = "a # b"\nfield = [\n  {%s},\n  {quantity = "x",   at = 0x00FF},\n]\nlast = 1\n'


def usual(text):
    return tomllib.loads(text, parse_float=Decimal)


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.toml")), ids=lambda file: file.stem)
def test_each_shipped_file_reads_the_same(file: Path):
    text = file.read_text(encoding="utf-8")
    quick, slow = parse_shipped(text), usual(text)
    assert {key: repr(value) for key, value in quick.items()} == {key: repr(value) for key, value in slow.items()}


@pytest.mark.parametrize(
    "row",
    [
        'at = 0x10, scale = 0.01, net = true, scale_at = 7, x = -5, y = "1/3"',
        'enum = {0 = "open", 1 = "closed"}, bits = [0, 3], factor = ["a", "b"], invalid = [[1, 2], [3, 4]]',
        'quantity = "a\\"b"',
        "quantity = 'literal'",
        "a.b = 1, c = 1_000",
        'at = 1e3, when = 2026-11-30, name = "é"',
        "",
    ],
)
def test_a_row_of_any_shape_reads_the_same(row):
    assert repr(sorted(parse_shipped(ROWS % row).items())) == repr(sorted(usual(ROWS % row).items()))


@pytest.mark.parametrize("wrong", ["at = ", "at = 1 at = 2", "at 1", 'at = "x', "at = 1,, b = 2", "at = [1"])
def test_what_is_no_toml_is_told(wrong):
    with pytest.raises(tomllib.TOMLDecodeError):
        parse_shipped(ROWS % wrong)
