"""The counter ledger: turns what a counter showed into energy that only climbs, and cuts it at the edges of slots.

One ledger per counter, starting at 0 with its first reading. All counts are steps of the counter's quantity. Between
two readings the ledger climbs in a straight line; an edge in between is interpolated in integers and the rest stays
with the next slot, so that sums over slots are exact: they equal last - first index. A reading that is as it should be
is taken at once. All others are candidates: nothing is booked until readings agree on one of them, and then it is what
the table in ``docs/history.md`` says (``belief``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.belief import Former
from runtime.core.energy.counterlimits import Limits
from runtime.core.energy.ledgerstate import Booked, Finding, Folded, LedgerState, moved_since, turn_back
from runtime.core.energy.ledgerwalk import Walk
from runtime.core.energy.undisturbed import fold_on_edges, fold_undisturbed
from runtime.core.quantity.quality import Quality

__all__ = [
    "Booked",
    "Finding",
    "Folded",
    "Former",
    "LedgerState",
    "advance",
    "fold",
    "fold_on_edges",
    "replace_index",
    "turn_back",
]


def fold(
    state: LedgerState | None,
    readings: Sequence[tuple[int, int]],
    grid: Grid,
    limits: Limits,
    *,
    resumed: Collection[int] = (),
    steady: Collection[int] = (),
    rescaled_ms: int = 0,
    expected_n: int = 0,
    goes_back: bool = True,
) -> Folded:
    """Take readings into the ledger.

    state        None = the counter has no ledger yet
    readings     (UTC ms, raw index), oldest first; those not newer than the last accepted one are passed over
    resumed      times of readings before which the line was silent, where ``limits.pause_ms`` does not tell
    steady       times of readings before which others were left out that climbed alike
    rescaled_ms  when the index began to mean something else: the first reading after it starts a new base, no energy
    goes_back    what a counter counted while another index was shown in its place may be booked from when it was left
    expected_n   energy that the power of these readings stands for, to tell a stuck counter; 0 = not known
    """
    if state is not None and rescaled_ms <= state.ts_ms:
        quick = fold_undisturbed(state, readings, grid, limits, resumed=resumed, steady=steady, expected_n=expected_n)
        if quick is not None:
            return quick
    if state is None:
        if not readings:
            return Folded(None)
        state = _begin(readings[0], grid, limits)
    walk = Walk(state, grid, limits, goes_back=goes_back)
    for ts_ms, raw_n in readings:
        if ts_ms > walk.newest_ms:
            if state.ts_ms < rescaled_ms <= ts_ms and walk.ts_ms < rescaled_ms:
                walk.start_from(ts_ms, raw_n)
            else:
                walk.take(ts_ms, raw_n, resumed=ts_ms in resumed, steady=ts_ms in steady)
    return walk.end(expected_n)


def advance(state: LedgerState, ts_ms: int, raw_n: int, grid: Grid, limits: Limits) -> Folded:
    """An index that somebody vouches for; nothing is asked of it. What was held is forgotten."""
    walk = Walk(state._replace(held=(), former=None), grid, limits)
    walk.newest_ms = ts_ms
    walk.accept(ts_ms, raw_n)
    return walk.end(0)


def replace_index(state: LedgerState, closing_n: int, opening_n: int) -> LedgerState:
    """The meter was exchanged by hand: count to the old one's closing index, go on from the new one's opening index."""
    left_n = max(0, closing_n - state.raw_n)
    return state._replace(
        raw_n=opening_n, total_n=state.total_n + left_n, held=(), former=None, unmoved_n=0,
        moved_ts=moved_since(state.ts_ms // 1000, state.ts_ms // 1000), falls=0, doubted_ms=0,
    )  # fmt: skip


def _begin(reading: tuple[int, int], grid: Grid, limits: Limits) -> LedgerState:
    ts_ms, raw_n = reading
    edge_ts = grid.start(ts_ms // 1000)
    late = ts_ms - edge_ts * 1000 > limits.bracket_ms
    return LedgerState(ts_ms, raw_n, 0, edge_ts, 0, quality=Quality.ESTIMATED if late else Quality.GOOD)
