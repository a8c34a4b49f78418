"""What is build of a device's parameters once, and taken again for as long as they stay what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import itemgetter
from typing import Any, TypeVar

from runtime.core.map.normalise import DeviceSettings, parameter_counts, parameter_names, parameter_values
from runtime.core.map.scalar import Parameters, Values
from runtime.core.modbus.registers import Field

_CACHED = 16  # combinations of parameters of which the outcome is kept
T = TypeVar("T")


def by_parameters(
    field: Field, parameters: Parameters, make: Callable[[Mapping[str, Fraction]], T | None]
) -> Callable[[Values, DeviceSettings], T | None]:
    """Gives what ``make`` makes of the parameters (name -> value) that scale ``field``, as they are at the moment.

    None as long as one of them is unknown; without any it is build once for all.
    """
    wanted = [(*parameters[name], name) for name in parameter_names(field)]
    if not wanted:
        fixed = make({})
        return lambda values, settings: fixed
    slots = [slot for slot, _, _ in wanted]
    pick: Callable[[Values], tuple[Any, ...]] = itemgetter(*slots, slots[0])  # a tuple also of one
    kept: dict[tuple[Any, ...], tuple[T | None]] = {}  # by the counts of the parameters

    def look_up(values: Values, settings: DeviceSettings) -> T | None:
        counts = parameter_counts(wanted, values, settings)
        if counts is None:
            return None
        key = (*counts, counts[0])
        found = kept.get(key)
        if found is None:
            found = (make(parameter_values(wanted, counts)),)
            if len(kept) >= _CACHED:  # gateways share the map: what another thread clears is made again
                kept.clear()
            kept[key] = found
        return found[0]

    def current(values: Values, settings: DeviceSettings) -> T | None:
        found = kept.get(pick(values))
        return found[0] if found is not None else look_up(values, settings)

    return current
