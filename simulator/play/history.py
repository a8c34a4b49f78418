"""What a site's meters showed in the past, as JSON lines: one per device and UTC day, all devices of a day together.

{"device": 1, "start_ts": T, "step_s": 3600, "indexes": {quantity: [at T, T + step, …, the end of the day included]}}
From ``rows_from`` on the step is the interval, and "columns" holds one value per slot: {"active_power_w.mean": […]}.
Indexes and columns are counts of the quantities' steps, exactly what the registers would have shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from runtime.core.map.devicemap import Field
from runtime.core.quantity.catalogue import QUANTITIES
from simulator.device.device import Device
from simulator.device.encode import shown_series
from simulator.plant.meter import Meter
from simulator.plant.plant import HOUR_MS
from simulator.plant.profiles import DAY_S
from simulator.play.site import Site

HOUR_S = HOUR_MS // 1000


@dataclass(frozen=True, slots=True)
class Span:
    """[from_ts, to_ts) by the hour, from rows_from on by interval_s."""

    from_ts: int
    to_ts: int
    rows_from: int
    interval_s: int

    def pieces(self) -> Iterator[tuple[int, int, int]]:
        """(start_ts, end_ts, step_s): UTC days, cut at rows_from. What is less than a step at the end is left out."""
        for begin, end, step in (
            (self.from_ts, min(self.rows_from, self.to_ts), HOUR_S),
            (max(self.rows_from, self.from_ts), self.to_ts, self.interval_s),
        ):
            cuts = [begin, *range(begin // DAY_S * DAY_S + DAY_S, end, DAY_S), end]
            for start, stop in pairwise(cuts):
                if stop - start >= step:
                    yield start, start + (stop - start) // step * step, step


def history(site: Site, span: Span) -> Iterator[str]:
    numbered = [(number, device) for number, device in enumerate(site.devices.values(), 1) if device.meter is not None]
    recorders = [_Recorder(device, device.meter) for _, device in numbered if device.meter is not None]
    for start, end, step in span.pieces():
        with_rows = start >= span.rows_from
        days = [_Day(start, end, step) for _ in recorders]
        if with_rows or start % HOUR_S:
            _watch(recorders, days)
        for (number, _), recorder, day in zip(numbered, recorders, days, strict=True):
            line = {"device": number, "start_ts": start, "step_s": step, "indexes": recorder.indexes(day)}
            if with_rows:
                line["columns"] = recorder.columns(day)
            yield json.dumps(line, separators=(",", ":"))


class _Day:
    """One piece of a day of one device: energies at the edges of its slots, gauges there and in their middles."""

    def __init__(self, start: int, end: int, step: int) -> None:
        self.start, self.end, self.step = start, end, step
        self.energies: list[dict[str, int]] = []
        self.edges: list[dict[str, int]] = []
        self.middles: list[dict[str, int]] = []


def _watch(recorders: Sequence[_Recorder], days: Sequence[_Day]) -> None:
    """Moment by moment over all devices: the plant keeps the last moment, and meters share its branches."""
    start_ms, end_ms, half_ms = days[0].start * 1000, days[0].end * 1000, days[0].step * 500
    for moment in range(start_ms, end_ms + 1, half_ms):
        edge = (moment - start_ms) % (2 * half_ms) == 0
        for recorder, day in zip(recorders, days, strict=True):
            meter = recorder.meter
            if edge:
                day.energies.append(meter.energies(moment))
                day.edges.append(meter.basics(moment) if recorder.needs_basics_only else meter.gauges(moment))
            else:
                day.middles.append(meter.gauges(moment))


class _Recorder:
    """Reads one device the way a server would have."""

    def __init__(self, device: Device, meter: Meter) -> None:
        self.device = device
        self.meter = meter
        self._recorded = [field for field in device.map.fields if _is_recorded(field, meter)]
        basics = meter.basics(meter.branches[0].origin_ms)
        self.needs_basics_only = all(field.quantity in basics for field in self._recorded if field.record_minmax)

    def indexes(self, day: _Day) -> dict[str, list[int]]:
        if not day.energies:
            return self.device.indexes_by_hour(day.start // HOUR_S, day.end // HOUR_S)
        return self.device.indexes_of(day.energies)

    def columns(self, day: _Day) -> dict[str, list[int]]:
        """The middle of a slot stands for its mean; lowest and highest are those of its edges and middle."""
        columns: dict[str, list[int]] = {}
        for field in self._recorded:
            middles = self._shown(field, day.middles)
            columns[f"{field.quantity}.{field.record}"] = middles
            if field.record_minmax:
                edges = self._shown(field, day.edges)
                slots = list(zip(edges[:-1], middles, edges[1:], strict=True))
                columns[f"{field.quantity}.min"] = list(map(min, slots))
                columns[f"{field.quantity}.max"] = list(map(max, slots))
        return columns

    def _shown(self, field: Field, moments: Sequence[dict[str, int]]) -> list[int]:
        values = [moment[field.quantity] for moment in moments]
        step = self.device.step(field.quantity)
        if field.sign_at is None:
            return shown_series(field, values, step)
        magnitudes = shown_series(field, [abs(value) for value in values], step)
        return [-n if value < 0 else n for n, value in zip(magnitudes, values, strict=True)]


def _is_recorded(field: Field, meter: Meter) -> bool:
    known = meter.gauges(meter.branches[0].origin_ms)
    return bool(field.record) and QUANTITIES[field.quantity].kind == "gauge" and field.quantity in known
