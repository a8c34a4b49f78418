"""What holds of a gateway's budget of polls: what is said of it, else what is usual."""

import pytest

from actors.bus.budget import Budget


class Line:
    def __init__(self, polls_per_s=0):
        self.poll_gap_s = 1 / polls_per_s if polls_per_s else 0.0


@pytest.mark.parametrize(
    ("wanted", "usual", "addressed", "held"),
    [
        (0, 0, 0, 0),
        (0, 100, 0, 100),
        (5, 100, 0, 5),
        (500, 100, 0, 500),
        (0, 100, 200, 200),
        (5, 100, 2, 2),
        (5, 0, 50, 5),
    ],
)
def test_the_smaller_of_what_installation_and_address_say_holds_else_what_is_usual(wanted, usual, addressed, held):
    budget = Budget(wanted, usual)
    budget.heed(Line(addressed))
    assert budget.per_s == held


def test_the_next_poll_may_begin_so_long_after_the_begin_of_the_last():
    budget = Budget(4)
    assert budget.next_at == 0.0
    budget.spend(10.0)
    assert budget.next_at == 10.25
    free = Budget()
    free.spend(10.0)
    assert free.next_at == 10.0
