"""The read side of history: consumption by bins, recorded samples, events. Never writes; any thread may ask."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import lmdb

from runtime.core import bins, timegrid
from runtime.core.bins import SLOTS, Cell, Period
from runtime.core.installation import DeviceSpec, Installation
from runtime.core.quality import Quality
from runtime.core.quantities import QUANTITIES
from runtime.store.bins import get_cell
from runtime.store.env import Store
from runtime.store.events import Event, list_events
from runtime.store.rows import Row, Rows

FLUIDS = {"electricity": "active_energy_import_wh", "water": "water_dm3", "gas": "gas_dm3"}
FIRST_YEAR, LAST_YEAR = 1900, 9000  # what the calendar can hold with the period before and the year after
PERIODS = ("day", "month", "year", "decade")


@dataclass(frozen=True, slots=True)
class ConsumptionBin:
    """``value_n`` in steps of the fluid's quantity; None = nothing is known of it, or it is still to come."""

    start_ts: int
    end_ts: int
    value_n: int | None
    quality: int = Quality.GOOD


@dataclass(frozen=True, slots=True)
class Previous:
    """The period of the same name before."""

    start_ts: int
    end_ts: int
    total_n: int | None


@dataclass(frozen=True, slots=True)
class Consumption:
    """One chart: bins that cover the whole local period, the sum of what is known, the period before."""

    quantity: str
    bins: tuple[ConsumptionBin, ...]
    total_n: int | None
    previous: Previous


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded of one quantity in one slot: statistic -> count (mean, min, max, last; index, energy)."""

    start_ts: int
    end_ts: int
    values_n: dict[str, int | None]
    quality: int


class History:
    """All that pages, API and exports ask of the past."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._own = threading.local()  # schemas are cached for each thread

    def consumption(
        self, installation: Installation, *, of: str, fluid: str, period: str, date: datetime.date, zone: ZoneInfo
    ) -> Consumption:
        """Consumption of something over the local period that holds a date.

        of      "total", "others" (devices without a load), "device:ID", "load:ID", "group:ID"
        fluid   electricity, water, gas
        period  "day" by hours, "month" by days, "year" by months, "decade" = the ten years to that date's by years
        raises  ValueError when one of them is none of these
        """
        quantity = FLUIDS.get(fluid)
        if quantity is None or period not in PERIODS:
            raise ValueError(f"no such fluid or period: {fluid}, {period}")
        if not FIRST_YEAR <= date.year <= LAST_YEAR:
            raise ValueError(f"no chart of the year {date.year}")
        devices = frozenset(chosen(installation, of))
        number = QUANTITIES[quantity].number
        with self._store.reading() as txn:
            shown = tuple(self._bins(txn, number, devices, period, date, zone))
            earlier = tuple(self._bins(txn, number, devices, period, bins.before(period, date), zone))
        previous = Previous(earlier[0].start_ts, earlier[-1].end_ts, _total_n(earlier))
        return Consumption(quantity, shown, _total_n(shown), previous)

    def samples(self, device: int, quantity: str, from_ts: int, to_ts: int) -> tuple[Recorded, ...]:
        """What was recorded of a device's quantity in slots that start in [from_ts, to_ts), by time."""
        with self._store.reading() as txn:
            rows = self._rows().scan_device(txn, device, from_ts, to_ts, lambda column: column[0] == quantity)
            return tuple(recorded for row in rows if (recorded := _recorded(row, quantity)) is not None)

    def events(
        self, *, from_ms: int = 0, to_ms: int = 1 << 62, subject: str = "", code: str = "", limit: int = 1000
    ) -> tuple[Event, ...]:
        """The newest events of [from_ms, to_ms), newest first."""
        return list_events(self._store, from_ms=from_ms, to_ms=to_ms, subject=subject, code=code, limit=limit)

    def _rows(self) -> Rows:
        rows: Rows | None = getattr(self._own, "rows", None)
        if rows is None:
            rows = self._own.rows = Rows(self._store)
        return rows

    def _bins(
        self,
        txn: lmdb.Transaction,
        number: int,
        devices: frozenset[int],
        period: str,
        date: datetime.date,
        zone: ZoneInfo,
    ) -> Iterator[ConsumptionBin]:
        chunks = _by_chunk(devices)
        for length, ordinal, start_ts, end_ts in _spans(period, date, zone):
            cells = ((get_cell(self._store, txn, length, ordinal, number, chunk), slots) for chunk, slots in chunks)
            values = [value for cell, slots in cells if cell is not None for value in _known(cell, slots)]
            value_n = sum(value_n for value_n, _ in values) if values else None
            yield ConsumptionBin(start_ts, end_ts, value_n, max((doubt for _, doubt in values), default=Quality.GOOD))


def chosen(installation: Installation, of: str) -> list[int]:
    """Ids of the devices that count for ``of``; those excluded from totals count by themselves only.

    raises  ValueError when it is not one of total, others, device:ID, load:ID, group:ID
    """
    kind, _, id_text = of.partition(":")
    if kind == "device" and id_text.isdecimal():
        return [int(id_text)]
    return [device.id for device in installation.devices if not device.excluded and _member(kind, id_text)(device)]


def _member(kind: str, id_text: str) -> Callable[[DeviceSpec], bool]:
    if id_text.isdecimal():
        id = int(id_text)
        if kind == "load":
            return lambda device: device.load == id
        if kind == "group":
            return lambda device: id in device.groups
    elif not id_text and kind == "total":
        return lambda device: True
    elif not id_text and kind == "others":
        return lambda device: device.load == 0
    raise ValueError(f"no such thing to sum up: {kind}:{id_text}")


def _spans(period: str, date: datetime.date, zone: ZoneInfo) -> Iterator[tuple[Period, int, int, int]]:
    """(length, ordinal, start, end) of the bins of a chart."""
    if period == "day":
        day = date.toordinal()
        for start_ts, end_ts in timegrid.hours(timegrid.day_start(day, zone), timegrid.day_start(day + 1, zone), zone):
            yield Period.HOUR, start_ts, start_ts, end_ts
        return
    length, ordinals = bins.periods_of(period, date)
    edges = [bins.start_of(length, ordinal, zone) for ordinal in (*ordinals, ordinals[-1] + 1)]
    for ordinal, start_ts, end_ts in zip(ordinals, edges, edges[1:], strict=False):
        yield length, ordinal, start_ts, end_ts


def _by_chunk(devices: Iterable[int]) -> list[tuple[int, list[int]]]:
    chunks: dict[int, list[int]] = {}
    for device in sorted(devices):
        chunks.setdefault(device // SLOTS, []).append(device % SLOTS)
    return list(chunks.items())


def _known(cell: Cell, slots: list[int]) -> Iterator[tuple[int, int]]:
    """(value, quality) of the slots that have one."""
    return ((cell.values_n[slot], cell.quality(slot)) for slot in slots if cell.known >> slot & 1)


def _total_n(shown: tuple[ConsumptionBin, ...]) -> int | None:
    values = [bin.value_n for bin in shown if bin.value_n is not None]
    return sum(values) if values else None


def _recorded(row: Row, quantity: str) -> Recorded | None:
    values_n: dict[str, int | None] = {}
    quality = int(Quality.GOOD)
    for (of, statistic), value_n, doubt in zip(row.columns, row.values_n, row.quality, strict=True):
        if of == quantity:
            values_n[statistic] = value_n
            quality = max(quality, doubt)
    return Recorded(row.start_ts, row.start_ts + row.interval_s, values_n, quality) if values_n else None
