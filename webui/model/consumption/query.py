"""What is asked of consumption, and the charts that answer it: the same for pages, API and exports."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from runtime.core.clock.timegrid import local
from runtime.core.energy import bins
from runtime.core.quantity.gasenergy import equivalent_n
from runtime.store.history import BASES, Consumption, LoadChart
from runtime.text.figures import json_number
from webui.model.bridge import Bridge
from webui.model.consumption.sofar import SoFar, sum_until

STEP_EXP10 = -3  # Wh and dm3 are counted in thousandths


@dataclass(frozen=True, slots=True)
class Scale:
    """What values are in. ``as_energy``: a volume as what it was worth; its counts are a thousand times finer."""

    unit: str
    as_energy: bool = False

    def value(self, n: int | None) -> int | float | None:
        counted_n = equivalent_n(n, 1) if n is not None and self.as_energy else n
        return None if counted_n is None else json_number(counted_n, STEP_EXP10)


@dataclass(frozen=True, slots=True)
class Query:
    """``of`` as ``History.consumption`` has it; ``as_energy``: gas by what it is worth."""

    of: str
    fluid: str
    period: str
    date: datetime.date
    basis: str = BASES[0]
    as_energy: bool = False

    @property
    def scale(self) -> Scale:
        return Scale("Wh" if self.as_energy else unit_of(self.fluid), self.as_energy)

    def previous(self) -> Query:
        """The period of the same length before."""
        return replace(self, date=bins.before(self.period, self.date))


class ConsumptionReader:
    """Charts of the installation as it is now."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def today(self) -> datetime.date:
        return local(self._bridge.clock.now_ts(), self._bridge.zone).date()

    def of_one(self, query: Query) -> Consumption:
        return self._bridge.history.consumption(
            self._bridge.installation(), of=query.of, fluid=query.fluid, period=query.period, date=query.date,
            zone=self._bridge.zone, basis=query.basis, as_energy=query.as_energy,
        )  # fmt: skip

    def by_load(self, query: Query, group: int = 0) -> LoadChart:
        """All that counts in the total, or of a group, by load."""
        return self._bridge.history.by_load(
            self._bridge.installation(), fluid=query.fluid, period=query.period, date=query.date,
            zone=self._bridge.zone, basis=query.basis, as_energy=query.as_energy, group=group,
        )  # fmt: skip

    def before_until_now(self, query: Query, shown: Consumption) -> SoFar | None:
        """The period before up to the same moment of it; None unless the period asked for runs now."""
        now_ts = self._bridge.clock.now_ts()
        if not shown.bins or not shown.bins[0].start_ts <= now_ts < shown.bins[-1].end_ts:
            return None
        earlier = self.of_one(query.previous())
        return sum_until(earlier.bins, query.period, local(now_ts, self._bridge.zone), self._bridge.zone)


def unit_of(fluid: str) -> str:
    return "Wh" if fluid in ("electricity", "export") else "dm3"
