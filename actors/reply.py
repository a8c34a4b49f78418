"""Reply boxes: how someone outside the actors waits for what he asked, always with a deadline.

A message that wants an answer carries a box in its field ``reply``. Whoever finishes fills it; the first fill stands.
"""

from __future__ import annotations

import queue
from typing import Any

import pykka

from runtime.errors import WattkeeperError

Reply = pykka.ThreadingFuture


def new_reply() -> Reply[Any]:
    return Reply()


def answer(reply: pykka.Future[Any], value: object) -> bool:
    """Fill the box; False when somebody was faster."""
    try:
        reply.set(value)
    except queue.Full:
        return False
    return True


def refuse(reply: pykka.Future[Any], error: Exception) -> bool:
    """Fill the box with an error that the waiting side raises; False when somebody was faster."""
    try:
        reply.set_exception((type(error), error, None))
    except queue.Full:
        return False
    return True


def wait_for(reply: pykka.Future[Any], timeout_s: float) -> Any:
    """What the box was filled with. Raises the error it was refused with, or ``no_reply`` when time is up."""
    try:
        return reply.get(timeout=timeout_s)
    except pykka.Timeout:
        raise WattkeeperError("no_reply", f"no reply within {timeout_s:g} s") from None


def owner_restarted(owner: str) -> WattkeeperError:
    """What waits in the boxes of an actor that ended before it got to them."""
    return WattkeeperError("owner_restarted", f"{owner or 'the addressee'} ended before it answered; ask again")
