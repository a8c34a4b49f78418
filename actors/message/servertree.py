"""Messages about servers that read one another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LoopReported:
    """What a gateway leads to reads this server itself. Server tree -> gateway, again and again.

    path  of the loop, by names; "" = there is none
    """

    path: str
