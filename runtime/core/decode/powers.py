"""Decoding fields whose scale is a power of ten that the device tells in registers beside them, many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import itemgetter, mul, truediv

from runtime.core.decode.factors import SLOW, WHOLE, factors_of
from runtime.core.map.markers import markers_of
from runtime.core.map.normalise import DeviceSettings, is_exponent, step_ratio, to_count
from runtime.core.map.scalar import Lane, Values
from runtime.core.modbus.registers import TYPES, Field
from runtime.core.modbus.unpacking import BlockLayout, reader, unpacker

# numerators, denominators, way, indexes of the fields that have no value with these powers
_Known = tuple[tuple[int, ...], tuple[int, ...], int, tuple[int, ...]]
_CACHED = 64  # sets of powers whose factors are kept; a device keeps its powers


def is_power(field: Field) -> bool:
    """Whether the field is an integer that nothing but a power of ten scales."""
    kind = TYPES[field.type]
    plain = field.sign_at is None and field.high_at is None and field.bits is None and not field.magnitude
    plain = plain and field.scale_band is None and not field.factor
    return field.scale_at is not None and plain and not kind.real and kind.bits <= 32


def power_group(fields: Sequence[Field], place: BlockLayout, slot: int) -> Lane:
    """The lane of fields for which ``is_power`` holds, in order of address, of types of one width."""
    at = sorted({field.scale_at for field in fields if field.scale_at is not None})
    unpack, powers_of = reader(fields, place), unpacker([(register, "h", 1) for register in at], place)
    low, high = slot, slot + len(fields)
    none = tuple(map(markers_of, fields))
    markers = markers_of(*fields)
    factors = _factors_by_power(fields, at)

    def run(payload: bytes, values: Values, settings: DeviceSettings) -> None:
        raw = unpack(payload)
        nums, dens, way, missing = factors(powers_of(payload))
        if way == SLOW:
            values[low:high] = map(to_count, raw, nums, dens)
        elif way == WHOLE:
            values[low:high] = map(mul, raw, nums)
        else:
            values[low:high] = map(round, map(truediv, map(mul, raw, nums), dens))
        for index in missing:
            values[low + index] = None
        if markers and not markers.isdisjoint(raw):
            for index, count in enumerate(raw):
                if count in markers and count in none[index]:
                    values[low + index] = None

    return run


def _factors_by_power(fields: Sequence[Field], at: Sequence[int]) -> Callable[[tuple[int, ...]], _Known]:
    """Gives the factors for the powers in the scale registers ``at``."""
    steps = [Fraction(*step_ratio(field)) for field in fields]
    largest = max(TYPES[field.type].largest + TYPES[field.type].signed for field in fields)
    where = [at.index(field.scale_at) for field in fields if field.scale_at is not None]
    pick = itemgetter(*where, where[0])  # one more, so that the result is always a tuple
    kept: dict[tuple[int, ...], _Known] = {}

    def build(powers: tuple[int, ...]) -> _Known:
        each = pick(powers)[:-1]
        ratios = [
            step * Fraction(10) ** power if is_exponent(power) else Fraction(0)
            for step, power in zip(steps, each, strict=True)
        ]
        missing = tuple(index for index, power in enumerate(each) if not is_exponent(power))
        found = (*factors_of(ratios, largest), missing)
        if len(kept) >= _CACHED:  # gateways share the map: what another thread clears is build again
            kept.clear()
        kept[powers] = found
        return found

    return lambda powers: kept.get(powers) or build(powers)
