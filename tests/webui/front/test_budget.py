from __future__ import annotations

from dataclasses import replace

import pytest

from webui.front.budget import MOST_ACCOUNTS, Budget
from webui.front.http.limits import Limits

LIMITS = replace(Limits(), strangers_share=0.1, stranger_burst_s=0.06)


def spend(budget: Budget, address: str, each_s: float) -> float:
    """Until nothing is left; what was had."""
    had_s = 0.0
    while budget.has_credit(address):
        budget.charge(address, each_s)
        had_s += each_s
    return had_s


def test_an_address_that_asked_for_nothing_lately_has_its_burst() -> None:
    assert spend(Budget(LIMITS), "a", 0.01) == pytest.approx(0.06)


@pytest.mark.parametrize("addresses", [1, 10, 300])
def test_all_together_get_their_share_of_a_core_and_no_more(addresses: int) -> None:
    budget, names = Budget(LIMITS), [f"10.0.{n // 250}.{n % 250}" for n in range(addresses)]
    bursts_s = sum(spend(budget, name, 0.001) for name in names)
    had_s = 0.0
    for _ in range(1_000):
        budget.refill(0.01)
        had_s += sum(spend(budget, name, 0.001) for name in names)
    assert bursts_s <= addresses * 0.062
    assert had_s <= 10 * 0.1 + addresses * 0.001


def test_one_who_comes_now_and_then_waits_for_no_flood() -> None:
    budget = Budget(LIMITS)
    for _ in range(1_000):
        budget.refill(0.01)
        for n in range(10):
            spend(budget, f"10.0.0.{n}", 0.001)
    assert budget.has_credit("10.0.9.9")
    budget.charge("10.0.9.9", 0.05)
    assert budget.has_credit("10.0.9.9")


def test_what_is_owed_is_paid_back_and_forgotten() -> None:
    budget = Budget(LIMITS)
    budget.charge("a", 1_000.0)
    assert not budget.has_credit("a")
    budget.refill(5.1)
    assert budget.has_credit("a"), "no more than half a second is owed"


def test_who_has_spent_his_part_may_say_who_he_is_now_and_then() -> None:
    budget = Budget(LIMITS)
    spend(budget, "a", 0.01)
    peeks = 0
    while budget.may_peek("a"):
        budget.charge("a", 0.001, peek=True)
        peeks += 1
    assert 5 <= peeks <= 7
    budget.refill(0.2)
    assert budget.may_peek("a")


def test_accounts_are_bounded_and_a_share_of_a_whole_core_holds_up_nobody() -> None:
    budget = Budget(LIMITS)
    for n in range(MOST_ACCOUNTS + 100):
        budget.charge(str(n), 0.1)
    assert not budget.has_credit("another"), "all others share one account"
    free = Budget(replace(LIMITS, strangers_share=1.0))
    free.charge("a", 1_000.0)
    assert free.has_credit("a")
