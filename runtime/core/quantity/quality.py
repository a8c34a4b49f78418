"""How far a value can be trusted; the worst of several wins."""

from __future__ import annotations

from enum import IntEnum


class Quality(IntEnum):
    """Ordered from best to worst, fits a nibble, names are those of the API."""

    GOOD = 0
    ESTIMATED = 1
    SUBSTITUTED = 2
    SUSPECT = 3
    CLOCK_UNTRUSTED = 4

    @property
    def label(self) -> str:
        return self.name.lower()
