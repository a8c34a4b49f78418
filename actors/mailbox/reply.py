"""Reply boxes: how someone outside the actors waits for what he asked, always with a deadline.

A message that wants an answer carries a box in its field ``reply``. Whoever finishes fills it; the first fill stands.
Who does what cannot be undone asks first whether anybody still waits for it (``claim``): what was answered with
``no_reply`` was not done.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

import pykka

from runtime.errors import WattkeeperError

Reply = pykka.ThreadingFuture
CLAIMED_S = 30.0  # that what was claimed may take until it is answered: one commit


class _Box(pykka.ThreadingFuture[Any]):
    """Either the waiting side gives up, or the working side claims it."""

    def __init__(self) -> None:
        super().__init__()
        self._turn = threading.Lock()
        self._owner = ""

    def take(self, owner: str) -> bool:
        with self._turn:
            self._owner = self._owner or owner
            return self._owner == owner


def new_reply() -> Reply[Any]:
    return _Box()


def claim(reply: object) -> bool:
    """Whether what was asked may be done for good: False when whoever asked was told already that it is not done."""
    return not isinstance(reply, _Box) or reply.take("worker")


class Forwarded:
    """A box of an actor that does not wait: whatever it is filled with goes on, mostly into the actor's own mailbox.

    Both are called in the thread of whoever fills it, at most one of them and once.
    """

    def __init__(self, answered: Callable[[Any], object], refused: Callable[[Exception], object]) -> None:
        self._answered = answered
        self._refused = refused
        self._open = True

    def set(self, value: Any = None) -> None:
        self._close()
        self._answered(value)

    def set_exception(self, exc_info: tuple[Any, Exception, Any]) -> None:
        self._close()
        self._refused(exc_info[1])

    def _close(self) -> None:
        if not self._open:
            raise queue.Full
        self._open = False


def answer(reply: pykka.Future[Any] | Forwarded | None, value: object) -> bool:
    """Fill the box; False when somebody was faster, or nobody waits."""
    if reply is None:
        return False
    try:
        reply.set(value)
    except queue.Full:
        return False
    return True


def refuse(reply: pykka.Future[Any] | Forwarded | None, error: Exception) -> bool:
    """Fill the box with an error that the waiting side raises; False when somebody was faster, or nobody waits."""
    if reply is None:
        return False
    try:
        reply.set_exception((type(error), error, None))
    except queue.Full:
        return False
    return True


def fill(reply: pykka.Future[Any] | Forwarded, outcome: object) -> bool:
    """With an answer, or with the error that it is; False when somebody was faster."""
    return refuse(reply, outcome) if isinstance(outcome, Exception) else answer(reply, outcome)


def wait_for(reply: pykka.Future[Any], timeout_s: float) -> Any:
    """What the box was filled with. Raises the error it was refused with, or ``no_reply`` when time is up."""
    try:
        return reply.get(timeout=timeout_s)
    except pykka.Timeout:
        if isinstance(reply, _Box) and not reply.take("waiter"):
            return _wait_on(reply)
        raise WattkeeperError("no_reply", f"no reply within {timeout_s:g} s") from None


def _wait_on(reply: _Box) -> Any:
    """It is being done for good right now."""
    try:
        return reply.get(timeout=CLAIMED_S)
    except pykka.Timeout:
        raise WattkeeperError("no_reply", f"claimed, and no reply within {CLAIMED_S:g} s") from None


def describe_restart(owner: str) -> WattkeeperError:
    """What waits in the boxes of an actor that ended before it got to them."""
    return WattkeeperError("owner_restarted", f"{owner or 'the addressee'} ended before it answered; ask again")
