"""docs/security.md names what closes each of the attack cases; each named test exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/security.md").read_text("utf-8")
_LIST = PAGE[PAGE.index("## The cases") : PAGE.index("## What version 0.1.0 let in")]
CASES = {int(row[0]): row[1] for row in re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", _LIST, re.MULTILINE)}
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def test_all_forty_two_cases_are_there() -> None:
    assert sorted(CASES) == list(range(1, 43))


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_closed_by_a_test_or_waits_for_what_it_attacks(case: int) -> None:
    assert "tests/" in CASES[case] or re.search(r"\bcomes? with\b", CASES[case])


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_the_named_test_exists(file: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / file).read_text("utf-8")


def test_each_promise_of_the_policy_has_its_tests() -> None:
    policy = (ROOT / "SECURITY.md").read_text("utf-8")
    promised = re.findall(r"^- \*\*([^*]+)\.\*\*", policy, re.MULTILINE)
    rows = dict(
        re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", PAGE[PAGE.index("## What SECURITY.md promises") :], re.MULTILINE)
    )
    assert len(promised) >= 8
    assert not [promise for promise in promised if "tests/" not in rows.get(promise, "")]


LINES = ("docs/security.md", "docs/reliability.md")
ELSEWHERE = (23, 24, 25)  # of the wire: what a frame is taken for, which the lists of the wire name


@pytest.mark.parametrize("line", [line for line in range(1, 26) if line not in ELSEWHERE])
def test_each_line_of_what_was_let_in_once_has_its_test(line: int) -> None:
    rows = "".join(re.findall(rf"^\| {line} \| [^|]+ \| ([^|]+) \|$", "".join(map(_let_in, LINES)), re.MULTILINE))
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", rows)
    assert named, f"no page names a test of line {line}"
    assert all(f"def {test}(" in (ROOT / file).read_text("utf-8") for file, test in named)


def _let_in(page: str) -> str:
    text = (ROOT / page).read_text("utf-8")
    return text[text.index("## What version 0.1.0 let in" if "security" in page else "## What a bad day found") :]
