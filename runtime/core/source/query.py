"""What a source is asked, or is listened to for; each protocol has its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

Described = Mapping[str, int | None]
_NOTHING_ASKED: Described = MappingProxyType({"function": None, "at": None, "count": None})


class Query(Protocol):
    """One transaction of an asked source, or one kind of frame of a heard one. Hashable and never changed."""

    @property
    def unit(self) -> int:
        """Address on the wire of who answers or speaks."""

    @property
    def is_write(self) -> bool: ...

    @property
    def period_s(self) -> float:
        """How often it comes by itself at the least; 0.0 = it is asked for, or silence says nothing."""

    def describe(self) -> Described:
        """``function``, ``at`` and ``count`` for people who look at a wire; None where the protocol has none."""

    def sent(self) -> bytes:
        """What went out, without what frames it; b"" when nothing does."""

    def received(self, payload: bytes | None, code: str) -> bytes | None:
        """What came in, without what frames it; None when there was nothing proper.

        payload  None where it failed, with the error's ``code``
        """


@dataclass(frozen=True, slots=True)
class Expected:
    """Frames of one name that one unit of a heard source sends by itself.

    name      tells a unit's frames apart, "" where all are alike
    period_s  how often one comes at the least; 0.0 = silence says nothing
    """

    unit: int
    name: str = ""
    period_s: float = 0.0

    @property
    def is_write(self) -> bool:
        return False

    def describe(self) -> Described:
        return _NOTHING_ASKED

    def sent(self) -> bytes:
        return b""

    def received(self, payload: bytes | None, code: str) -> bytes | None:
        return payload
