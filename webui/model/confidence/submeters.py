"""The sum of other meters against one: what is measured behind it, and the rest that is not."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from runtime.core.site.installation import DeviceSpec, Installation
from runtime.store.history import FLUIDS
from webui.model.bridge import Bridge
from webui.model.fluid import fluid_of

_OF = re.compile(r"(device|load|group|gateway|board):([1-9][0-9]{0,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ComparisonBar:
    start_ts: int
    end_ts: int
    main_n: int | None
    parts_n: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``of`` what was chosen; ``devices`` that were summed up. Sums are of the bins that both have."""

    of: str
    devices: tuple[int, ...]
    bars: tuple[ComparisonBar, ...]

    @property
    def main_n(self) -> int | None:
        return _sum([bar.main_n for bar in self.bars if bar.parts_n is not None])

    @property
    def parts_n(self) -> int | None:
        return _sum([bar.parts_n for bar in self.bars if bar.main_n is not None])


def members(installation: Installation, of: str) -> tuple[int, ...] | None:
    """Devices now, also those that are left out of totals; None = there is no such thing."""
    if of == "others":
        return tuple(device.id for device in installation.devices)
    found = _OF.fullmatch(of)
    if found is None:
        return None
    kind, id = found[1], int(found[2])
    boards = {gateway.id: gateway.board for gateway in installation.gateways}

    def belongs(device: DeviceSpec) -> bool:
        return {
            "device": device.id == id, "load": device.load == id, "group": id in device.groups,
            "gateway": device.gateway == id, "board": boards.get(device.gateway) == id,
        }[kind]  # fmt: skip

    return tuple(device.id for device in installation.devices if belongs(device)) or None


def compare_with(
    bridge: Bridge, main: int, of: str, quantity: str, period: str, date: datetime.date
) -> Comparison | None:
    """Meters of the same kind of consumption; None where nothing was chosen or nothing is left to compare."""
    if not of or quantity not in FLUIDS.values():
        return None
    fluid = next(fluid for fluid, id in FLUIDS.items() if id == quantity)
    kinds = {view.id: fluid_of(view.quantities) for view in bridge.devices()}
    chosen = tuple(id for id in members(bridge.installation(), of) or () if id != main and kinds.get(id) == fluid)
    if not chosen:
        return None
    columns = [_values(bridge, id, fluid, period, date) for id in (main, *chosen)]
    bars = tuple(
        ComparisonBar(start_ts, end_ts, main_n, _sum([column[at][2] for column in columns[1:]]))
        for at, (start_ts, end_ts, main_n) in enumerate(columns[0])
    )
    return Comparison(of, chosen, bars)


def _values(bridge: Bridge, id: int, fluid: str, period: str, date: datetime.date) -> list[tuple[int, int, int | None]]:
    consumption = bridge.history.consumption(
        bridge.installation(), of=f"device:{id}", fluid=fluid, period=period, date=date, zone=bridge.zone
    )
    return [(bin.start_ts, bin.end_ts, bin.value_n) for bin in consumption.bins]


def _sum(values: list[int | None]) -> int | None:
    known = [value_n for value_n in values if value_n is not None]
    return sum(known) if known else None
