"""Decoding the fields that need more than a factor, one at a time: split values, powers of ten, bits, states, texts."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable
from fractions import Fraction

from runtime.core.map.markers import markers_of
from runtime.core.map.normalise import (
    NO_EXPONENT,
    DeviceSettings,
    counted_real,
    is_exponent,
    parameter_counts,
    parameter_factor,
    parameter_names,
    parameter_values,
    step_ratio,
    to_count,
)
from runtime.core.modbus.registers import BIT, TEXT, TYPES, Field
from runtime.core.modbus.unpacking import BlockLayout
from runtime.core.quantity.catalogue import QUANTITIES

Values = list[int | str | None]
Lane = Callable[[bytes, Values, DeviceSettings], None]  # reads its fields from a block, writes their counts
Parameters = dict[str, tuple[int, str]]  # name -> slot, quantity
_UNPRINTABLE = bytes(code for code in range(256) if not 32 <= code < 127)
_UNSCALED = Fraction(1)


def swap_bytes(payload: bytes) -> bytes:
    """The two bytes of every word exchanged."""
    words = array("H", payload)
    words.byteswap()
    return words.tobytes()


def scalar_group(field: Field, place: BlockLayout, slot: int, parameters: Parameters) -> Lane:
    if field.type == BIT:
        return _bit_group(field, place, slot)
    if field.type == TEXT:
        return _text_group(field, place, slot)
    return _number_group(field, place, slot, parameters)


def _bit_group(field: Field, place: BlockLayout, slot: int) -> Lane:
    byte, mask = (field.at - place.at) // 8, 1 << (field.at - place.at) % 8
    states = dict(field.enum) if field.enum else {0: 0, 1: 1}

    def run(payload: bytes, values: Values, settings: DeviceSettings) -> None:
        values[slot] = states.get(int(bool(payload[byte] & mask)))

    return run


def _text_group(field: Field, place: BlockLayout, slot: int) -> Lane:
    start, end = 2 * (field.at - place.at), 2 * (field.at - place.at + field.words)

    def run(payload: bytes, values: Values, settings: DeviceSettings) -> None:
        piece = swap_bytes(payload[start:end]) if place.swap_text else payload[start:end]
        values[slot] = piece.translate(None, _UNPRINTABLE).decode("ascii").strip() or None

    return run


def _number_group(field: Field, place: BlockLayout, slot: int, parameters: Parameters) -> Lane:
    raw_of = _raw(field, place)
    finish = _finish(field)
    exponent_of = _register(field.scale_at, "h", place) if field.scale_at is not None else None
    sign_of = _register(field.sign_at, "H", place) if field.sign_at is not None else None
    band_of = _band(field, parameters)

    def run(payload: bytes, values: Values, settings: DeviceSettings) -> None:
        raw = raw_of(payload)
        exponent = exponent_of(payload) if exponent_of else 0
        sign = sign_of(payload) if sign_of else 0
        band = band_of(values, settings) if band_of else _UNSCALED
        if raw is None or exponent == NO_EXPONENT or sign > 1 or band is None:
            values[slot] = None
        else:
            values[slot] = finish(-raw if sign else raw, band, exponent)

    return run


def _register(at: int, code: str, place: BlockLayout) -> Callable[[bytes], int]:
    unpack, offset = struct.Struct(place.order + code).unpack_from, 2 * (at - place.at)

    def read(payload: bytes) -> int:
        return int(unpack(payload, offset)[0])

    return read


def _raw(field: Field, place: BlockLayout) -> Callable[[bytes], int | float | None]:
    """Reads the raw number, None for a marker; parts put together, bits cut out."""
    unpack, offset = struct.Struct(place.order + TYPES[field.type].code).unpack_from, 2 * (field.at - place.at)
    high_offset = 2 * (field.high_at - place.at) if field.high_at is not None else None
    none, factor, magnitude = markers_of(field), field.high_factor, field.magnitude
    first, width = field.bits or (0, TYPES[field.type].bits)
    cut = (1 << width) - 1 if field.bits else 0

    def read(payload: bytes) -> int | float | None:
        raw: int | float = unpack(payload, offset)[0]
        if raw in none:
            return None
        if high_offset is not None:
            high = unpack(payload, high_offset)[0]
            return None if high in none else raw + high * factor
        if magnitude:
            return abs(raw)
        return int(raw) >> first & cut if cut else raw

    return read


def _band(field: Field, parameters: Parameters) -> Callable[[Values, DeviceSettings], Fraction | None] | None:
    wanted = [(*parameters[name], name) for name in parameter_names(field)]
    if not wanted:
        return None

    def factor(values: Values, settings: DeviceSettings) -> Fraction | None:
        counts = parameter_counts(wanted, values, settings)
        return None if counts is None else parameter_factor(field, parameter_values(wanted, counts)) or None

    return factor


def _finish(field: Field) -> Callable[[int | float, Fraction, int], int | str | None]:
    """From the raw number to what stands in the slot."""
    quantity = QUANTITIES[field.quantity]
    if quantity.kind == "text":
        return lambda raw, band, exponent: str(raw)
    if quantity.kind == "state":
        states = dict(field.enum) or {count: count for count in range(len(quantity.states))}
        return lambda raw, band, exponent: states.get(int(raw)) if states else int(raw)
    ratio = Fraction(*step_ratio(field))
    if TYPES[field.type].real:
        return lambda raw, band, exponent: counted_real(raw, float(ratio * band) * 10.0**exponent)

    known: dict[tuple[Fraction, int], tuple[int, int]] = {}  # a device keeps its exponents: fractions are made once

    def count(raw: int | float, band: Fraction, exponent: int) -> int | None:
        if not is_exponent(exponent):
            return None
        whole = known.get((band, exponent))
        if whole is None:
            whole = known[band, exponent] = (ratio * band * Fraction(10) ** exponent).as_integer_ratio()
        return to_count(int(raw), *whole)

    return count
