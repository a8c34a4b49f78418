"""What is kept of a counter between two samples, and what comes of folding readings into it."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.energy.belief import Former
from runtime.core.energy.candidate import Candidate
from runtime.core.quantity.quality import Quality

LEAST_PACE = 12  # what is below is usual for any counter
MOVED_S = 64  # little is kept of it in a record that each cycle writes
MOVED_MOST_S = 1000 * MOVED_S


def moved_since(moved_ts: int, ts: int) -> int:
    """When an index moved last, as it is kept: never later than it was, but by ``MOVED_MOST_S`` before ``ts``."""
    return max(moved_ts // MOVED_S, (ts - MOVED_MOST_S) // MOVED_S) * MOVED_S


@dataclass(frozen=True, slots=True)
class LedgerState:
    """All that has to be kept of a counter between two samples.

    ts_ms, raw_n     last accepted reading
    total_n          energy since the ledger began, up to that reading
    edge_ts          last edge passed, and the energy up to it
    quality          how far the slot that began there can be trusted so far
    held             where the counter may stand now, not believed yet
    unmoved_n        energy expected since the counter last moved
    dip_ms           when its trembling was last reported, glitch_ms: a misread answer
    pace             it drew below 2**pace in its fastest hour
    moved_ts         UTC s when the index was first seen that it shows now, in units of ``MOVED_S`` and of the last
                     ``MOVED_MOST_S`` only, 0 = with the last reading
    paused           it was silent, and no reading has been believed since
    falls            how often in a row it was found lower
    doubted_ms       since when readings come and none is believed, 0 = they are
    """

    ts_ms: int
    raw_n: int
    total_n: int
    edge_ts: int
    edge_total_n: int
    quality: int = Quality.GOOD
    rollovers: int = 0
    held: tuple[Candidate, ...] = ()
    former: Former | None = None
    unmoved_n: int = 0
    dip_ms: int = 0
    glitch_ms: int = 0
    pace: int = 0
    moved_ts: int = 0
    paused: bool = False
    falls: int = 0
    doubted_ms: int = 0

    @property
    def offset_n(self) -> int:
        """What has to be added to the raw index."""
        return self.total_n - self.raw_n


@dataclass(frozen=True, slots=True)
class Booked:
    """The energy of one slot, final. ``total_n`` is the ledger at its end."""

    start_ts: int
    end_ts: int
    energy_n: int
    total_n: int
    quality: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the counter that people should know, between two readings.

    code  counter_rolled_over, counter_reset, counter_exchanged, counter_fell_back, counter_returned, counter_glitch,
          counter_dropped, counter_falling, counter_too_fast, counter_unsettled, counter_stuck, counter_gap,
          counter_rescaled
    """

    code: str
    since_ms: int
    ts_ms: int
    before_n: int
    after_n: int


@dataclass(frozen=True, slots=True)
class Folded:
    state: LedgerState | None
    booked: tuple[Booked, ...] = ()
    findings: tuple[Finding, ...] = ()
