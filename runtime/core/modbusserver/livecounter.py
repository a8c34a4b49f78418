"""A ledger between two samples: what its counter has shown since, as far as that is beyond doubt."""

from __future__ import annotations

from runtime.core.energy.counterlimits import HOUR_MS, LAG_MS, Limits
from runtime.core.energy.ledgerstate import LedgerState

Reading = tuple[int, int]  # UTC ms, raw index


def unbooked_n(state: LedgerState, newest: Reading, before: Reading | None, limits: Limits) -> int:
    """Energy since the last edge that no bin has yet, in steps.

    What the counter can have climbed by its past is taken from the newest reading. What is more than that, but no
    more than any circuit carries, needs the reading before it as a witness, and is taken as far as that went. Any other
    reading adds nothing: the ledger decides what it is when the interval closes.
    """
    booked_n = state.total_n - state.edge_total_n
    climb_n, passed_ms = newest[1] - state.raw_n, newest[0] - state.ts_ms
    if passed_ms <= 0 or climb_n <= 0:
        return booked_n
    if not needs_witness(state, newest, limits):
        return booked_n + climb_n
    if before is None or before[0] <= state.ts_ms or climb_n > _most_n(limits.large_n, passed_ms):
        return booked_n
    return booked_n + max(0, min(climb_n, before[1] - state.raw_n))


def needs_witness(state: LedgerState, newest: Reading, limits: Limits) -> bool:
    """Whether a reading alone, after one that the ledger has, says too little."""
    climb_n, passed_ms = newest[1] - state.raw_n, newest[0] - state.ts_ms
    return bool(state.held) or climb_n > _most_n(limits.hourly_n(state.pace), passed_ms)


def _most_n(hourly_n: int, passed_ms: int) -> int:
    return hourly_n * (passed_ms + LAG_MS) // HOUR_MS
