"""Gas in charts as the energy that it is worth, by the factor of its time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from zoneinfo import ZoneInfo

from runtime.core.accounting.gasfactor import GasFactors
from runtime.core.clock import timegrid
from runtime.core.site.installation import Installation
from runtime.core.tariff.cost import Bill, TariffPart
from runtime.store.chart.spans import Span
from runtime.store.energy.cells import NOTHING, Sum

CutAfter = Callable[[int], int]


class Worth:
    """Of volumes in 0.001 dm3: their energy in 0.000001 Wh, so that sums stay exact. Without ``as_energy``: they."""

    def __init__(self, installation: Installation, zone: ZoneInfo, *, as_energy: bool) -> None:
        self.as_energy = as_energy
        self._factors = GasFactors(installation, zone) if as_energy else None

    def cut_after(self, ts: int) -> int:
        return timegrid.NEVER if self._factors is None else self._factors.cut_after(ts)

    def with_cuts(self, cut_after: CutAfter) -> CutAfter:
        """The first moment at which either changes."""
        return cut_after if self._factors is None else lambda ts: min(cut_after(ts), self.cut_after(ts))

    def of(self, found: Sum, part: Span) -> Sum:
        """Nothing where no factor is known."""
        if self._factors is None:
            return found
        wh_per_m3 = self._factors.at(part.start_ts)
        return (found[0] * wh_per_m3, found[1], found[2]) if wh_per_m3 else NOTHING

    def of_each(self, found: Mapping[int, Sum], part: Span) -> dict[int, Sum]:
        return {owner: self.of(each, part) for owner, each in found.items()}

    def versions(self, parts: Iterable[tuple[Span, Mapping[int, int]]]) -> dict[int, int]:
        """Price version -> energy, of parts whose volumes are known by version."""
        energies: Counter[int] = Counter()
        for part, volumes in parts:
            for version, volume_n in volumes.items():
                energies[version] += self.of((volume_n, True, 0), part)[0]
        return energies


def revalued(cost: Bill, energy: Bill) -> Bill:
    """What volumes cost, with the energy that they are worth in the place of the volumes."""
    values = {part.tariff: part.value_n for part in energy.by_tariff}
    parts = tuple(TariffPart(part.tariff, values.get(part.tariff, 0), part.cost_p) for part in cost.by_tariff)
    return Bill(parts, cost.cost_p, energy.unpriced_n)
