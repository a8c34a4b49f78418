"""Reading bins for a chart within one read transaction: sums of chosen devices, by load, by price version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

import lmdb

from runtime.store.chart.owners import ByLoad, Site
from runtime.store.chart.spans import Span, pieces
from runtime.store.energy.accounts import BOOKED, CORRECTED, MOVED, VERSION_MASK
from runtime.store.energy.cells import NOTHING, Cells, Choice, Kept, Sum


class Reader:
    """One read transaction at work on one fluid."""

    def __init__(self, cells: Cells, txn: lmdb.Transaction, number: int, basis: str, *, has_tariffs: bool) -> None:
        self._get = partial(cells.get, txn)
        self._keys = partial(cells.keys, txn)
        self._lanes = (number, CORRECTED | number)
        self._has_tariffs = has_tariffs
        self._last_lane = 0xFFFF if basis == "recomputed" else MOVED - 1

    def sum(self, span: Span, choices: Sequence[Choice]) -> Sum:
        """Energy of the chosen devices in one bin, corrections included."""
        found = NOTHING
        for choice in choices:
            for lane in self._lanes:
                if (kept := self._get(span.length, span.ordinal, lane, choice.chunk)) is not None:
                    found = both(found, kept.sum(choice))
        return found

    def by_version(self, parts: Iterable[tuple[Span, Sequence[Choice]]]) -> dict[int, int]:
        """Price version -> energy of the chosen devices; versions that a recomputation left empty are not there."""
        energies: dict[int, int] = {}
        moved: set[int] = set()
        if self._has_tariffs:
            for span, choices in parts:
                by_chunk = {choice.chunk: choice for choice in choices}
                for lane, chunk, kept in self._tariff_cells(span):
                    if (choice := by_chunk.get(chunk)) is not None:
                        value_n, known, _ = kept.sum(choice)
                        if known:
                            _add(energies, moved, lane, value_n)
        return _left(energies, moved)

    def by_load(self, span: Span, site: Site, group: int) -> dict[int, Sum]:
        """Load -> energy in one bin."""
        at = site.by_load(span.start_ts, group)
        sums: dict[int, Sum] = {}
        for chunk in at.chunks:
            for lane in self._lanes:
                if (kept := self._get(span.length, span.ordinal, lane, chunk)) is not None:
                    for load, part in _sums_by_load(kept, at, chunk):
                        sums[load] = both(sums[load], part) if load in sums else part
        return sums

    def paid_by_load(self, spans: Iterable[Span], site: Site, group: int, zone: ZoneInfo) -> dict[int, dict[int, int]]:
        """Load -> price version -> energy, as of ``by_version``."""
        paid: dict[int, dict[int, int]] = {}
        moved: dict[int, set[int]] = {}
        if not self._has_tariffs:
            return paid
        for span in (part for whole in spans for part in pieces(whole, site.owners.cut_after, zone)):
            at = site.by_load(span.start_ts, group)
            for lane, chunk, kept in self._tariff_cells(span):
                if chunk in at.chunks:
                    for load, (value_n, _, _) in _sums_by_load(kept, at, chunk):
                        _add(paid.setdefault(load, {}), moved.setdefault(load, set()), lane, value_n)
        return {load: _left(energies, moved[load]) for load, energies in paid.items()}

    def _tariff_cells(self, span: Span) -> Iterator[tuple[int, int, Kept]]:
        for lane, chunk in self._keys(span.length, span.ordinal, BOOKED, self._last_lane):
            if (kept := self._get(span.length, span.ordinal, lane, chunk)) is not None:
                yield lane, chunk, kept


def _add(energies: dict[int, int], moved: set[int], lane: int, value_n: int) -> None:
    version = lane & VERSION_MASK
    energies[version] = energies.get(version, 0) + value_n
    if lane >= MOVED and value_n:
        moved.add(version)


def _left(energies: dict[int, int], moved: set[int]) -> dict[int, int]:
    """What was moved away as a whole costs nothing, not 0.00."""
    return {version: energy_n for version, energy_n in energies.items() if energy_n or version not in moved}


def _sums_by_load(kept: Kept, at: ByLoad, chunk: int) -> list[tuple[int, Sum]]:
    found = kept.sums.get(at)
    if found is None:
        sums = ((load, choice.of(kept.cell)) for load, choice in at.chunks[chunk])
        found = kept.remember(at, [(load, part) for load, part in sums if part[1]])
    return cast(list[tuple[int, Sum]], found)


def both(a: Sum, b: Sum) -> Sum:
    return a[0] + b[0], a[1] or b[1], a[2] if a[2] >= b[2] else b[2]


def join(sums: Iterable[Sum]) -> tuple[int | None, int]:
    value_n, known, quality = NOTHING
    for part in sums:
        value_n, known, quality = both((value_n, known, quality), part)
    return value_n if known else None, quality


def joined_by_load(columns: Iterable[dict[int, Sum]]) -> dict[int, Sum]:
    whole: dict[int, Sum] = {}
    for column in columns:
        if not whole:
            whole = column
            continue
        for load, part in column.items():
            whole[load] = both(whole[load], part) if load in whole else part
    return whole
