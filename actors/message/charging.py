"""What is said to stations, and to the sharing of their current."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CHARGING = "chargeshare"


def station_name(id: int) -> str:
    """The actor of a charging station."""
    return f"station.{id}"


@dataclass(frozen=True, slots=True)
class SetLimit:
    """Allow so much from now on, 0 = it waits. Charge sharing -> a station.

    is_calm  none of its lines is red: one that is held back since the server began may be contacted
    """

    limit_ma: int
    is_calm: bool = False


@dataclass(frozen=True, slots=True)
class OrderCharge:
    """Let the present charge of a station start or wait, or have priority; None = as it is. Web -> a station.

    Answered with True; refused with no_charge, or station_silent: it would not start or wait. It ends with the charge.
    """

    allowed: bool | None
    priority: bool | None
    reply: Any


@dataclass(frozen=True, slots=True)
class LimitCircuit:
    """Let a circuit have no more than this until then; None ends it. Web -> charge sharing.

    Answered with True once it is kept; refused with station_off where the circuit is not at work.
    """

    circuit: int
    limit_ma: int | None
    until_ts_ms: int
    author: str
    reply: Any


@dataclass(frozen=True, slots=True)
class LeaveAlone:
    """Neither read nor write this device for a while: its own watchdog shall act. A station -> its gateway."""

    device: int
    for_s: float
