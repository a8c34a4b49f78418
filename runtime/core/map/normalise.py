"""From a raw number to a count of the quantity's step: scale, ratios, bands, markers, direction of supply."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

from runtime.core.modbus.registers import Field, ScaleBand
from runtime.core.quantity.catalogue import QUANTITIES, to_n
from runtime.core.text.tomltable import Ratio

LARGEST = 2**63 - 1  # what the store keeps
NO_EXPONENT = -0x8000  # SunSpec's marker; no device scales by 10**-32768
_EXPONENT_MOST = 30


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """What an installation says of one device.

    supply      "upstream", or "downstream": power changes its sign, imported and exported energies their place
    parameters  what the model asks for; stands in for parameters that the device itself does not tell
    power_sign  "normal", or "reversed": power alone changes its sign, beside what ``supply`` does
    """

    supply: str = "upstream"
    parameters: Mapping[str, str | int | float] = field(default_factory=dict)
    power_sign: str = "normal"

    @property
    def reverses_power(self) -> bool:
        """Whether powers have the other sign than the device tells."""
        return (self.supply == "downstream") != (self.power_sign == "reversed")


def step_ratio(field: Field) -> Ratio:
    """Counts of the quantity's step per raw count, without what parameters say."""
    step = Fraction(10) ** QUANTITIES[field.quantity].exp10
    return (Fraction(*field.scale) / step).as_integer_ratio()


def is_exponent(power: int) -> bool:
    """Whether a register that holds a power of ten holds a sensible one."""
    return -_EXPONENT_MOST <= power <= _EXPONENT_MOST


def to_count(raw: int, num: int, den: int) -> int | None:
    """raw x num / den, exact halves to even; None beyond 64 bits."""
    count, rest = divmod(raw * num, den)
    if 2 * rest > den or (2 * rest == den and count & 1):
        count += 1
    return count if -LARGEST <= count <= LARGEST else None


def counted_real(raw: float, factor: float) -> int | None:
    """raw x factor to the nearest count; None for NaN, infinity and what passes 64 bits."""
    count = raw * factor
    return round(count) if -LARGEST <= count <= LARGEST else None


def parameter_counts(
    wanted: Sequence[tuple[int, str, str]], values: Sequence[int | str | None], settings: DeviceSettings
) -> tuple[int, ...] | None:
    """Counts of the parameters (slot, quantity, name), from device or settings; None when one is unknown."""
    counts = []
    for slot, quantity, name in wanted:
        value = values[slot]
        told = settings.parameters.get(name) if value is None else None
        if isinstance(told, int | float) and math.isfinite(told):
            value = to_n(quantity, told)
        if not isinstance(value, int):
            return None
        counts.append(value)
    return tuple(counts)


def parameter_names(field: Field) -> tuple[str, ...]:
    """The parameters that scale a field, each once."""
    return tuple(dict.fromkeys((*(field.scale_band.of if field.scale_band else ()), *field.factor)))


def parameter_values(wanted: Sequence[tuple[int, str, str]], counts: Sequence[int]) -> Mapping[str, Fraction]:
    """Name -> value in its unit, of parameters (slot, quantity, name)."""
    return {
        name: count * Fraction(10) ** QUANTITIES[quantity].exp10
        for (_, quantity, name), count in zip(wanted, counts, strict=True)
    }


def parameter_factor(field: Field, told: Mapping[str, Fraction]) -> Fraction:
    """What these parameters multiply the field by; 0 = nobody knows, a transformer has no ratio of 0 or below."""
    if any(told[name] <= 0 for name in field.factor):
        return Fraction(0)
    ratio = prod((told[name] for name in field.factor), start=Fraction(1))
    if field.scale_band is None:
        return ratio
    return ratio * band_factor(field.scale_band, prod((told[name] for name in field.scale_band.of), start=Fraction(1)))


def band_factor(band: ScaleBand, product: Fraction) -> Fraction:
    """The factor of the first limit above the product of the band's parameters."""
    for limit, factor in band.below:
        if product < Fraction(*limit):
            return Fraction(*factor)
    return Fraction(*band.otherwise)


def changes_sign(quantity: str) -> bool:
    """Whether a feed from below changes the sign of this quantity."""
    return quantity.startswith(("active_power_", "reactive_power_"))


def opposite(quantity: str) -> str:
    """The energy of the other direction, "" when there is none."""
    if QUANTITIES[quantity].kind != "counter":
        return ""
    for one, other in (("_import_", "_export_"), ("_export_", "_import_")):
        swapped = quantity.replace(one, other)
        if swapped != quantity and swapped in QUANTITIES:
            return swapped
    return ""
