"""Whether the condition of a rule is true at a moment: true, false, or nobody knows.

Nobody knows while a device is silent, its value is suspect, or it does not measure that; then nothing is done and
nothing is undone.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from runtime.core.automation.spec import ALARM, DEVICE, TARIFF, AutomationSpec
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.core.view import DeviceView

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """Of the whole site at one moment.

    view_of   of a device, None = nobody has read it
    tariffs   fluid -> the tariff in force, 0 = none
    alarms    (kind, subject) of those that are active, and (kind, "") of each kind among them: ``causes_of``
    minute    of the site's day, weekday 0 is Monday
    """

    view_of: Callable[[int], DeviceView | None]
    tariffs: Mapping[str, int] = field(default_factory=dict)
    alarms: frozenset[tuple[str, str]] = frozenset()
    minute: int = 0
    weekday: int = 0


class Condition:
    """Of one rule, its texts read. ``fluids``: tariff -> fluid."""

    def __init__(self, spec: AutomationSpec, fluids: Mapping[int, str]) -> None:
        self.spec = spec
        self._start, self._end = spec.frame
        self._weekdays = spec.weekdays
        self._compare = COMPARE[spec.sign]
        self._limit_n = limit_n(spec) if spec.source == DEVICE else None
        self._fluid = fluids.get(spec.tariff, "")
        self._cause = (spec.alarm, f"device.{spec.device}" if spec.device else "")

    def holds(self, facts: Facts) -> bool | None:
        """None = nobody knows."""
        if not (self._start <= facts.minute < self._end and facts.weekday in self._weekdays):
            return False
        return self.compares(facts)

    def compares(self, facts: Facts) -> bool | None:
        """The same whatever the hour."""
        spec = self.spec
        if spec.source == DEVICE:
            n = value_in(facts.view_of(spec.device), spec.quantity)
            return None if n is None or self._limit_n is None else self._compare(n, self._limit_n)
        if spec.source == TARIFF:
            held = facts.tariffs.get(self._fluid)
            return None if held is None else self._compare(held, spec.tariff)
        if spec.source == ALARM:
            return (self._cause in facts.alarms) is (spec.sign == "=")
        return True


def causes_of(alarms: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """For ``Facts``, of (kind, subject) pairs."""
    return frozenset(each for kind, subject in alarms for each in ((kind, subject), (kind, "")))


def limit_n(spec: AutomationSpec) -> int | Decimal | None:
    """What a value is compared with, in counts of its quantity; None = there is no such state or number."""
    row = QUANTITIES.get(spec.quantity)
    if row is None:
        return None
    if row.kind == "state":
        return row.states.index(spec.value) if spec.value in row.states else None
    if isinstance(spec.value, str) or row.kind == "text":
        return None
    exact = Decimal(str(spec.value)).scaleb(-row.exp10)
    return int(exact) if exact == int(exact) else exact


def value_in(view: DeviceView | None, quantity: str) -> int | None:
    """None = nobody knows."""
    if view is None or view.state != "on":
        return None
    index = _index(view.quantities, quantity)
    if index is None or (view.quality and view.quality[index] == Quality.SUSPECT):
        return None
    n = view.values_n[index]
    return n if isinstance(n, int) else None


@lru_cache(maxsize=4096)
def _index(quantities: tuple[str, ...], quantity: str) -> int | None:
    return quantities.index(quantity) if quantity in quantities else None
