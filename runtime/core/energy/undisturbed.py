"""The ledger's fold for counters that nothing befalls: what nearly all of them are, nearly always.

It says the same as ``fold`` or nothing at all. One function each and no object of their own: a cycle of a large site
folds thousands of counters.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import sub

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.counterlimits import HOUR_MS, LAG_MS, Limits
from runtime.core.energy.ledgerstate import (
    LEAST_PACE,
    MOVED_S,
    Booked,
    Folded,
    LedgerState,
    forget_notes,
    moved_since,
    pace_of,
)
from runtime.core.quantity.quality import Quality


def fold_undisturbed(
    state: LedgerState,
    readings: Sequence[tuple[int, int]],
    grid: Grid,
    limits: Limits,
    *,
    resumed: Collection[int] = (),
    steady: Collection[int] = (),
    expected_n: int = 0,
) -> Folded | None:
    """The same as ``fold`` where each reading is as it should be, one edge at most lies between them and the counter
    is no faster than before; None where anything is odd: then ``fold`` decides."""
    ts_ms, raw_n, total_n, edge_ts, edge_total_n, quality = state[:6]
    edge_ms = grid.after(edge_ts) * 1000
    if state.held or state.paused or state.doubted_ms or state.again_ts or edge_ms <= ts_ms:
        return None
    hourly_n, grain_n, pace = limits.hourly_n(state.pace), limits.grain_at(raw_n), max(state.pace, LEAST_PACE - 1)
    moved_ms, booked = 0, None
    for at_ms, now_n in readings:
        span_ms, climb_n = at_ms - ts_ms, now_n - raw_n
        if span_ms <= 0:
            continue
        if not 0 <= climb_n <= hourly_n * (span_ms + LAG_MS) // HOUR_MS + grain_n:
            return None
        if (
            span_ms > limits.pause_ms
            or at_ms in resumed
            or (at_ms in steady and pace_of(climb_n - grain_n, span_ms) > pace)
        ):
            return None
        if at_ms >= edge_ms:
            if booked is not None or span_ms > limits.bracket_ms:
                return None
            passed_n = total_n + climb_n * (edge_ms - ts_ms) // span_ms
            booked = Booked(edge_ts, edge_ms // 1000, passed_n - edge_total_n, passed_n, int(quality))
            if not quality and pace_of(booked.energy_n, edge_ms - edge_ts * 1000) > pace:
                return None
            edge_ts, edge_total_n, quality = booked.end_ts, passed_n, Quality.GOOD
            edge_ms = grid.after(edge_ts) * 1000
            if edge_ms <= at_ms:
                return None
        if climb_n:
            moved_ms = at_ms
        ts_ms, raw_n, total_n = at_ms, now_n, total_n + climb_n
    unmoved_n = 0 if moved_ms else state.unmoved_n + expected_n
    if unmoved_n >= limits.stuck_n:
        return None
    moved_ts = moved_ms // 1000 // MOVED_S * MOVED_S or state.unmoved_since_ts
    after = LedgerState(
        ts_ms, raw_n, total_n, edge_ts, edge_total_n, quality, state.rollovers, (), state.former, unmoved_n,
        state.dip_ms, state.glitch_ms, state.pace, moved_since(moved_ts, ts_ms // 1000), False,
        0 if moved_ms else state.falls,
    )  # fmt: skip
    return Folded(forget_notes(after, ts_ms), () if booked is None else (booked,))


def fold_on_edges(
    state: LedgerState, edges: Sequence[int], indexes: Sequence[int], limits: Limits
) -> tuple[LedgerState, list[int]] | None:
    """The same as ``fold`` for an undisturbed counter read at consecutive edges of the grid, many times faster.

    edges    UTC s, the grid's edges that follow ``state.edge_ts``; indexes: the raw index at each
    returns  the new state and the energy of each slot; None where anything is odd: then ``fold`` decides
    """
    if state.held or state.quality or state.paused or state.again_ts or state.ts_ms != state.edge_ts * 1000:
        return None
    energies = list(map(sub, indexes, [state.raw_n, *indexes[:-1]]))
    lengths = list(map(sub, edges, [state.edge_ts, *edges[:-1]]))
    shortest_s, most_n = min(lengths), max(energies)
    plausible_n = limits.hourly_n(state.pace) * (shortest_s * 1000 + LAG_MS) // HOUR_MS
    if min(energies) < 0 or most_n > plausible_n or max(lengths) * 1000 > limits.pause_ms:
        return None
    total_n = state.total_n + indexes[-1] - state.raw_n
    moved = [ts for ts, energy_n in zip(edges, energies, strict=True) if energy_n]
    moved_ts = moved[-1] if moved else state.moved_ts or state.ts_ms // 1000
    pace = max(n * 3600 // s for n, s in zip(energies, lengths, strict=True)).bit_length()
    after = state._replace(
        ts_ms=edges[-1] * 1000, raw_n=indexes[-1], total_n=total_n, edge_ts=edges[-1], edge_total_n=total_n,
        unmoved_n=0 if indexes[-1] != state.raw_n else state.unmoved_n,
        pace=max(state.pace, pace if pace >= LEAST_PACE else 0),
        moved_ts=moved_since(moved_ts, edges[-1]), falls=0 if moved else state.falls,
    )  # fmt: skip
    return forget_notes(after, edges[-1] * 1000), energies
