"""The read side of history: consumption by bins, recorded samples, events. Never writes; any thread may ask."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from runtime.core.accounting.accounting import NUMBERS
from runtime.core.accounting.assignments import Owners
from runtime.core.alarm.alarm import Alarm
from runtime.core.charging.station.session import ChargeSession
from runtime.core.clock import timegrid
from runtime.core.energy.corrections import Correction
from runtime.core.quantity.quality import Quality
from runtime.core.sample.curve import Curve
from runtime.core.site.installation import Installation
from runtime.core.tariff.cost import TariffPart
from runtime.core.tariff.tariffs import FLUIDS
from runtime.store.chart.charts import BASES, FIRST_YEAR, LAST_YEAR, Charts
from runtime.store.chart.consumption import Consumption, ConsumptionBin, LoadChart, LoadPart, Previous
from runtime.store.chart.counterhistory import CounterHistory
from runtime.store.chart.curves import Curves
from runtime.store.chart.spans import PERIODS
from runtime.store.energy.bins import has_energy
from runtime.store.energy.corrections import all_corrections
from runtime.store.env import Store
from runtime.store.object.alarms import iterate_alarms
from runtime.store.object.charging import iterate_sessions
from runtime.store.object.events import Event, list_events
from runtime.store.row import Row
from runtime.store.sample.retention import months_of, thick_bytes
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.backup import list_generations
from runtime.store.upkeep.backupmedium import Medium, medium_of
from runtime.store.upkeep.room import Sizes, sizes

__all__ = [
    "BASES", "FIRST_YEAR", "FLUIDS", "LAST_YEAR", "PERIODS", "Consumption", "ConsumptionBin", "History", "LoadChart",
    "LoadPart", "Previous", "Recorded", "TariffPart", "chosen",
]  # fmt: skip


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
        self._charts = Charts(store)
        self._own = threading.local()  # schemas are cached for each thread

    def consumption(
        self,
        installation: Installation,
        *,
        of: str,
        fluid: str,
        period: str,
        date: datetime.date,
        zone: ZoneInfo,
        basis: str = "recomputed",
        as_energy: bool = False,
    ) -> Consumption:
        """Consumption of something over the local period that holds a date, and what it costs.

        of      "total", "others" (devices without a load), "device:ID", "load:ID", "group:ID"; of a group what is of
                a load: "group:ID/load:ID", "group:ID/others"
        fluid   electricity, water, gas
        period  "day" by hours, "month" by days, "year" by months, "decade" = the ten years to that date's by years
        basis   "recomputed" = with prices as they were recomputed, "billed" = as they were when it was booked
        as_energy  gas as what it was worth at its time: values in 0.000001 Wh
        raises  ValueError when one of them is none of these
        """
        return self._charts.consumption(
            installation, of=of, fluid=fluid, period=period, date=date, zone=zone, basis=basis, as_energy=as_energy
        )

    def by_load(
        self,
        installation: Installation,
        *,
        fluid: str,
        period: str,
        date: datetime.date,
        zone: ZoneInfo,
        basis: str = "recomputed",
        as_energy: bool = False,
        group: int = 0,
    ) -> LoadChart:
        """The total of a period, or of a group, divided by load in one pass; arguments as of ``consumption``."""
        return self._charts.by_load(
            installation, fluid=fluid, period=period, date=date, zone=zone, basis=basis, as_energy=as_energy,
            group=group,
        )  # fmt: skip

    def fluids_of(self, device: int) -> tuple[str, ...]:
        """What was ever booked of a device, whether it is still there or not."""
        with self._store.reading() as txn:
            return tuple(fluid for fluid, number in NUMBERS.items() if has_energy(self._store, txn, number, device))

    def samples(self, device: int, quantity: str, from_ts: int, to_ts: int) -> tuple[Recorded, ...]:
        """What was recorded of a device's quantity in slots that start in [from_ts, to_ts), by time."""
        with self._store.reading() as txn:
            rows = self._rows().scan_device(txn, device, from_ts, to_ts, lambda column: column[0] == quantity)
            return tuple(recorded for row in rows if (recorded := _recorded(row, quantity)) is not None)

    def curve(self, device: int, quantity: str, from_ts: int, to_ts: int) -> Curve:
        """What was recorded of a device's quantity in [from_ts, to_ts), in 2,000 points at the most."""
        own: Curves | None = getattr(self._own, "curves", None)
        if own is None:
            own = self._own.curves = Curves(self._store, self._rows())
        return own.of(device, quantity, from_ts, to_ts)

    def events(
        self,
        *,
        from_ms: int = 0,
        to_ms: int = 1 << 62,
        subject: str = "",
        code: str = "",
        limit: int = 1000,
        without: str = "",
    ) -> tuple[Event, ...]:
        """The newest events of [from_ms, to_ms), newest first; ``without`` those of that subject."""
        return list_events(
            self._store, from_ms=from_ms, to_ms=to_ms, subject=subject, code=code, limit=limit, without=without
        )

    def alarms(self) -> Iterator[Alarm]:
        """All that are kept, the newest first, read as they are asked for."""
        return iterate_alarms(self._store)

    def charge_sessions(self, from_ms: int, to_ms: int) -> Iterator[ChargeSession]:
        """Those that ended in [from_ms, to_ms), the newest first, read as they are asked for."""
        return iterate_sessions(self._store, from_ms, to_ms)

    @property
    def counters(self) -> CounterHistory:
        """Counters as evidence: ledgers, rows, doubtful energy, checks of displays."""
        own: CounterHistory | None = getattr(self._own, "counters", None)
        if own is None:
            own = self._own.counters = CounterHistory(self._store, self._charts.cells, self._rows())
        return own

    def corrections(self) -> tuple[Correction, ...]:
        """All that were ever made, oldest first."""
        return all_corrections(self._store)

    def sizes(self) -> Sizes:
        return sizes(self._store)

    def backups(self) -> tuple[int, ...]:
        """When the daily backups that are there were made, newest first, UTC s."""
        return tuple(generation.ts for generation in list_generations(self._store.path))

    def medium(self) -> Medium:
        """Where full backups go besides."""
        return medium_of(self._store)

    def months_kept(self) -> int:
        """How long samples are kept; 0 = for ever."""
        return months_of(self._store)

    def thick_bytes(self, months: int, now_ts: int) -> int:
        """What would be freed if samples were kept for so many months."""
        return thick_bytes(self._store, months, now_ts)

    def _rows(self) -> Rows:
        rows: Rows | None = getattr(self._own, "rows", None)
        if rows is None:
            rows = self._own.rows = Rows(self._store)
        return rows


def chosen(installation: Installation, of: str) -> list[int]:
    """Ids of the devices that count for ``of`` from now on; those excluded from totals count by themselves only.

    raises  ValueError when it is not one of total, others, device:ID, load:ID, group:ID
    """
    kind, _, id_text = of.partition(":")
    if kind == "device" and id_text.isdecimal():
        return [int(id_text)]
    return list(Owners(installation).members(of, timegrid.NEVER))


def _recorded(row: Row, quantity: str) -> Recorded | None:
    values_n: dict[str, int | None] = {}
    quality = int(Quality.GOOD)
    for (of, statistic), value_n, doubt in zip(row.columns, row.values_n, row.quality, strict=True):
        if of == quantity:
            values_n[statistic] = value_n
            quality = max(quality, doubt)
    return Recorded(row.start_ts, row.start_ts + row.interval_s, values_n, quality) if values_n else None
