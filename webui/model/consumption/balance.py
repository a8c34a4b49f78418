"""Energy that flows out: what the site or a part of it exported, what that earned, and how much of it was used here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from runtime.store.chart.consumption import ConsumptionBin
from runtime.store.history import Consumption
from webui.model.bridge import Bridge
from webui.model.consumption.query import ConsumptionReader, Query

EXPORTED = "active_energy_export_wh"
SOURCE_FACTOR = 10  # a meter that exports so many times what it imports is one of a source


@dataclass(frozen=True, slots=True)
class Balance:
    """``exported``: bars, sum, revenue. ``own_use_n``: of it what was used here in the same hours, None = not known."""

    exported: Consumption
    own_use_n: int | None


class BalanceReader:
    """Of the installation as it is now."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._reader = ConsumptionReader(bridge)

    def of(self, query: Query, drawn: Consumption) -> Balance | None:
        """What flowed out in the period of ``drawn``; None where nothing did."""
        if query.fluid != "electricity":
            return None
        out = replace(query, fluid="export")
        exported = self._reader.of_one(out)
        if not exported.total_n:
            return None
        return Balance(exported, self._own_use_n(query, drawn, exported) if query.of == "total" else None)

    def _own_use_n(self, query: Query, drawn: Consumption, exported: Consumption) -> int | None:
        """Hour by hour the lesser of both; not for years, and only where all that exports is a source behind loads."""
        if query.period not in ("day", "month") or not self._are_sources(query):
            return None
        if query.period == "day":
            return _lesser_n(drawn.bins, exported.bins)
        days = [replace(query, period="day", date=date) for date in _days(query.date) if date <= self._reader.today()]
        return sum(
            _lesser_n(self._reader.of_one(day).bins, self._reader.of_one(replace(day, fluid="export")).bins)
            for day in days
        )

    def _are_sources(self, query: Query) -> bool:
        for id in self._exporting():
            of = replace(query, of=f"device:{id}")
            drawn_n = self._reader.of_one(of).total_n or 0
            exported_n = self._reader.of_one(replace(of, fluid="export")).total_n or 0
            if exported_n and exported_n < drawn_n * SOURCE_FACTOR:
                return False
        return True

    def _exporting(self) -> Iterable[int]:
        """Devices that count and whose index of export is not 0."""
        counting = {spec.id for spec in self._bridge.installation().devices if not spec.excluded}
        for view in self._bridge.devices():
            if view.id in counting and EXPORTED in view.quantities and view.values_n[view.quantities.index(EXPORTED)]:
                yield view.id


def _lesser_n(drawn: Iterable[ConsumptionBin], exported: Iterable[ConsumptionBin]) -> int:
    return sum(min(a.value_n or 0, b.value_n or 0) for a, b in zip(drawn, exported, strict=True))


def _days(date: datetime.date) -> Iterable[datetime.date]:
    """All days of the month of a date."""
    day = date.replace(day=1)
    while day.month == date.month:
        yield day
        day += datetime.timedelta(days=1)
