"""What is asked of the recorder about history: exchanges, corrections, recomputed costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ReplaceMeter:
    """A meter was exchanged. Web -> recorder; answered with the energy that had to be corrected, 0 as a rule.

    Refused with meter_index_wrong, meter_index_high, meter_unknown.
    confirmed  the last index is right though the meter can hardly have reached it
    """

    device: int
    quantity: str
    ts_ms: int
    closing_n: int  # last index of the old one, in steps
    opening_n: int  # first of the new one
    author: str
    reply: Any
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Correct:
    """Add energy to a stretch of the past. Web -> recorder; answered with the ``Correction``."""

    device: int
    quantity: str
    start_ts: int
    end_ts: int
    delta_n: int
    author: str
    reason: str
    reply: Any


@dataclass(frozen=True, slots=True)
class TakePhantomBack:
    """Correct what was booked from a moment on and cannot have been used. Web -> recorder; the ``Correction``s.

    Refused with phantom_unknown, correction_negative.
    """

    device: int
    quantity: str
    start_ts: int
    author: str
    reply: Any


@dataclass(frozen=True, slots=True)
class TakeBackCorrection:
    """Undo a correction. Web -> recorder; answered with the ``Correction``."""

    id: int
    author: str
    reply: Any


@dataclass(frozen=True, slots=True)
class Recompute:
    """Divide the energy of local days by the tariffs of now. Web -> recorder; answered when it has begun.

    How far it is tells the view ``recompute``. Refused with recompute_busy while another one runs.
    """

    first_day: int  # date.toordinal()
    last_day: int
    author: str
    reply: Any


@dataclass(frozen=True, slots=True)
class CancelRecompute:
    """Stop after the day that is at work; what is done stays done. Web -> recorder."""
