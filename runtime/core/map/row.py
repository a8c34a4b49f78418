"""One row of a map file: read and checked by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from runtime.core.map.markers import Marker, read_markers
from runtime.core.map.statistic import MINMAX, read_record
from runtime.core.modbus.registers import (
    BIT,
    BIT_SPACES,
    MAX_WORDS,
    SPACES,
    TEXT,
    TYPES,
    Field,
    RegisterType,
    ScaleBand,
)
from runtime.core.quantity.catalogue import QUANTITIES, Quantity
from runtime.core.text.tomltable import Ratio, Table, nearest, ratio

KEYS = (
    "quantity", "at", "type", "words", "space", "scale", "scale_at", "scale_band", "factor", "sign_at", "sign",
    "low_at", "high_at", "high_factor", "invalid", "bits", "enum", "role", "name", "net", "digits", "record",
    "record_minmax",
    "series", "stride",
)  # fmt: skip
_KNOWN = frozenset(KEYS)
_USUAL = frozenset(("quantity", "at", "type", "words", "space", "scale", "sign", "invalid", "record", "record_minmax"))
_NOT_IN_SERIES = ("sign_at", "scale_at", "low_at", "high_at", "bits", "name")
ROLES = ("value", "parameter", "identity")
SIGNS = ("positive", "negative", "either")
_LARGEST_COUNT = 2**63 - 1


def read_rows(
    row: Table, space: str, markers: Mapping[str, Sequence[Marker]], bands: Mapping[str, ScaleBand]
) -> list[Field]:
    """The fields of a row: one, or a series of them whose quantities are numbered, each ``stride`` after the other."""
    if "series" not in row:
        if "stride" in row:
            row.fault("stride", "there is nothing to space without series")
        field = read_row(row, space, markers, bands)
        return [field] if field is not None else []
    for key in _NOT_IN_SERIES:
        if key in row:
            row.fault(key, "does not go with series")
    numbers, template = numbers_of(row), row.text("quantity")
    if not numbers or "{}" not in template:
        row.fault(
            "series", "wants [first, last] and a quantity with {}", 'quantity = "input_{}_state", series = [1, 8]'
        )
        return []
    plain = {key: value for key, value in row.rows.items() if key not in ("series", "stride")}
    plain["quantity"] = template.format(numbers[0])
    first = read_row(Table(plain, row.place, row.file, row.faults), space, markers, bands)
    if first is None:
        return []
    stride = row.integer("stride", 1, 0xFFFF, first.words) or 1
    ids = [template.format(number) for number in numbers]
    for id in ids:
        if id not in QUANTITIES:
            row.fault("series", f"{id!r} is no quantity")
            return []
    return [replace(first, quantity=id, at=first.at + index * stride) for index, id in enumerate(ids)]


def numbers_of(row: Table) -> range:
    """Those of ``series``; none when it is not two rising numbers."""
    pair = row.listed("series", int)
    return range(pair[0], pair[1] + 1) if len(pair) == 2 else range(0)


def read_row(
    row: Table, space: str, markers: Mapping[str, Sequence[Marker]], bands: Mapping[str, ScaleBand]
) -> Field | None:
    """None when the row is too broken to be compared with others.

    space    where the map's rows stand unless they say so themselves
    markers  the map's numbers for "no value" by type
    bands    the map's bands by name
    """
    row.refuse_unknown(_KNOWN)
    quantity = _quantity(row)
    space = row.word("space", SPACES, space)
    type_name = _type(row, space)
    words = _words(row, type_name)
    at = _first_address(row)
    if quantity is None or not type_name or at is None:
        return None
    kind = TYPES.get(type_name)
    _check_fit(row, quantity, type_name)
    scale = _scale(row, quantity, kind)
    sign = row.word("sign", SIGNS, "positive")
    role = row.word("role", ROLES, "value")
    invalid = _invalid(row, kind, markers)
    record = read_record(row, quantity, role)
    return Field(
        quantity=quantity.id,
        at=at,
        type=type_name,
        words=words,
        space=space,
        scale=scale if sign != "negative" else (-scale[0], scale[1]),
        invalid=tuple(marker for marker in invalid if not isinstance(marker, tuple)),
        invalid_within=tuple(marker for marker in invalid if isinstance(marker, tuple)),
        role=role,
        magnitude=sign == "either",
        record=record,
        record_minmax=row.flag("record_minmax", bool(record) and quantity.id in MINMAX),
        **({} if row.rows.keys() <= _USUAL else _read_rest(row, quantity, kind, at, role, bands)),
    )


def _read_rest(
    row: Table, quantity: Quantity, kind: RegisterType | None, at: int, role: str, bands: Mapping[str, ScaleBand]
) -> dict[str, Any]:
    """What few rows have, by the names of ``Field``."""
    high_at = row.integer("high_at", 0, 0xFFFF)
    return {
        "scale_at": row.integer("scale_at", 0, 0xFFFF),
        "scale_band": _band(row, bands),
        "factor": row.listed("factor", str),
        "sign_at": row.integer("sign_at", 0, 0xFFFF),
        "low_at": at if high_at is not None else None,
        "high_at": high_at,
        "high_factor": _high_factor(row, kind) if high_at is not None else 0,
        "bits": _bits(row, kind),
        "enum": _enum(row, quantity, kind),
        "name": row.text("name", quantity.id if role == "parameter" else ""),
        "net": _net(row, quantity),
        "digits": _digits(row, quantity),
    }


def _quantity(row: Table) -> Quantity | None:
    if not row.require("quantity"):
        return None
    id = row.text("quantity")
    if id and id not in QUANTITIES:
        row.fault("quantity", f"{id!r} is no quantity", nearest(id, QUANTITIES))
    return QUANTITIES.get(id)


def _type(row: Table, space: str) -> str:
    if space in BIT_SPACES:
        return row.word("type", (BIT,), BIT)
    return row.word("type", (*TYPES, TEXT)) if row.require("type") else ""


def _words(row: Table, type_name: str) -> int:
    words = row.integer("words", 1, MAX_WORDS)
    if type_name == TEXT:
        if "words" not in row:
            row.fault("words", "is missing", "a text takes two characters a word")
        return words or 1
    fixed = TYPES[type_name].words if type_name in TYPES else 1
    if words is not None and type_name and words != fixed:
        row.fault("words", f"{type_name} takes {fixed}, not {words}", "leave it out")
    return fixed


def _first_address(row: Table) -> int | None:
    """``at``, or ``low_at`` of a split value."""
    split = [key for key in ("low_at", "high_at") if key in row]
    if split and "at" in row:
        row.fault("at", "a split value has low_at and high_at instead")
    elif len(split) == 1:
        row.fault("high_at" if split == ["low_at"] else "low_at", "is missing: a split value has two parts")
    if split:
        return row.integer("low_at", 0, 0xFFFF)
    return row.integer("at", 0, 0xFFFF) if row.require("at") else None


def _check_fit(row: Table, quantity: Quantity, type_name: str) -> None:
    """Whether the type can hold the quantity; a text may also be a whole number, such as a serial number."""
    numeric_text = quantity.kind == "text" and type_name in TYPES and not TYPES[type_name].real
    if (quantity.kind == "text") != (type_name == TEXT) and not numeric_text:
        row.fault("type", f"{quantity.id} is a {quantity.kind}, {type_name} cannot hold it", code="map_type")
    if quantity.kind in ("text", "state"):
        for key in ("scale", "scale_at", "scale_band", "factor", "sign_at", "sign"):
            if key in row:
                row.fault(key, f"a {quantity.kind} has no scale and no sign")


def _scale(row: Table, quantity: Quantity, kind: RegisterType | None) -> Ratio:
    if "scale" not in row:
        return 1, 1  # which is possible for every type and quantity
    num, den = row.ratio("scale")
    if num == 0:
        row.fault("scale", "impossible scale: 0 makes every value 0")
        return 1, 1
    if kind is None or quantity.kind in ("text", "state"):
        return num, den
    unit = f"{quantity.unit or 'unit'} per count"
    if kind.real:
        if not 10**-12 <= abs(num / den) <= 10**12:
            row.fault("scale", f"impossible scale: {num / den:g} {unit}")
        return num, den
    full = kind.largest * abs(num) * 10**-quantity.exp10
    if kind.bits <= 32 and full > _LARGEST_COUNT * den:
        row.fault("scale", f"impossible scale: at {num / den:g} {unit} a full {kind.name} passes 64 bits")
    elif full < den:
        row.fault("scale", f"impossible scale: at {num / den:g} {unit} a full {kind.name} is less than one step")
    return num, den


def _band(row: Table, bands: Mapping[str, ScaleBand]) -> ScaleBand | None:
    """A band of its own or the name of one of the map's."""
    if "scale_band" not in row:
        return None
    if isinstance(row.rows["scale_band"], str):
        return bands.get(row.word("scale_band", bands))
    return read_band(row.table("scale_band"))


def read_band(band: Table) -> ScaleBand | None:
    band.refuse_unknown(("of", "below", "else"))
    if not band.require("of", "below", "else"):
        return None
    pairs = band.listed("below", list)
    below = [(ratio(pair[0]), ratio(pair[1])) for pair in pairs if len(pair) == 2]
    good = [(limit, factor) for limit, factor in below if limit and factor and factor[0] > 0]
    limits = [limit[0] / limit[1] for limit, _ in good]
    if len(good) != len(pairs) or limits != sorted(set(limits)) or not good:
        band.fault("below", "is not a list of [limit, scale] with rising limits", "[[10, 10], [100, 100]]")
    return ScaleBand(band.listed("of", str), tuple(good), band.ratio("else"))


def _high_factor(row: Table, kind: RegisterType | None) -> int:
    if kind is None or kind.real:
        row.fault("high_at", "only an integer can be split")
        return 0
    return row.integer("high_factor", 2, 1 << 48, 1 << kind.bits) or 0


def _invalid(row: Table, kind: RegisterType | None, markers: Mapping[str, Sequence[Marker]]) -> Sequence[Marker]:
    if kind is None:
        if "invalid" in row:
            row.fault("invalid", "only numbers have a marker for no value")
        return ()
    given = row.rows.get("invalid", list(markers.get(kind.name, ())))
    return read_markers(row, "invalid", given if isinstance(given, list) else [given], kind)


def _bits(row: Table, kind: RegisterType | None) -> tuple[int, int] | None:
    if "bits" not in row:
        return None
    value = row.rows["bits"]
    first, last = value if isinstance(value, list) and len(value) == 2 else (value, value)
    whole = all(type(bit) is int for bit in (first, last))
    if kind is None or kind.signed or not whole or not 0 <= first <= last < kind.bits:
        row.fault("bits", f"{value!r} is not a bit or [first, last] of an unsigned type", "bit 0 counts 1")
        return None
    return first, last - first + 1


def _enum(row: Table, quantity: Quantity, kind: RegisterType | None) -> tuple[tuple[int, int], ...]:
    pairs: list[tuple[int, int]] = []
    enum = row.table("enum")
    if enum.rows and (quantity.kind != "state" or (kind is not None and kind.real)):
        row.fault("enum", f"{quantity.id} is no state of whole numbers")
    for key, state in enum.rows.items():
        try:
            raw = int(key, 0)
        except ValueError:
            enum.fault(key, "is not a raw number")
            continue
        if state in quantity.states:
            pairs.append((raw, quantity.states.index(state)))
        elif type(state) is int and not quantity.states:
            pairs.append((raw, state))
        else:
            enum.fault(key, f"{state!r} is no state of {quantity.id}", nearest(str(state), quantity.states))
    return tuple(pairs)


def _net(row: Table, quantity: Quantity) -> bool:
    if "net" in row and quantity.kind != "counter":
        row.fault("net", f"{quantity.id} is a {quantity.kind}, and only a counter is asked whether it may fall")
    return row.flag("net", False)


def _digits(row: Table, quantity: Quantity) -> int:
    if "digits" in row and quantity.kind != "counter":
        row.fault("digits", f"{quantity.id} is a {quantity.kind}, and only a counter begins again at 0")
    return row.integer("digits", 1, 18, 0) or 0
