"""What booking needs of a sample, and what follows from one alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from runtime.core.energy.counterlimits import CounterFacts
from runtime.core.energy.ledger import Booked
from runtime.core.quantity.quality import Quality
from runtime.store.sample.rows import Row
from runtime.store.schemas import Column

_POWER = {"active_energy_import_wh": ("active_power_w", "mean")}


class Sample(Protocol):
    """What the cycle needs of one device and one slot; ``actors.message.device.SampleClosed`` fits."""

    @property
    def device(self) -> int: ...
    @property
    def start_ts(self) -> int: ...
    @property
    def end_ts(self) -> int: ...
    @property
    def schema(self) -> tuple[Column, ...]: ...
    @property
    def columns_n(self) -> tuple[int | None, ...]: ...
    @property
    def quality(self) -> tuple[int, ...]: ...
    @property
    def counters(self) -> Mapping[str, Sequence[tuple[int, int]]]: ...
    @property
    def poll_ms(self) -> int: ...
    @property
    def rescaled_ms(self) -> int: ...
    @property
    def doubt(self) -> int: ...
    @property
    def facts(self) -> Mapping[str, CounterFacts]: ...
    @property
    def resumed(self) -> Sequence[int]: ...
    @property
    def steady(self) -> Sequence[int]: ...
    @property
    def base(self) -> Mapping[str, str]: ...
    @property
    def begun_ms(self) -> int: ...
    @property
    def turned_ms(self) -> int: ...
    @property
    def is_open(self) -> bool: ...


def pause_ms_of(sample: Sample) -> int:
    """Readings that lie further apart than a slot and some polls have a silence between them."""
    return (sample.end_ts - sample.start_ts) * 1000 + (4 * sample.poll_ms or 60_000)


def row_of(sample: Sample, energies: Mapping[str, Booked]) -> Row:
    """A row's columns: what the gateway recorded, then of each counter its index at the end and the slot's energy."""
    columns, values, quality = list(sample.schema), list(sample.columns_n), list(sample.quality)
    for quantity, readings in sample.counters.items():
        part = energies.get(quantity)
        columns += ((quantity, "index"), (quantity, "energy"))
        values += (_index_n(readings, sample.end_ts * 1000), part.energy_n if part else None)
        quality += (Quality.GOOD, part.quality if part else Quality.GOOD)
    length_s = sample.end_ts - sample.start_ts
    return Row(sample.device, sample.start_ts, length_s, tuple(columns), tuple(values), tuple(quality))


def expected_n_of(quantity: str, sample: Sample) -> int:
    """Energy that the slot's mean power (0.1 W) stands for, in 0.001 Wh."""
    column = _POWER.get(quantity)
    if column is None or column not in sample.schema:
        return 0
    power_n = sample.columns_n[sample.schema.index(column)] or 0
    return max(0, power_n) * (sample.end_ts - sample.start_ts) // 36


def _index_n(readings: Sequence[tuple[int, int]], end_ms: int) -> int | None:
    """What the counter showed last in the slot."""
    return next((raw_n for ts_ms, raw_n in reversed(readings) if ts_ms <= end_ms), None)
