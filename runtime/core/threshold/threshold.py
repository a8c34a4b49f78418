"""Thresholds of measures: what a device measures is above or below a value, for long enough, until it is back by some.

A threshold of current for all devices would be none for each of them, so each is one device's.
"""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.resource.key import Key, Problem, id_key, name_key, one_of, reference_key, switch_key, within
from runtime.core.resource.reference import Reference
from runtime.core.resource.resource import Resource

ABOVE, BELOW = DIRECTIONS = ("above", "below")
LONGEST_S = 86_400
LARGEST = 1e12


@dataclass(frozen=True, slots=True)
class ThresholdSpec:
    """``value`` and ``hysteresis`` are in the unit of the quantity.

    device      0 = it was erased: nothing is watched
    for_s       it has to last so long
    hysteresis  by how much it must be back until the alarm is over
    """

    id: int
    name: str
    device: int
    quantity: str
    value: float
    direction: str = ABOVE
    for_s: int = 0
    hysteresis: float = 0.0
    on: bool = True


def _a_measure(value: str) -> Problem:
    known = QUANTITIES.get(value)
    good = known is not None and known.kind == "gauge"
    return None if good else ("quantity_unknown", f"{value[:80]!r} is nothing that is measured at one moment")


def _a_number(value: float) -> Problem:
    good = abs(value) <= LARGEST
    return None if good else ("out_of_range", f"{value} is not between {-LARGEST:.0f} and {LARGEST:.0f}")


def _a_hysteresis(value: float) -> Problem:
    return _a_number(value) if value >= 0 else ("out_of_range", f"{value} is not between 0 and {LARGEST:.0f}")


THRESHOLD = Resource(
    "threshold",
    "thresholds",
    ThresholdSpec,
    {
        "id": id_key(),
        "name": name_key(),
        "device": reference_key(),
        "quantity": Key((str,), problem=_a_measure),
        "direction": Key((str,), ABOVE, one_of(*DIRECTIONS)),
        "value": Key((int, float), problem=_a_number),
        "hysteresis": Key((int, float), 0.0, _a_hysteresis),
        "for_s": Key((int,), 0, within(0, LONGEST_S)),
        "on": switch_key(),
    },
    references=(Reference("device", "device"),),
    see=("system_configuration", "alarms"),
)
