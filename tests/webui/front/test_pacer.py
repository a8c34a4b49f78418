from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from webui.front.http.limits import Limits
from webui.front.pacer import TICK_S, Pacer

LIMITS = replace(Limits(), strangers_share=0.1, stranger_burst_s=0.06)


class Loop:
    """Time that a test tells, and what is called later."""

    def __init__(self) -> None:
        self.now, self.due = 0.0, list[tuple[float, Callable[[], None]]]()
        self.pacer = Pacer(LIMITS, lambda: self.now, lambda wait_s, act: self.due.append((self.now + wait_s, act)))

    def passes(self, seconds: float) -> None:
        until = self.now + seconds
        while self.due and min(self.due, key=lambda each: each[0])[0] <= until:
            entry = min(self.due, key=lambda each: each[0])
            self.due.remove(entry)
            self.now = max(self.now, entry[0])
            entry[1]()
        self.now = until


def test_who_waits_goes_on_in_order_when_the_address_has_something_again() -> None:
    loop, gone = Loop(), list[int]()
    loop.pacer.charge("a", 0.07)
    for number in range(5):
        loop.pacer.wait("a", lambda number=number: gone.append(number))  # type: ignore[misc]
    loop.passes(0.05)
    assert gone == [] and not loop.pacer.may("a")
    loop.passes(10)
    assert gone == [0, 1, 2, 3, 4] and loop.pacer.may("a")
    assert loop.due == [], "nobody waits, so nothing is looked at"


def test_nobody_new_passes_those_who_wait() -> None:
    loop = Loop()
    loop.pacer.charge("a", 0.061)
    loop.pacer.wait("a", lambda: loop.pacer.charge("a", 0.5))
    loop.now = TICK_S / 2
    assert not loop.pacer.may("a")
    assert loop.pacer.may("b")


def test_who_has_left_is_not_called() -> None:
    loop, gone = Loop(), list[str]()
    loop.pacer.charge("a", 0.07)

    def go_on() -> None:
        gone.append("on")

    loop.pacer.wait("a", go_on)
    loop.pacer.forget("a", go_on)
    loop.pacer.forget("b", go_on)
    loop.passes(10)
    assert gone == []


def test_a_crowd_of_ten_addresses_gets_a_tenth_of_a_core_whatever_it_asks_for() -> None:
    """Each of 1,000 who wait asks again at once; what each takes is known afterwards alone."""
    loop, spent_s = Loop(), [0.0]

    def ask(address: str) -> None:
        loop.pacer.charge(address, 0.004)
        spent_s[0] += 0.004
        loop.pacer.wait(address, lambda: ask(address))

    for n in range(1_000):
        loop.pacer.wait(f"10.0.0.{n % 10}", lambda n=n: ask(f"10.0.0.{n % 10}"))  # type: ignore[misc]
    loop.passes(20)
    assert 1.0 <= spent_s[0] <= 20 * 0.1 + 10 * 0.06 + 10 * 0.004 * 16
