import random
from dataclasses import dataclass

import pytest

from runtime.core.poll.freshness import BusFreshness, Gaps, promised_s
from runtime.core.poll.schedule import LIVE, SLOW, PollPlan


@dataclass(frozen=True)
class Block:
    device: int
    block: int
    period_s: float
    rank: int = LIVE


def steady(gap_s, count=200):
    gaps = Gaps()
    for n in range(count):
        gaps.answered(n * gap_s, n * gap_s + 0.05)
    return gaps, (count - 1) * gap_s


def test_nothing_is_said_of_what_was_read_once():
    gaps = Gaps()
    gaps.answered(0.0, 0.1)
    assert gaps.age_s(5.0) is None


@pytest.mark.parametrize("gap_s", [0.01, 0.5, 2.0, 60.0])
def test_a_steady_rhythm_is_measured_within_a_bucket(gap_s):
    gaps, now = steady(gap_s)
    assert gap_s * 0.98 < gaps.age_s(now) < (gap_s + 0.05) * 1.08


def test_the_gap_that_is_still_open_counts():
    gaps, now = steady(1.0)
    assert gaps.age_s(now + 600) > 500


def test_a_rare_long_gap_counts_by_the_time_that_it_lasted():
    gaps, now = steady(1.0, 1000)
    gaps.answered(now + 1, now + 100)  # 100 s of 1,100 s: not the one in a thousand that it is by number
    assert gaps.age_s(now + 100) > 80


def test_counts_are_bounded_and_what_is_old_fades():
    gaps, now = steady(10.0, 4000)
    for n in range(20_000):
        gaps.answered(now + n, now + n + 0.05)
    assert gaps.age_s(now + 20_000) < 2


def played(blocks, costs_s, for_s):
    """Run the plan on a line that takes exactly these times; measured ages by device."""
    now = 0.0
    plan, ages = PollPlan(blocks, now), BusFreshness()
    ages.replan(blocks)
    while now < for_s:
        index = plan.next(now)
        if index is None:
            now += max(plan.wait_s(now), 0.001)
            continue
        began, now = now, now + costs_s[index]
        plan.done(index, now)
        ages.answered(index, began, now)
    return {age.device: age for age in ages.view(now, costs_s, 0.0)}


@pytest.mark.parametrize("seed", range(12))
def test_the_promise_is_kept_when_the_plan_is_run_on_idle_and_on_overloaded_lines(seed):
    rng = random.Random(seed)
    blocks, costs_s = [], []
    for device in range(1, rng.randrange(2, 40)):
        for number, (period_s, rank) in enumerate([(rng.choice((0, 1, 2)), LIVE), (10, LIVE), (60, SLOW)]):
            blocks.append(Block(device, number, period_s, rank))
            costs_s.append(rng.uniform(0.01, 0.12))
    for age in played(blocks, costs_s, 900.0).values():
        assert age.measured_s <= age.promised_s * 1.07  # a bucket


def test_a_line_alone_with_one_meter_promises_its_period_and_not_much_more():
    assert promised_s([Block(1, 0, 1.0)], [0.05])[1] == pytest.approx(1.2)


def test_what_was_not_read_yet_is_taken_for_like_the_others():
    both = promised_s([Block(1, 0, 1.0), Block(2, 0, 1.0)], [0.05, 0.0])
    assert both[1] == both[2] == pytest.approx(1.25)


def test_a_new_plan_keeps_what_was_measured():
    ages = BusFreshness()
    ages.replan([Block(1, 0, 1.0)])
    ages.answered(0, 0.0, 0.1)
    ages.answered(0, 1.0, 1.1)
    ages.replan([Block(2, 0, 1.0), Block(1, 0, 0.5)])
    assert {age.device: age.measured_s is not None for age in ages.view(2.0, [0.1, 0.1], 0.0)} == {1: True, 2: False}
