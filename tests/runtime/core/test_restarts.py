from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.restarts import (
    CORE,
    LEAF,
    RESTART_TYPES,
    Escalate,
    Leave,
    Record,
    Rest,
    StartAgain,
    after_exit,
    began,
    release,
)


def ended(record, policy=LEAF, *, restart="permanent", core=False, crashed=True, now=0.0, jitter=1.0):
    return after_exit(record, policy, restart=restart, core=core, crashed=crashed, now=now, jitter=jitter)


def crash_at(*times, policy=LEAF, core=False):
    record, decision = Record(), None
    for now in times:
        record, decision = ended(record, policy, core=core, now=now)
        record = began(record, now)
    return record, decision


@pytest.mark.parametrize(
    ("restart", "crashed", "again"),
    [
        ("permanent", False, True),
        ("permanent", True, True),
        ("transient", False, False),
        ("transient", True, True),
        ("temporary", False, False),
        ("temporary", True, False),
    ],
)
def test_the_restart_type_says_who_is_started_again(restart, crashed, again):
    _, decision = ended(Record(), restart=restart, crashed=crashed)
    assert isinstance(decision, StartAgain if again else Leave)


def test_the_longest_delay_doubles_with_each_crash_in_a_row():
    delays, record = [], Record()
    for now in range(0, 1000, 100):  # never five within the window
        record, decision = ended(record, now=now)
        record = began(record, now)
        delays.append(decision.delay_s)
    assert delays == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]


@given(st.floats(0, 1), st.integers(0, 10_000))
def test_the_delay_lies_between_nothing_and_the_longest(jitter, row):
    _, decision = ended(Record(row=row), jitter=jitter)
    assert 0 <= decision.delay_s <= LEAF.longest_s


def test_jitter_spreads_the_delay_over_its_whole_range():
    assert [ended(Record(row=2), jitter=jitter)[1].delay_s for jitter in (0.0, 0.5, 1.0)] == [0.0, 1.0, 2.0]


def test_a_stable_life_starts_the_row_anew():
    record, _ = crash_at(0, 100, 200)
    _, decision = ended(record, now=200 + LEAF.stable_s)
    assert decision == StartAgain(0.5)


def test_a_life_just_short_of_stable_does_not():
    record, _ = crash_at(0, 100, 200)
    _, decision = ended(record, now=200 + LEAF.stable_s - 0.001)
    assert decision == StartAgain(4.0)


def test_five_crashes_within_the_window_put_a_leaf_to_rest():
    assert crash_at(0, 10, 20, 30)[1] == StartAgain(4.0)
    assert crash_at(0, 10, 20, 30, 299.999)[1] == Rest(600.0)


def test_a_crash_that_left_the_window_counts_no_more():
    assert isinstance(crash_at(0, 10, 20, 30, 300)[1], StartAgain)


def test_a_crash_on_trial_puts_it_to_rest_again_at_once():
    record, _ = crash_at(0, 1, 2, 3, 4)
    record, decision = ended(release(record, 604), now=610)
    assert decision == Rest(600.0)


def test_a_stable_life_ends_the_trial():
    record, _ = crash_at(0, 1, 2, 3, 4)
    record, decision = ended(release(record, 604), now=604 + LEAF.stable_s)
    assert decision == StartAgain(0.5)
    assert not record.on_trial


def test_three_crashes_of_a_core_child_within_a_minute_escalate():
    assert crash_at(0, 59.9, policy=CORE, core=True)[1] == StartAgain(1.0)
    assert crash_at(0, 30, 59.9, policy=CORE, core=True)[1] == Escalate()
    assert isinstance(crash_at(0, 30, 60, policy=CORE, core=True)[1], StartAgain)


def test_a_permanent_child_that_keeps_ending_normally_comes_to_rest_like_one_that_crashes():
    record, _ = crash_at(0, 1, 2, 3)
    assert ended(record, crashed=False, now=4)[1] == Rest(600.0)


@given(st.lists(st.tuples(st.floats(0.001, 700), st.sampled_from(RESTART_TYPES), st.booleans()), max_size=60))
def test_no_leaf_starts_more_often_than_its_policy_allows(story):
    """Whatever happens, five endings never lie within one window without a rest after the fifth."""
    record, now, endings = Record(), 0.0, []
    for pause, restart, crashed in story:
        now += pause
        record, decision = ended(record, restart=restart, crashed=crashed, now=now)
        if not isinstance(decision, Leave):
            endings = [at for at in endings if now - at < LEAF.window_s] + [now]
            assert isinstance(decision, Rest) or len(endings) < LEAF.crashes
        record = release(record, now) if isinstance(decision, Rest) else began(record, now)
