"""Decoding a block, as fast as Python can: fields of one arithmetic share one ``struct.Struct`` and one ``map``.

A lane reads its fields from the block's bytes and writes their counts into one slice of the device's values. It is
tuned: no call and no object per value in the usual case; anything odd falls back to the exact way, value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import hypot
from operator import mul, truediv
from types import MappingProxyType
from typing import Any

from runtime.core.decode.factors import EXACT, SLOW, WHOLE, Factors, factors_of
from runtime.core.decode.parameters import by_parameters
from runtime.core.decode.powers import is_power, power_group
from runtime.core.map.markers import markers_of
from runtime.core.map.normalise import (
    LARGEST,
    DeviceSettings,
    counted_real,
    parameter_factor,
    step_ratio,
    to_count,
)
from runtime.core.map.scalar import Lane, Parameters, Values, scalar_group
from runtime.core.modbus.registers import TYPES, Field
from runtime.core.modbus.unpacking import BlockLayout, reader, unpacker
from runtime.core.quantity.catalogue import QUANTITIES

_Signed = dict[tuple[int, ...], tuple[tuple[int, ...], int]]  # signs -> numerators and the way to use them
_CACHED_SIGNS = 256
_SIGNS = MappingProxyType({0: 1, 1: -1})


def group_key(field: Field) -> tuple[Any, ...]:
    """Fields with the same key share a lane. The last item tells them apart when they must not."""
    kind = TYPES.get(field.type)
    odd = field.high_at is not None or field.bits is not None or field.magnitude
    if kind is None or odd or QUANTITIES[field.quantity].kind == "text":
        return ("single", field.quantity)
    if QUANTITIES[field.quantity].kind == "state":
        named = len(QUANTITIES[field.quantity].states)
        return (
            ("single", field.quantity)
            if kind.real
            else ("state", named, field.enum, field.invalid, field.invalid_within)
        )
    if field.scale_at is not None:
        return ("power", kind.bits) if is_power(field) else ("single", field.quantity)
    if kind.real:
        plain = field.sign_at is None and field.scale_band is None
        return ("real", field.factor) if plain else ("single", field.quantity)
    scaled = bool(field.factor or field.scale_band)
    if kind.bits > 32 and (field.sign_at is not None or scaled):
        return ("single", field.quantity)
    if scaled or field.sign_at is not None:
        return ("band", field.scale_band, field.factor, step_ratio(field))
    num, den = step_ratio(field)
    if den != 1:
        return ("ratio", "") if kind.largest * abs(num) < EXACT else ("single", field.quantity)
    return ("wide", "") if kind.bits > 32 else ("count", "")


def build_group(fields: Sequence[Field], place: BlockLayout, slot: int, parameters: Parameters) -> Lane:
    """The lane of fields with one ``group_key``, in order of address, whose first slot is ``slot``."""
    key = group_key(fields[0])[0]
    if key == "single":
        return scalar_group(fields[0], place, slot, parameters)
    if key == "state":
        return _state_group(fields, place, slot)
    if key == "power":
        return power_group(fields, place, slot)
    if key == "band":
        return _band_group(fields, place, slot, parameters)
    if key == "real":
        return _ratio_group(fields, place, slot, parameters) if fields[0].factor else _real_group(fields, place, slot)
    return _integer_group(fields, place, slot)


def _integer_group(fields: Sequence[Field], place: BlockLayout, slot: int) -> Lane:
    unpack, low, high = reader(fields, place), slot, slot + len(fields)
    rules = [(*step_ratio(field), markers_of(field)) for field in fields]
    nums, dens = tuple(rule[0] for rule in rules), tuple(rule[1] for rule in rules)
    markers = markers_of(*fields)
    wide = TYPES[fields[0].type].bits > 32
    limit = LARGEST // max(map(abs, nums)) if wide else LARGEST
    whole, plain = dens == (1,) * len(dens), nums == (1,) * len(nums)

    def run(payload: bytes, values: Values, settings: DeviceSettings) -> None:
        raw = unpack(payload)
        if (markers and not markers.isdisjoint(raw)) or (wide and (max(raw) > limit or min(raw) < -limit)):
            exact = (
                None if r in none else to_count(r, num, den) for r, (num, den, none) in zip(raw, rules, strict=True)
            )
            values[low:high] = exact
        elif whole:
            values[low:high] = raw if plain else map(mul, raw, nums)
        else:
            values[low:high] = map(round, map(truediv, raw if plain else map(mul, raw, nums), dens))

    return run


def _state_group(fields: Sequence[Field], place: BlockLayout, slot: int) -> Lane:
    """States that are told by the same numbers."""
    unpack, low, high = reader(fields, place), slot, slot + len(fields)
    meaning = _meaning(fields[0])

    def run(payload: bytes, values: Values, settings: DeviceSettings) -> None:
        values[low:high] = map(meaning, unpack(payload)) if meaning else unpack(payload)

    return run


def _meaning(field: Field) -> Callable[[int], int | None] | None:
    """From a raw number to the count of a state; None where it is a code or bits, and every number means itself."""
    none = markers_of(field)
    states = dict(field.enum) or {count: count for count in range(len(QUANTITIES[field.quantity].states))}
    if states:
        return {raw: count for raw, count in states.items() if raw not in none}.get
    return (lambda raw: None if raw in none else raw) if none else None


def _real_group(fields: Sequence[Field], place: BlockLayout, slot: int) -> Lane:
    unpack, low, high = reader(fields, place), slot, slot + len(fields)
    factors = tuple(float(Fraction(*step_ratio(field))) for field in fields)
    none = tuple(map(markers_of, fields))
    markers = markers_of(*fields)
    limit = LARGEST / 2 / max(map(abs, factors))

    def run(payload: bytes, values: Values, settings: DeviceSettings) -> None:
        raw = unpack(payload)
        # the norm is NaN or infinite when one of them is, and never below the largest
        if hypot(*raw) < limit and (not markers or markers.isdisjoint(raw)):
            values[low:high] = map(round, map(mul, raw, factors))
        else:
            values[low:high] = (
                None if r in gone else counted_real(r, factor)
                for r, factor, gone in zip(raw, factors, none, strict=True)
            )

    return run


def _ratio_group(fields: Sequence[Field], place: BlockLayout, slot: int, parameters: Parameters) -> Lane:
    """Floating numbers of the secondary side: all times the same ratios."""
    unpack, low, high = reader(fields, place), slot, slot + len(fields)
    steps = tuple(float(Fraction(*step_ratio(field))) for field in fields)
    none = tuple(map(markers_of, fields))
    markers = markers_of(*fields)
    limit = LARGEST / 2 / max(map(abs, steps))
    ratio = by_parameters(fields[0], parameters, lambda told: float(parameter_factor(fields[0], told)) or None)

    def run(payload: bytes, values: Values, settings: DeviceSettings) -> None:
        raw, by = unpack(payload), ratio(values, settings)
        if by is None:
            values[low:high] = [None] * (high - low)
        elif hypot(*raw) < limit / by and (not markers or markers.isdisjoint(raw)):
            values[low:high] = [round(count * step * by) for count, step in zip(raw, steps, strict=True)]
        else:
            values[low:high] = (
                None if r in gone else counted_real(r, step * by)
                for r, step, gone in zip(raw, steps, none, strict=True)
            )

    return run


def _band_group(fields: Sequence[Field], place: BlockLayout, slot: int, parameters: Parameters) -> Lane:
    """Magnitudes with a factor that hangs on parameters, a sign in a register of its own, or both."""
    unpack, low, high = reader(fields, place), slot, slot + len(fields)
    signed = _apply_signs(fields, place)
    none = tuple(map(markers_of, fields))
    markers = markers_of(*fields)
    factors = by_parameters(fields[0], parameters, lambda told: _signable(_integer_factors(fields, told)))

    def run(payload: bytes, values: Values, settings: DeviceSettings) -> None:
        found = factors(values, settings)
        if found is None:
            values[low:high] = [None] * (high - low)
            return
        nums, dens, way, kept = found
        raw = unpack(payload)
        if signed:
            nums, way = signed(payload, nums, way, kept)
        if way == SLOW or (markers and not markers.isdisjoint(raw)):
            values[low:high] = (
                None if r in gone or not num else to_count(r, num, den)
                for r, gone, num, den in zip(raw, none, nums, dens, strict=True)
            )
        elif way == WHOLE:
            values[low:high] = map(mul, raw, nums)
        else:
            values[low:high] = map(round, map(truediv, map(mul, raw, nums), dens))

    return run


def _integer_factors(fields: Sequence[Field], told: Mapping[str, Fraction]) -> Factors | None:
    """None when nobody knows the parameters that these fields share."""
    by = parameter_factor(fields[0], told)
    largest = max(TYPES[field.type].largest for field in fields)
    return factors_of([Fraction(*step_ratio(field)) * by for field in fields], largest) if by else None


def _signable(factors: Factors | None) -> tuple[tuple[int, ...], tuple[int, ...], int, _Signed] | None:
    """Factors with what becomes of them by signs."""
    return None if factors is None else (*factors, {})


def _apply_signs(
    fields: Sequence[Field], place: BlockLayout
) -> Callable[[bytes, tuple[int, ...], int, _Signed], tuple[tuple[int, ...], int]] | None:
    """Gives numerators the sign that a register tells, 0 where it tells none, which is the slow way then; None for
    fields without such registers. No numerator is 0 itself.
    """
    at = sorted({field.sign_at for field in fields if field.sign_at is not None})
    if not at:
        return None
    unpack = unpacker([(register, "H", 1) for register in at], place)
    order = [at.index(field.sign_at) if field.sign_at is not None else len(at) for field in fields]

    def signed(payload: bytes, nums: tuple[int, ...], way: int, kept: _Signed) -> tuple[tuple[int, ...], int]:
        told = unpack(payload)
        found = kept.get(told)
        if found is None:  # signs seldom change
            if len(kept) >= _CACHED_SIGNS:
                kept.clear()
            taken = [_SIGNS.get(sign, 0) for sign in told] + [1]
            turned = tuple(num * taken[position] for num, position in zip(nums, order, strict=True))
            found = kept[told] = turned, SLOW if 0 in turned else way
        return found

    return signed
