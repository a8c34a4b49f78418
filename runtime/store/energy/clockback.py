"""The clock was put back: ledgers follow it, and what was recorded ahead of it is put in its place.

Two rules, by device. Where nothing was measured at the time that it is now, the clock had run ahead: what was booked
from the last measured time on is taken back and lies in a straight line until now, and the samples that were recorded
ahead move to the time before now, marked. Where something was measured at this time already, that stays; energy that is
counted from here on comes on top, marked as estimated, until the clock shows what it never showed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import lmdb

from runtime.core.clock import timegrid
from runtime.core.clock.timegrid import DAY_S, Grid
from runtime.core.energy.bins import SLOTS, Period, address
from runtime.core.energy.ledger import Booked, turn_back
from runtime.core.energy.ledgerstate import rewound, unsure
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.store.energy.bins import Tally
from runtime.store.energy.counters import Ledgers
from runtime.store.sample.rows import LAST_TS, Row, Rows

BACK_MS = 2_000  # a reading may be answered so much before another one of its moment
LOOKED_S = 8 * DAY_S  # how far back the last measured time is looked for

Book = Callable[[int, int, Booked], None]  # counter's number, device, energy of a slot
Keep = Callable[[Row], None]


@dataclass(frozen=True, slots=True)
class Turn:
    """What a sample says of the clock.

    start_ts, interval_s  the slot that the clock shows now
    back_ms   by how much the clock was put back, 0 = nobody knows
    now_ms    its first reading after that, where nobody knows
    """

    start_ts: int
    interval_s: int
    back_ms: int
    now_ms: int


class ClockBack:
    """Lives within one write transaction. ``keep`` merges a row, ``book`` books energy into bins."""

    def __init__(self, txn: lmdb.Transaction, rows: Rows, tally: Tally, zone: ZoneInfo, book: Book, keep: Keep) -> None:
        self._txn, self._rows, self._tally, self._zone, self._book, self._keep = txn, rows, tally, zone, book, keep

    def follow(self, device: int, ledgers: Ledgers, turn: Turn) -> None:
        """Put the ledgers of a device, and what was recorded ahead, to the time that it is."""
        recorded_ts = max((state.edge_ts for state in ledgers.values()), default=0)
        at = self._rows.get(self._txn, device, turn.start_ts)
        if recorded_ts > turn.start_ts and (at is None or not _is_measured(at)):
            self._rewind(device, ledgers, turn)
            return
        grid = Grid(turn.interval_s, self._zone)
        for number, state in ledgers.items():
            if turn.back_ms:
                ledgers[number] = turn_back(state, turn.back_ms, grid)
            elif state.ts_ms > turn.now_ms:
                ledgers[number] = unsure(state, turn.now_ms, grid)

    def is_even(self, device: int, since_ts: int, grid: Grid) -> bool:
        """Whether the slots that are recorded from then on are those of the grid, so that energy can come on top."""
        recorded = self._rows.scan_device(self._txn, device, since_ts, LAST_TS)
        return all(
            row.start_ts == grid.start(row.start_ts) and _end(row) == grid.after(row.start_ts) for row in recorded
        )

    def on_top(self, device: int, quantity: str, part: Booked) -> Booked:
        """The energy of a slot together with what its row holds already, which is taken out of the row."""
        row = self._rows.get(self._txn, device, part.start_ts)
        if row is None:
            return part
        column = (quantity, "energy")
        there_n = dict(zip(row.columns, row.values_n, strict=True)).get(column)
        if there_n is None:
            return part
        self._rows.put(self._txn, _without(row, {column}))
        return part._replace(energy_n=part.energy_n + there_n)

    def _rewind(self, device: int, ledgers: Ledgers, turn: Turn) -> None:
        ahead = list(self._rows.scan_device(self._txn, device, turn.start_ts, LAST_TS))
        since_ts, filled = self._since(device, turn, ahead)
        taken: dict[str, int] = {}
        for row in (*filled, *ahead):
            self._take_back(row, taken)
            self._forget_bins(row, turn)
        for row in (*filled, *ahead):
            if row.start_ts < turn.start_ts and _is_measured(row):
                self._rows.put(self._txn, _without(row, _energies(row)))
            else:
                self._rows.take_out(self._txn, row)
        self._move(ahead, turn)
        for number, state in ledgers.items():
            if state.edge_ts > since_ts:
                ledgers[number] = rewound(state, since_ts, taken.get(_ID[number], 0))

    def _since(self, device: int, turn: Turn, ahead: Sequence[Row]) -> tuple[int, list[Row]]:
        """The last edge until which all was measured, and the rows behind it that were filled up."""
        before = list(self._rows.scan_device(self._txn, device, turn.start_ts - LOOKED_S, turn.start_ts))
        if not before:  # it began with a clock that was ahead
            ran_s = _end(ahead[-1]) - ahead[0].start_ts if ahead else 0
            return timegrid.interval_start(turn.start_ts - ran_s, turn.interval_s, self._zone), []
        filled: list[Row] = []
        for row in reversed(before):
            if _is_measured(row) and not _is_estimated(row):
                return _end(row), filled
            filled.append(row)
            if _is_measured(row):
                break
        return filled[-1].start_ts, filled

    def _take_back(self, row: Row, taken: dict[str, int]) -> None:
        for (quantity, statistic), value_n in zip(row.columns, row.values_n, strict=True):
            if statistic == "energy" and value_n is not None:
                taken[quantity] = taken.get(quantity, 0) + value_n
                self._book(
                    QUANTITIES[quantity].number, row.device, Booked(row.start_ts, _end(row), -value_n, 0, Quality.GOOD)
                )

    def _forget_bins(self, row: Row, turn: Turn) -> None:
        """Nothing is known of times to come, which is another thing than nothing taken."""
        at, now = address(row.start_ts, self._zone), address(turn.start_ts, self._zone)
        chunk, slot = divmod(row.device, SLOTS)
        for quantity, _ in _energies(row):
            for period in Period:
                ordinal = getattr(at, period.name.lower())
                if ordinal > getattr(now, period.name.lower()):
                    self._tally.cell(period, ordinal, QUANTITIES[quantity].number, chunk).forget(slot)

    def _move(self, ahead: Sequence[Row], turn: Turn) -> None:
        """What was measured ahead of now, to where it belongs; the energy of these times is booked anew."""
        measured = [row for row in ahead if _is_measured(row)]
        if not measured:
            return
        back_s = turn.back_ms // 1000 or _end(measured[-1]) - turn.start_ts
        for row in measured:
            middle_ts = row.start_ts + row.interval_s // 2 - back_s
            start_ts = timegrid.interval_start(middle_ts, row.interval_s, self._zone)
            if start_ts < turn.start_ts:
                kept = _without(row, _energies(row))
                doubt = (int(Quality.CLOCK_UNTRUSTED),) * len(kept.columns)
                self._keep(replace(kept, start_ts=start_ts, quality=doubt))


_ID = {quantity.number: quantity.id for quantity in QUANTITIES.values()}


def turn_of(ledgers: Ledgers, start_ts: int, end_ts: int, begun_ms: int, back_ms: int) -> Turn | None:
    """What a sample says of the clock; None where it goes on as it did."""
    newest_ms = max((state.ts_ms for state in ledgers.values()), default=0)
    if not back_ms and not (begun_ms and begun_ms < newest_ms - BACK_MS):
        return None
    return Turn(start_ts, end_ts - start_ts, back_ms, begun_ms)


def _energies(row: Row) -> set[tuple[str, str]]:
    return {column for column in row.columns if column[1] == "energy"}


def _without(row: Row, columns: Iterable[tuple[str, str]]) -> Row:
    kept = [number for number, column in enumerate(row.columns) if column not in columns]
    parts = (tuple(part[number] for number in kept) for part in (row.columns, row.values_n, row.quality))
    return Row(row.device, row.start_ts, row.interval_s, *parts)  # type: ignore[arg-type]


def _end(row: Row) -> int:
    return row.start_ts + row.interval_s


def _is_measured(row: Row) -> bool:
    columns = zip(row.columns, row.values_n, strict=True)
    return any(value_n is not None and statistic != "energy" for (_, statistic), value_n in columns)


def _is_estimated(row: Row) -> bool:
    """Its energy was not measured up to its end."""
    columns = zip(row.columns, row.values_n, row.quality, strict=True)
    return any(
        statistic == "energy" and (value_n is None or quality != Quality.GOOD)
        for (_, statistic), value_n, quality in columns
    )
