"""Writes the energy of chosen owners as a table for spreadsheets, and what it cost as another."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import local
from runtime.core.export.csvtable import cost_text, energy_text, remark
from runtime.core.export.download import CsvFormat
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.tariff.tariffs import FLUIDS
from runtime.core.text.spreadsheet import spreadsheet_text
from runtime.store.export.energytable import Step

BOM = "\ufeff"  # spreadsheets take what follows for UTF-8


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: the id of what it shows, and its name."""

    id: int
    name: str


class EnergyCsv:
    """Two files, ``energy`` and maybe ``cost``, one row a step; closed by whoever opened it, as a context."""

    def __init__(
        self, energy: Path, cost: Path | None, headings: Sequence[Heading], fluid: str, currency: str,
        zone: ZoneInfo, format: CsvFormat,
    ) -> None:  # fmt: skip
        self._headings, self._zone, self._decimal = headings, zone, format.decimal
        self._files = [file.open("w", encoding="utf-8", newline="") for file in (energy, cost) if file is not None]
        self._writers = [csv.writer(file, delimiter=format.separator) for file in self._files]
        units = (QUANTITIES[FLUIDS[fluid]].unit, currency)
        for file, writer, unit in zip(self._files, self._writers, units, strict=False):
            file.write(BOM)
            names = [spreadsheet_text(f"{heading.id} {heading.name} [{unit}]") for heading in headings]
            writer.writerow(["start", "end", "utc_offset", *names, "remarks"])

    def __enter__(self) -> EnergyCsv:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def write(self, step: Step) -> None:
        ids = [heading.id for heading in self._headings]
        estimated = [id for id, doubted in zip(ids, step.estimated, strict=True) if doubted]
        missing = [id for id, n in zip(ids, step.values_n, strict=True) if n is None]
        head, tail = self._moments(step), [remark(estimated, missing)]
        self._writers[0].writerow(head + self._cells(step.values_n, energy_text) + tail)
        for writer in self._writers[1:]:
            unpriced = [id for id, p in zip(ids, step.costs_p, strict=True) if p is None]
            writer.writerow(head + self._cells(step.costs_p, cost_text) + [remark(estimated, unpriced)])

    def _cells(self, counts: Iterable[int | None], text_of: Callable[[int, str], str]) -> list[Any]:
        return ["" if n is None else text_of(n, self._decimal) for n in counts]

    def _moments(self, step: Step) -> list[str]:
        start, end = local(step.start_ts, self._zone), local(step.end_ts, self._zone)
        return [_minute(start), _minute(end), start.isoformat()[-6:]]


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
