"""What a value can be at all: the last net under markers for "no value" that nobody knew of.

Wide on purpose: what lies outside is no measured value of a low or medium voltage installation, whatever the device.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from runtime.core.quantity.catalogue import QUANTITIES, to_n

Values = Sequence[int | str | None]

_MOST_W, _MOST_A, _MOST_V = 500e6, 100e3, 500e3
_FACTOR, _CHARGE = (-1.005, 1.005), (0.0, 100.0)
_BY_UNIT: Mapping[str, tuple[float, float]] = MappingProxyType({
    "W": (-_MOST_W, _MOST_W), "var": (-_MOST_W, _MOST_W), "VA": (-_MOST_W, _MOST_W), "A": (-_MOST_A, _MOST_A),
    "V": (-_MOST_V, _MOST_V), "Hz": (0.0, 70.0), "°C": (-60.0, 250.0), "°": (-360.0, 360.0),
})  # fmt: skip
_PHASE_VOLTAGES = ("voltage_l1_v", "voltage_l2_v", "voltage_l3_v", "voltage_mean_v")
_LINE_VOLTAGES = ("voltage_l12_v", "voltage_l23_v", "voltage_l31_v", "voltage_line_mean_v")
# No grid has these: below are those of low voltage, above those of medium voltage.
_NO_PHASE_V, _NO_LINE_V = (520.0, 1000.0), (910.0, 1500.0)
_LOWEST_HZ, _ALIVE_V = 40.0, 50.0
_APART = 3  # a phase has no more than so many times the voltage of another one that is alive
_OVERLOAD_V = 1000 * 4  # by rated current: the highest phase voltage of low voltage, and what a fault may last


_Bound = tuple[int, int, int, int]  # counts: from the first to the second, or from the third to the fourth


@dataclass(frozen=True, slots=True)
class Checks:
    """What is looked at after one read of a device.

    bounds  of each value that has any: index and what it may be
    """

    bounds: tuple[tuple[int, int, int, int, int], ...]
    frequency: bool
    phases: bool


class Plausibility:
    """Of one kind of device, shared by all of it.

    quantities  one per value
    rated_ma    rated current of the device, 0 = not known
    """

    def __init__(self, quantities: Sequence[str], rated_ma: int = 0) -> None:
        rated_a = rated_ma / 1000
        self._bounds = [_bound(id, rated_a) for id in quantities]
        self._phases = tuple(index for index, id in enumerate(quantities) if id in _PHASE_VOLTAGES[:3])
        self._alive_n, self._lowest_n = to_n("voltage_l1_v", _ALIVE_V), to_n("frequency_hz", _LOWEST_HZ)
        self._frequency = next((index for index, id in enumerate(quantities) if id == "frequency_hz"), -1)
        self._checks: dict[tuple[int, ...], Checks] = {}

    def checks(self, indexes: Collection[int]) -> Checks:
        """What to look at once these were read."""
        reads = tuple(indexes)
        if reads not in self._checks:
            self._checks[reads] = self._new_checks(reads)
        return self._checks[reads]

    def _new_checks(self, indexes: tuple[int, ...]) -> Checks:
        bounds = [(index, *bound) for index in indexes if (bound := self._bounds[index]) is not None]
        has_phases = len(self._phases) > 1 and self._phases[0] in indexes
        return Checks(tuple(bounds), self._frequency in indexes, has_phases)

    def suspects(self, checks: Checks, values: Values) -> list[int]:
        """Indexes of what cannot be; none as a rule."""
        found = []
        for index, least_n, low_n, high_n, most_n in checks.bounds:  # for each answer: nothing is called here
            value: Any = values[index]  # a gauge is a whole number, or unknown
            if value is not None and not (high_n <= value <= most_n or least_n <= value <= low_n):
                found.append(index)
        if checks.frequency and self._is_dead(values):
            found.append(self._frequency)
        if checks.phases:
            found += [index for index in self._apart(values) if index not in found]
        return found

    def _is_dead(self, values: Values) -> bool:
        """No frequency, or hardly one, while there is a voltage."""
        frequency_n = values[self._frequency]
        if not isinstance(frequency_n, int) or frequency_n >= self._lowest_n:
            return False
        phases = (values[index] for index in self._phases)
        return any(isinstance(value, int) and value >= self._alive_n for value in phases)

    def _apart(self, values: Values) -> Sequence[int]:
        """Phases far above another one that is alive."""
        alive_n = self._alive_n
        told = []
        for index in self._phases:
            value = values[index]
            if isinstance(value, int) and value >= alive_n:
                told.append((value, index))
        if len(told) < 2 or max(told)[0] <= _APART * min(told)[0]:
            return ()
        told.sort()
        for above, ((lower_n, _), (upper_n, _)) in enumerate(pairwise(told), 1):
            if upper_n > _APART * lower_n:
                return [index for _, index in told[above:]]
        return ()


@lru_cache(maxsize=256)
def plausibility_of(quantities: tuple[str, ...], rated_ma: int) -> Plausibility:
    """The one of all devices that have these values and this rated current."""
    return Plausibility(quantities, rated_ma)


def _bound(id: str, rated_a: float) -> _Bound | None:
    quantity = QUANTITIES[id]
    if quantity.kind != "gauge":
        return None
    limits = _FACTOR if id.startswith("power_factor") else _BY_UNIT.get(quantity.unit)
    limits = _CHARGE if "soc_pct" in id else limits
    if limits is None:
        return None
    if rated_a and quantity.unit in ("W", "var", "VA"):
        limits = (-3 * _OVERLOAD_V * rated_a, 3 * _OVERLOAD_V * rated_a)
    gap = _NO_PHASE_V if id in _PHASE_VOLTAGES else _NO_LINE_V if id in _LINE_VOLTAGES else (0.0, 0.0)
    return to_n(id, limits[0]), to_n(id, gap[0]), to_n(id, gap[1]), to_n(id, limits[1])
