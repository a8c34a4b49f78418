"""A meter exchanged by hand: the last index of the old one, the first of the new one, and when."""

from __future__ import annotations

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.counterlimits import HOUR_MS, LAG_MS, Limits
from runtime.core.energy.ledger import Folded, LedgerState, advance, replace_index


def exchange_meter(
    state: LedgerState, ts_ms: int, closing_n: int, opening_n: int, grid: Grid, limits: Limits
) -> Folded | None:
    """Count the old meter to its last index, go on from the new one's first; None where that index cannot be.

    ts_ms  of the exchange, after the last reading that was accepted
    """
    if closing_n < state.raw_n:
        return None
    folded = advance(state, ts_ms, closing_n, grid, limits)
    assert folded.state is not None
    return folded._replace(state=replace_index(folded.state, closing_n, opening_n))


def most_counted(state: LedgerState, raw_n: int, ts_ms: int, limits: Limits, since_ms: int) -> int:
    """The highest index that a meter can have come to by ``ts_ms`` that showed ``raw_n`` at ``since_ms``."""
    hourly_n = limits.circuit_n or limits.hourly_n(state.pace)
    return raw_n + hourly_n * max(0, ts_ms - since_ms + LAG_MS) // HOUR_MS + limits.grain_at(raw_n)


def missed_energy(state: LedgerState, closing_n: int, opening_n: int) -> int | None:
    """Energy that nobody saw at an exchange that the ledger found by itself; None where it found none.

    What the old meter counted after its last reading, and the new one before its first.
    """
    former = state.former
    if former is None or closing_n < former.raw_n:
        return None
    began_n = state.raw_n - (state.total_n - former.total_n)  # where the ledger took up the new meter
    return closing_n - former.raw_n + began_n - opening_n
