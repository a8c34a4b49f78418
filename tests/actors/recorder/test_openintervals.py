"""Who is in of an interval, and what comes after it was committed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from actors.recorder.openintervals import OpenIntervals

NOW = 1_920  # latest end of an interval


def sample(device: int, end_ts: int) -> Any:
    return SimpleNamespace(device=device, end_ts=end_ts, is_open=False)


def test_it_is_complete_when_all_that_are_due_are_in() -> None:
    intervals = OpenIntervals()
    intervals.begin(600)
    assert not intervals.add(sample(1, 600), {1, 2})
    assert intervals.add(sample(2, 600), {1, 2})
    assert 600 in intervals and intervals.oldest_ts == 600


def test_one_who_is_not_due_completes_nothing_and_harms_nothing() -> None:
    intervals = OpenIntervals()
    intervals.begin(600)
    assert not intervals.add(sample(9, 600), {1})
    assert intervals.add(sample(1, 600), {1})


def test_after_the_commit_none_is_open_and_what_comes_is_late() -> None:
    intervals = OpenIntervals()
    intervals.begin(600)
    intervals.begin(1200)
    intervals.commit([sample(1, 600), sample(1, 1200)])
    assert not intervals and intervals.oldest_ts == 0
    assert intervals.is_late(600, NOW) and intervals.is_late(1200, NOW) and not intervals.is_late(1800, NOW)


def test_what_was_committed_ahead_of_a_clock_that_was_put_back_makes_nobody_late() -> None:
    intervals = OpenIntervals()
    intervals.begin(90_000)
    intervals.commit([sample(1, 90_000)])
    assert intervals.is_late(3_600, 90_000) and not intervals.is_late(3_600, 3_720)
