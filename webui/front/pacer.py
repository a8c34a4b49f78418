"""Who without a login has to wait until its address may take more of the processor, and who is next."""

from __future__ import annotations

from collections.abc import Callable

from webui.front.budget import Budget
from webui.front.http.limits import Limits

TICK_S = 0.025  # how often those who wait are looked at
_GRANT_S = 0.001  # what one of them is thought to take, until it is known
_MOST_AT_ONCE = 16  # of one address

GoOn = Callable[[], None]


class Pacer:
    """Whoever may not go on stops reading, so that the kernel holds the client up, and gives what is called later.

    now    monotonic seconds
    later  calls after so many seconds, in the same thread
    """

    def __init__(self, limits: Limits, now: Callable[[], float], later: Callable[[float, GoOn], object]) -> None:
        self._budget, self._now, self._later = Budget(limits), now, later
        self._waiting: dict[str, dict[GoOn, None]] = {}
        self._refilled = now()
        self._is_ticking = False

    def may(self, address: str) -> bool:
        """Whether somebody from there may go on; never past those from there who wait already."""
        self._refill()
        return address not in self._waiting and self._budget.has_credit(address)

    def may_peek(self, address: str) -> bool:
        """Whether a new one from there may say who it is."""
        return self._budget.may_peek(address)

    def charge(self, address: str, spent_s: float, *, peek: bool = False) -> None:
        self._budget.charge(address, spent_s, peek=peek)

    def wait(self, address: str, go_on: GoOn) -> None:
        """``go_on`` is called once, when it is its turn."""
        self._waiting.setdefault(address, {})[go_on] = None
        if not self._is_ticking:
            self._is_ticking = True
            self._later(TICK_S, self._tick)

    def forget(self, address: str, go_on: GoOn) -> None:
        """It waits no more."""
        queue = self._waiting.get(address)
        if queue is not None and go_on in queue:
            del queue[go_on]
            if not queue:
                del self._waiting[address]

    def _tick(self) -> None:
        self._refill()
        for address in list(self._waiting):
            self._release(address)
        self._is_ticking = bool(self._waiting)
        if self._is_ticking:
            self._later(TICK_S, self._tick)

    def _release(self, address: str) -> None:
        for _ in range(_MOST_AT_ONCE):
            queue = self._waiting.get(address)
            if not queue or not self._budget.has_credit(address):
                return
            go_on = next(iter(queue))
            self.forget(address, go_on)
            self._budget.charge(address, _GRANT_S)
            go_on()

    def _refill(self) -> None:
        now = self._now()
        if now - self._refilled >= TICK_S / 5:
            self._budget.refill(now - self._refilled)
            self._refilled = now
