"""docs/security.md names what closes each of the attack cases; each named test exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/security.md").read_text("utf-8")
CASES = {int(row[0]): row[1] for row in re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)}
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def test_all_forty_two_cases_are_there() -> None:
    assert sorted(CASES) == list(range(1, 43))


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_closed_by_a_test_or_waits_for_what_it_attacks(case: int) -> None:
    assert "tests/" in CASES[case] or re.search(r"\bcomes? with\b", CASES[case])


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_the_named_test_exists(file: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / file).read_text("utf-8")
