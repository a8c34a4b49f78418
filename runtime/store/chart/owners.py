"""What charts need to know of an installation, worked out once: who counts for what, and which versions cost what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from runtime.core.accounting.assignments import Owners
from runtime.core.clock import timegrid
from runtime.core.energy.bins import SLOTS
from runtime.core.site.installation import Installation
from runtime.core.tariff.tariffs import FLUIDS, amounts
from runtime.store.energy.cells import Choice, choices_of

Prices = dict[int, tuple[int, int | None]]


class Site:
    """What charts need to know of an installation, worked out once."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.owners = Owners(installation)
        self.loads = tuple(load.id for load in installation.loads)
        self.devices = tuple(
            sorted({*(d.id for d in installation.devices), *(a.device for a in installation.assignments)})
        )
        tariffs = (*installation.tariffs, *installation.former_tariffs)
        self.prices: dict[str, Prices] = {
            fluid: amounts(tariff for tariff in tariffs if tariff.fluid == fluid) for fluid in FLUIDS
        }
        self._by_load: dict[tuple[int, int], ByLoad] = {}

    def by_load(self, ts: int, group: int = 0) -> ByLoad:
        """The devices of each load at a moment, 0 = of all groups. The same object as long as nothing changes."""
        until = self.owners.cut_after(ts)
        found = self._by_load.get((group, until))
        if found is None:
            found = self._by_load[group, until] = ByLoad(self, ts, group)
        return found

    def choices(self, of: str, ts: int) -> tuple[Choice, ...]:
        return choices_of(self.owners.members(of, ts))


class ByLoad:
    """Which slots of each chunk belong to which load."""

    def __init__(self, site: Site, ts: int, group: int) -> None:
        rows = ((device, site.owners.at(device, ts)) for device in site.devices)
        loads: dict[int, list[int]] = {}
        for device, row in rows:
            if row is not None and not row.excluded and not row.gone and (not group or group in row.groups):
                loads.setdefault(row.load, []).append(device)
        self.chunks: dict[int, list[tuple[int, Choice]]] = {}
        for load, devices in loads.items():
            for choice in choices_of(tuple(devices)):
                self.chunks.setdefault(choice.chunk, []).append((load, choice))


def chosen(site: Site, of: str) -> tuple[Callable[[int], Sequence[Choice]], Callable[[int], int]]:
    """Whose slots count at a moment, and when that changes after a moment."""
    kind, _, id_text = of.partition(":")
    if kind == "device" and id_text.isdecimal() and len(id_text) <= 4:
        one = (Choice(int(id_text) // SLOTS, [int(id_text) % SLOTS]),)
        return lambda ts: one, lambda ts: timegrid.NEVER
    site.owners.members(of, 0)  # refuses what cannot be summed up
    return partial(site.choices, of), site.owners.cut_after
