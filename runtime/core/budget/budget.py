"""Budgets: what a device, load, group or everything may consume in a period; and meters that must stand still.

A leak is water or gas that never stops flowing: no hour of so many without consumption.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runtime.core.resource.key import Key, Problem, id_key, name_key, one_of, reference_key, switch_key, within
from runtime.core.resource.reference import Reference
from runtime.core.resource.resource import Report, Resource, Tree

BUDGET, LEAK = KINDS = ("budget", "leak")
FLUIDS = ("electricity", "water", "gas")
PERIODS = ("day", "month", "year")
MOST_HOURS = 72
LARGEST = 1e9


@dataclass(frozen=True, slots=True)
class BudgetSpec:
    """One device, load or group, or with 0 for each of them all devices together.

    amount  kWh of electricity, m³ of water and gas, in a period; of no concern to a leak
    hours   of a leak: so many one after the other, each with consumption; a leak is one device's
    """

    id: int
    name: str
    kind: str
    fluid: str
    device: int = 0
    load: int = 0
    measure_group: int = 0
    period: str = "month"
    amount: float = 0.0
    hours: int = 24
    on: bool = True

    @property
    def of(self) -> str:
        """As consumption is asked for."""
        parts = (("device", self.device), ("load", self.load), ("group", self.measure_group))
        return next((f"{word}:{id}" for word, id in parts if id), "total")


def never_stops(hours_n: Sequence[int | None], hours: int) -> bool | None:
    """Whether each of the last ``hours`` full hours has consumption; None = nobody knows of one of them."""
    last = hours_n[-hours:]
    if any(n == 0 for n in last):
        return False
    return None if len(last) < hours or None in last else True


def _an_amount(value: float) -> Problem:
    if 0 <= value <= LARGEST:
        return None
    return "out_of_range", f"{value} is not between 0 and {LARGEST:.0f}", (("low", 0), ("high", int(LARGEST)))


def _check(tree: Tree, report: Report) -> None:
    for spec in tree.of(BUDGETS):
        for key, message in _wrong(spec):
            report("budget", spec.id, key, "budget_wrong", message)


def _wrong(spec: BudgetSpec) -> Iterator[tuple[str, str]]:
    if sum(map(bool, (spec.device, spec.load, spec.measure_group))) > 1:
        yield "device", "is of a device, a load or a group, not of several"
    if spec.kind == LEAK and spec.fluid == "electricity":
        yield "fluid", "only water and gas leak"
    if spec.kind == LEAK and (spec.load or spec.measure_group):
        yield "device", "a leak is looked for at one meter"
    if spec.kind == BUDGET and not spec.amount:
        yield "amount", "has no amount"


BUDGETS = Resource(
    "budget",
    "budgets",
    BudgetSpec,
    {
        "id": id_key(),
        "name": name_key(),
        "kind": Key((str,), problem=one_of(*KINDS)),
        "fluid": Key((str,), problem=one_of(*FLUIDS)),
        "device": reference_key(),
        "load": reference_key(),
        "measure_group": reference_key(),
        "period": Key((str,), "month", one_of(*PERIODS)),
        "amount": Key((int, float), 0.0, _an_amount),
        "hours": Key((int,), 24, within(2, MOST_HOURS)),
        "on": switch_key(),
    },
    references=(Reference("device", "device"), Reference("load", "load"), Reference("measure_group", "group")),
    see=("system_configuration", "alarms"),
    check=_check,
)
