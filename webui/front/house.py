"""What all connections of the front share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from webui.front.exchange import Exchange
from webui.front.hosts import Hosts
from webui.front.limits import Limits
from webui.front.secure import SecureOnly
from webui.front.turns import Turns


@dataclass(frozen=True, slots=True)
class House:
    """One thread's worth.

    now       monotonic seconds
    soon      call later, in the same thread
    exchange  a request with the page server, from its head and body
    """

    now: Callable[[], float]
    soon: Callable[[Callable[[], None]], object]
    exchange: Callable[[bytes, Iterator[bytes]], Exchange]
    limits: Limits
    hosts: Hosts
    secure: SecureOnly
    turns: Turns
