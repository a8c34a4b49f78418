"""What is kept of a counter between two samples, and what comes of folding readings into it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.belief import Former
from runtime.core.energy.candidate import Candidate
from runtime.core.energy.counterlimits import HOUR_MS
from runtime.core.quantity.quality import Quality

LEAST_PACE = 12  # what is below is usual for any counter
MOVED_S = 64  # little is kept of it in a record that each cycle writes
MOVED_MOST_S = 1000 * MOVED_S
DAY_MS = 86_400_000
NOTED_MS = DAY_MS  # a counter that trembles is reported once a day
GLITCH_NOTED_MS = 3_600_000  # and one that is misread once an hour


def moved_since(moved_ts: int, ts: int) -> int:
    """When an index moved last, as it is kept: never later than it was, but by ``MOVED_MOST_S`` before ``ts``."""
    return max(moved_ts // MOVED_S, (ts - MOVED_MOST_S) // MOVED_S) * MOVED_S


def pace_of(climb_n: int, span_ms: int) -> int:
    """It drew below 2**pace in an hour; 0 where it did not climb."""
    return (climb_n * HOUR_MS // span_ms).bit_length() if climb_n > 0 else 0


class LedgerState(NamedTuple):
    """All that has to be kept of a counter between two samples; each cycle makes thousands of them.

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
    again_ts         slots that end by then were booked before the clock was put back: what comes now comes on top; 0 =
                     there are none
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
    again_ts: int = 0

    @property
    def unmoved_since_ts(self) -> int:
        """UTC s, as ``moved_ts``, and never 0."""
        return self.moved_ts or self.ts_ms // 1000 // MOVED_S * MOVED_S

    @property
    def offset_n(self) -> int:
        """What has to be added to the raw index."""
        return self.total_n - self.raw_n


class Booked(NamedTuple):
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


class Folded(NamedTuple):
    """What came of some readings.

    again_ts  slots that end by then were booked before, and what is booked of them comes on top
    back_ts   from when on they were booked again, as the counter that was left then came back; 0 = none did
    """

    state: LedgerState | None
    booked: tuple[Booked, ...] = ()
    findings: tuple[Finding, ...] = ()
    again_ts: int = 0
    back_ts: int = 0


def turn_back(state: LedgerState, back_ms: int, grid: Grid) -> LedgerState:
    """The clock was put back: all that the ledger knows has another time now. What was booked stays where it is."""
    ts_ms = state.ts_ms - back_ms
    held = tuple(each.moved(-back_ms) for each in state.held)
    former = None if state.former is None else replace(state.former, ts_ms=state.former.ts_ms - back_ms)
    moved = state._replace(
        ts_ms=ts_ms, held=held, former=former, dip_ms=max(0, state.dip_ms - back_ms),
        glitch_ms=max(0, state.glitch_ms - back_ms), doubted_ms=max(0, state.doubted_ms - back_ms),
        moved_ts=max(0, state.moved_ts - -(-back_ms // 1000)) // MOVED_S * MOVED_S,
    )  # fmt: skip
    if ts_ms >= state.edge_ts * 1000:
        return moved
    again_ts = max(state.again_ts, state.edge_ts)
    return moved._replace(edge_ts=grid.start(ts_ms // 1000), again_ts=again_ts, quality=Quality.ESTIMATED)


def unsure(state: LedgerState, now_ms: int, grid: Grid) -> LedgerState:
    """The same where nobody knows how long ago its last reading was: as if it was now, but its index a day old."""
    turned = turn_back(state, state.ts_ms - now_ms + 1, grid)
    return turned._replace(held=(), paused=True, moved_ts=moved_since((now_ms - DAY_MS) // 1000, now_ms // 1000))


def rewound(state: LedgerState, ts: int, taken_n: int) -> LedgerState:
    """As it was at an edge, from which on all that was booked (``taken_n``) was taken back."""
    total_n = state.edge_total_n - taken_n
    raw_n = state.raw_n - (state.total_n - total_n)
    return LedgerState(
        ts * 1000, raw_n, total_n, ts, total_n, Quality.ESTIMATED, state.rollovers, pace=state.pace,
        moved_ts=moved_since(ts, ts), paused=True,
    )  # fmt: skip


def forget_notes(state: LedgerState, now_ms: int) -> LedgerState:
    """What was reported lately is not reported again; later that is forgotten."""
    if not state.dip_ms and not state.glitch_ms:
        return state
    dip_ms = state.dip_ms if now_ms - state.dip_ms < NOTED_MS else 0
    glitch_ms = state.glitch_ms if now_ms - state.glitch_ms < GLITCH_NOTED_MS else 0
    return state._replace(dip_ms=dip_ms, glitch_ms=glitch_ms)
