"""Between which readings a meter was exchanged, by what was recorded: the ledger may have taken it for a climb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import lmdb

from runtime.core.clock.timegrid import DAY_S
from runtime.core.energy.displaycheck import grain_of
from runtime.store.sample.rows import Row, Rows

WINDOWS_S = (3_600, DAY_S, 10 * DAY_S, 120 * DAY_S)  # looked at in turn, until there is a reading


@dataclass(frozen=True, slots=True)
class Passage:
    """From the last recorded index of the old meter to the first of the new one, and what was booked between them."""

    since_ms: int
    until_ms: int
    before_n: int
    after_n: int

    @property
    def booked_n(self) -> int:
        return self.after_n - self.before_n


def passage_at(
    txn: lmdb.Transaction, rows: Rows, device: int, quantity: str, ts: int, closing_n: int, opening_n: int
) -> Passage | None:
    """The two recorded indexes around a moment, if these can be the old and the new meter's; None where they cannot.

    closing_n, opening_n  last index of the old one, first of the new one
    """
    before = _nearest(
        lambda window_s: _indexes(txn, rows, device, quantity, ts - window_s, ts + 1), closing_n, last=True
    )
    since_ts = ts if before is None else before[0].start_ts + 1
    after = _nearest(lambda s: _indexes(txn, rows, device, quantity, since_ts, since_ts + s))
    if before is None or after is None or not opening_n <= after[1]:
        return None
    since_ts = before[0].start_ts + before[0].interval_s
    until_ts = max(after[0].start_ts, since_ts)
    end_ts = until_ts if until_ts > since_ts else after[0].start_ts + after[0].interval_s
    if not _was_climb(txn, rows, device, quantity, before, after):
        return None
    return Passage(since_ts * 1000, end_ts * 1000, before[1], after[1])


def grain_at(txn: lmdb.Transaction, rows: Rows, device: int, quantity: str, ts: int) -> int:
    """The step that a counter climbs in, by the indexes of the day before a moment; 1 where there are none."""
    indexes = [index_n for _, index_n in _indexes(txn, rows, device, quantity, ts - DAY_S, ts)]
    return grain_of(indexes) if indexes else 1


def _nearest(
    seen_in: Callable[[int], Iterator[tuple[Row, int]]], most_n: int | None = None, *, last: bool = False
) -> tuple[Row, int] | None:
    """The first or last of the recorded indexes, up to ``most_n``, of the narrowest window that has any."""
    for window_s in WINDOWS_S:
        seen = [each for each in seen_in(window_s) if most_n is None or each[1] <= most_n]
        if seen:
            return seen[-1 if last else 0]
    return None


def _was_climb(
    txn: lmdb.Transaction, rows: Rows, device: int, quantity: str, before: tuple[Row, int], after: tuple[Row, int]
) -> bool:
    """Whether the energy between two rows is what their indexes differ by, to about those of the slots at both ends."""
    column = (quantity, "energy")
    found = rows.scan_device(txn, device, before[0].start_ts, after[0].start_ts + 1, lambda each: each == column)
    energies = [row.values_n[0] or 0 for row in found]
    climbed_n = after[1] - before[1]
    slack_n = sum(energies[:2]) + energies[-1] if energies else 0
    return bool(energies) and abs(sum(energies[1:]) - climbed_n) <= slack_n


def _indexes(
    txn: lmdb.Transaction, rows: Rows, device: int, quantity: str, from_ts: int, to_ts: int
) -> Iterator[tuple[Row, int]]:
    """Rows with what the counter showed last in them."""
    column = (quantity, "index")
    for row in rows.scan_device(txn, device, max(0, from_ts), to_ts, lambda each: each == column):
        if (index_n := row.values_n[0]) is not None:
            yield row, index_n
