"""What rows of a map must keep among themselves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from runtime.core.modbus.registers import BIT_SPACES, MAX_BITS, Derived, Field
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.text.tomltable import Table, nearest

Rows = Sequence[tuple[Field, Table | None]]  # None = inherited and checked there


def check_rows(rows: Rows, breaks: Sequence[int], max_words: int) -> None:
    _check_duplicates(rows)
    _check_overlaps(rows)
    _check_parameters(rows)
    for field, row in rows:
        if row is not None:
            _check_span(field, row, breaks, max_words)


def _blame(row: Table | None, other: Table | None) -> Table | None:
    return row if row is not None else other


def _where(field: Field, row: Table | None) -> str:
    return f"{row.place} ({field.quantity})" if row is not None else f"the inherited {field.quantity}"


def _check_duplicates(rows: Rows) -> None:
    first: dict[str, tuple[Field, Table | None]] = {}
    names: dict[str, tuple[Field, Table | None]] = {}
    for field, row in rows:
        if row is not None and field.quantity in first:
            stands = _where(*first[field.quantity])
            row.fault("quantity", f"{field.quantity} stands already in {stands}", code="map_doubled")
        if row is not None and field.name and field.name in names:
            row.fault("name", f"{field.name!r} names already {_where(*names[field.name])}")
        first.setdefault(field.quantity, (field, row))
        names.setdefault(field.name, (field, row))


def _check_overlaps(rows: Rows) -> None:
    """No register may hold two values, but for different bits of one number."""
    if not _may_overlap([field for field, _ in rows]):
        return
    held: dict[tuple[str, int], list[int]] = {}
    for index, (field, row) in enumerate(rows):
        clashing: list[int] = []
        for at, words in _values(field):
            for register in range(at, at + words):
                here = held.setdefault((field.space, register), [])
                clashing += [other for other in here if not _share(field, rows[other][0])]
                here.append(index)
        for other in dict.fromkeys(clashing):
            blamed = _blame(row, rows[other][1])
            if blamed is not None and other != index:
                partner = other if row is not None else index
                blamed.fault(_address_key(blamed), f"overlaps {_where(*rows[partner])}", code="map_overlap")
    for field, row in rows:
        for key, aside in (("sign_at", field.sign_at), ("scale_at", field.scale_at)):
            inside = held.get((field.space, aside), []) if aside is not None else []
            if row is not None and any(rows[other][0].words > 1 for other in inside):
                row.fault(key, f"{aside:#06x} lies inside {_where(*rows[inside[0]])}")


def _may_overlap(fields: Sequence[Field]) -> bool:
    """Whether it has to be looked at register by register."""
    spans = sorted((field.space, at, at + words) for field in fields for at, words in _values(field))
    near = any(one[0] == other[0] and one[2] > other[1] for one, other in pairwise(spans))
    return near or any(field.sign_at is not None or field.scale_at is not None for field in fields)


def _address_key(row: Table) -> str:
    return "at" if "at" in row else "low_at"


def _values(field: Field) -> list[tuple[int, int]]:
    return [(field.at, field.words)] + ([(field.high_at, field.words)] if field.high_at is not None else [])


def _share(one: Field, other: Field) -> bool:
    """Whether two rows cut different bits out of the same number."""
    if one.bits is None or other.bits is None or (one.at, one.type) != (other.at, other.type):
        return False
    return one.bits[0] + one.bits[1] <= other.bits[0] or other.bits[0] + other.bits[1] <= one.bits[0]


def _check_parameters(rows: Rows) -> None:
    """Whether there is a row for each parameter that scales another."""
    names = {field.name for field, _ in rows if field.role == "parameter"}
    for field, row in rows:
        if row is None:
            continue
        for key, wanted in (
            ("scale_band.of", field.scale_band.of if field.scale_band else ()),
            ("factor", field.factor),
        ):
            for name in wanted:
                if name not in names:
                    row.fault(key, f"no parameter row is named {name!r}", nearest(name, names))
        if field.factor and field.role != "value":
            row.fault("factor", f"a {field.role} is multiplied by none")


def _check_span(field: Field, row: Table, breaks: Sequence[int], max_words: int) -> None:
    first, end = field.span
    most = MAX_BITS if field.space in BIT_SPACES else max_words
    if end > 0x10000:
        row.fault(_address_key(row), f"{field.words} words at {field.at:#06x} pass the last address 0xffff")
    elif end - first > most:
        row.fault(_address_key(row), f"all of one value must come in one read of {most} words, not {end - first}")
    for limit in breaks:
        if first < limit < end:
            row.fault(_address_key(row), f"crosses the break at {limit:#06x}")


def check_derived(row: Table, derived: Derived, measured: Sequence[str]) -> bool:
    """Whether a derived quantity can be made from what is measured; a fault for each reason why not."""
    before = len(row.faults)
    if derived.quantity in measured:
        row.fault("quantity", f"{derived.quantity} is measured already")
    for part in derived.parts:
        if part not in measured:
            row.fault(derived.how, f"{part!r} is no row of this map", nearest(part, measured))
        elif derived.how != "ratio" and QUANTITIES[part].unit != QUANTITIES[derived.quantity].unit:
            row.fault(derived.how, f"{part} is not in {QUANTITIES[derived.quantity].unit or 'the same unit'}")
    if derived.how == "ratio" and len(derived.parts) != 2:
        row.fault("ratio", "wants two quantities, the upper one first")
    if not derived.parts:
        row.fault(derived.how, "is empty")
    return len(row.faults) == before
