"""A ledger between two samples: what its counter has shown since, as far as that is beyond doubt."""

from __future__ import annotations

from runtime.core.energy.counterlimits import HOUR_MS, LAG_MS, Limits
from runtime.core.energy.ledgerstate import LedgerState


def unbooked_n(state: LedgerState, ts_ms: int, raw_n: int, limits: Limits) -> int:
    """Energy since the last edge that no bin has yet, in steps.

    A reading that is lower than the last one, or higher than the counter can have climbed, adds nothing: the ledger
    decides what it is when the interval closes.
    """
    booked_n = state.total_n - state.edge_total_n
    climb_n, passed_ms = raw_n - state.raw_n, ts_ms - state.ts_ms
    if state.held or passed_ms <= 0 or climb_n <= 0:
        return booked_n
    plausible_n = limits.hourly_n(state.pace) * (passed_ms + LAG_MS) // HOUR_MS
    return booked_n + (climb_n if climb_n <= plausible_n else 0)
