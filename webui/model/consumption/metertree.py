"""The electric meters as they are now, one below the other; what of a meter none below it measures is its rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from runtime.core.site.installation import DeviceSpec
from runtime.core.site.metertree import ancestors
from runtime.core.view import DeviceView
from webui.model.bridge import Bridge
from webui.model.fluid import fluid_of
from webui.model.staleness import is_stale

POWER = "active_power_w"


@dataclass(frozen=True, slots=True)
class MeterNow:
    """One meter, in 0.1 W.

    above    the nearest meter above it that is there, 0 = none
    counts   it, one above it or one below it counts in the total: it is part of the site
    own_n    what it tells; None = it is silent
    below    the meters directly below it
    below_n  the sum of what they tell; None = none of them does
    """

    device: DeviceSpec
    above: int
    counts: bool
    own_n: int | None
    below: tuple[int, ...]
    below_n: int | None

    @property
    def power_n(self) -> int | None:
        """What it tells; of one that is silent, what those below it tell."""
        return self.below_n if self.own_n is None else self.own_n

    @property
    def rest_n(self) -> int | None:
        """What of it no meter below measures; None = nothing is below it, or somebody is silent."""
        return None if self.own_n is None or self.below_n is None else self.own_n - self.below_n


@dataclass(frozen=True, slots=True)
class Part:
    """Power at the end of the tree: that of a meter with none below it, or the rest of one.

    board  the meter of its board: the one next to the top that has others below it, else the top; 0 = no tree
    """

    device: DeviceSpec
    power_n: int
    is_rest: bool
    board: int = 0


Tree = Mapping[int, MeterNow]


def tree_of(bridge: Bridge) -> Tree:
    """All electric meters that are on and tell a power, by number; those above them left out go on above."""
    specs = {spec.id: (spec, view) for spec, view in _metering(bridge)}
    every = {spec.id: spec for spec in bridge.installation().devices}
    lines = {id: [each for each in ancestors(spec, every) if each.id in specs] for id, (spec, _) in specs.items()}
    below: dict[int, list[int]] = {}
    for id, line in lines.items():
        if line:
            below.setdefault(line[0].id, []).append(id)
    counting = _counting(lines, {id for id, (spec, _) in specs.items() if not spec.excluded})
    tree = dict[int, MeterNow]()
    for id in sorted(specs, key=lambda id: -len(lines[id])):  # the deepest first: their sums are known then
        spec, view = specs[id]
        told = [n for n in (tree[each].power_n for each in below.get(id, ())) if n is not None]
        above, own_n = lines[id][0].id if lines[id] else 0, _power_n(bridge, view)
        parts = tuple(sorted(below.get(id, ())))
        tree[id] = MeterNow(spec, above, id in counting, own_n, parts, sum(told) if told else None)
    return tree


def roots(tree: Tree) -> Iterator[MeterNow]:
    """The tops that are part of the site: their sum is its power."""
    return (meter for meter in tree.values() if meter.counts and not meter.above)


def parts_of(tree: Tree) -> Iterator[Part]:
    """What the site's power consists of, each watt once."""
    for meter in tree.values():
        if not meter.counts:
            continue
        is_rest = meter.rest_n is not None
        power_n = meter.rest_n if is_rest else meter.own_n
        if power_n is not None:
            yield Part(meter.device, power_n, is_rest, _board(tree, meter))


def _board(tree: Tree, meter: MeterNow) -> int:
    line = [meter]
    while line[-1].above:
        line.append(tree[line[-1].above])
    boards = [each.device.id for each in line if each.below]
    return boards[-2] if len(boards) > 1 else boards[-1] if boards else 0


def _counting(lines: Mapping[int, list[DeviceSpec]], counted: Collection[int]) -> set[int]:
    """Those counted, all above them, and all below any of these."""
    upward = {*counted, *(each.id for id in counted for each in lines[id])}
    return upward | {id for id, line in lines.items() if any(each.id in upward for each in line)}


def _metering(bridge: Bridge) -> Iterable[tuple[DeviceSpec, DeviceView]]:
    site = bridge.installation()
    for spec, view in zip(site.devices, bridge.devices(), strict=True):
        is_read = spec.id not in site.doubted and view.state != "off"
        if is_read and POWER in view.quantities and fluid_of(view.quantities) == "electricity":
            yield spec, view


def _power_n(bridge: Bridge, view: DeviceView) -> int | None:
    at = view.quantities.index(POWER)
    is_old = is_stale(POWER, view.ts_ms[at], bridge.clock.now_ms(), view.stale_after_s)
    power_n = None if is_old or view.trouble is not None else view.values_n[at]
    return power_n if isinstance(power_n, int) else None
