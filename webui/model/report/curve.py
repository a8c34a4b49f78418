"""Curves as pages and API show them: points in units, gaps, what happened; before samples begin, power by energy."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from runtime.core.clock.timegrid import local
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.core.sample.curve import Curve, step_of
from runtime.core.view import DeviceView
from runtime.text.moment import iso, iso_ms
from webui.model.bridge import Bridge
from webui.model.consumption.query import ConsumptionReader, Query
from webui.model.recorded import name_of
from webui.model.report.recentevents import withheld_subject

POWER, EXPORTED = "active_power_w", "active_energy_export_wh"
DAY_S = 86_400
MOST_GAPS, MOST_EVENTS = 200, 200
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: a quantity of a device."""

    device: int
    quantity: str


class CurveReader:
    """Curves of the installation as it is now."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._consumption = ConsumptionReader(bridge)

    def describe(self, asked: tuple[Series, ...], from_ts: int, to_ts: int) -> Json:
        zone = self._bridge.zone
        return {
            "from": iso(from_ts, zone),
            "to": iso(to_ts, zone),
            "now": iso(self._bridge.clock.now_ts(), zone),
            "series": [self._series(each, from_ts, to_ts) for each in asked],
            "events": self._events(asked, from_ts, to_ts),
        }

    def _series(self, asked: Series, from_ts: int, to_ts: int) -> Json:
        bridge, row = self._bridge, QUANTITIES[asked.quantity]
        spec = bridge.installation().device(asked.device)
        curve = bridge.history.curve(asked.device, asked.quantity, from_ts, to_ts)
        by_energy = self._by_energy(asked, curve, from_ts, to_ts)
        return {
            "device": asked.device,
            "name": spec.name if spec else name_of(bridge, "device", asked.device),
            "deleted": spec is None,
            "quantity": asked.quantity,
            "unit": row.unit,
            "step_s": curve.step_s,
            "start": [start_ts for start_ts, _ in by_energy] + curve.start_ts,
            "mean": [value for _, value in by_energy] + _values(curve.mean_n, row.exp10),
            "min": [value for _, value in by_energy] + _values(curve.least_n, row.exp10),
            "max": [value for _, value in by_energy] + _values(curve.most_n, row.exp10),
            "quality": Quality(max(curve.quality, default=0)).label,
            "by_energy_until": iso(_first_ts(curve, to_ts), bridge.zone) if by_energy else None,
            "gaps": [[iso(a, bridge.zone), iso(b, bridge.zone)] for a, b in curve.gaps[:MOST_GAPS]],
        }

    def _by_energy(self, asked: Series, curve: Curve, from_ts: int, to_ts: int) -> list[tuple[int, float | None]]:
        """Mean power of the hours, days or months before the first sample, as energy was booked: (start, W)."""
        view = self._bridge.device(asked.device)
        if asked.quantity != POWER or (view is not None and EXPORTED in view.quantities and not _draws(view)):
            return []
        until_ts = _first_ts(curve, to_ts)
        if until_ts - from_ts < 2 * curve.step_s:
            return []
        period = _period_of(from_ts, to_ts)
        bars = [
            (bar.start_ts, None if bar.value_n is None else round(bar.value_n * 3.6 / (bar.end_ts - bar.start_ts), 1))
            for date in self._dates(period, from_ts, until_ts)
            for bar in self._consumption.of_one(Query(f"device:{asked.device}", "electricity", period, date)).bins
            if from_ts <= bar.start_ts and bar.end_ts <= until_ts
        ]
        return bars if any(watts is not None for _, watts in bars) else []

    def _dates(self, period: str, from_ts: int, to_ts: int) -> list[datetime.date]:
        """One date in each day, month or year of [from_ts, to_ts)."""
        date, last = (local(ts, self._bridge.zone).date() for ts in (from_ts, to_ts))
        dates = []
        while date <= last:
            dates.append(date)
            date = _next(period, date)
        return dates

    def _events(self, asked: tuple[Series, ...], from_ts: int, to_ts: int) -> list[Json]:
        events = [
            {"ts": iso_ms(event.ts_ms, self._bridge.zone), "device": device, "code": event.code}
            for device in sorted({each.device for each in asked})
            for event in self._bridge.history.events(
                from_ms=from_ts * 1000, to_ms=to_ts * 1000, subject=f"device.{device}", limit=MOST_EVENTS,
                without=withheld_subject(),
            )
        ]  # fmt: skip
        return sorted(events, key=lambda event: str(event["ts"]))[-MOST_EVENTS:]


def _values(counts: list[int | None], exp10: int) -> list[int | float | None]:
    step = 10**-exp10  # as json_number, without a call for each of thousands
    return [None if n is None else n // step if n % step == 0 else n / step for n in counts]


def _first_ts(curve: Curve, to_ts: int) -> int:
    return curve.start_ts[0] if curve.start_ts else to_ts


def _period_of(from_ts: int, to_ts: int) -> str:
    """Whose bars are fine enough for a curve and not too many: those of days, months or years."""
    step_s = step_of(from_ts, to_ts)
    return "day" if step_s <= 3600 else "month" if step_s <= DAY_S else "year"


def _next(period: str, date: datetime.date) -> datetime.date:
    if period == "day":
        return date + datetime.timedelta(days=1)
    if period == "year":
        return datetime.date(date.year + 1, 1, 1)
    return (date.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def _draws(view: DeviceView) -> bool:
    """Whether a device that can export has not done so: then its power is what it draws."""
    exported_n = view.values_n[view.quantities.index(EXPORTED)]
    return not exported_n
