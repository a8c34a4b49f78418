"""What is consumed, as conditions: budgets that are passed, meters that never stand still. Looks now and then.

An answer is kept until the next look: bins change with each recorded interval only.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator, Mapping
from decimal import Decimal

from runtime.clock import Clock
from runtime.core.alarm.condition import Cause
from runtime.core.budget.budget import BUDGETS, LEAK, BudgetSpec, never_stops
from runtime.core.clock.timegrid import local
from runtime.core.quantity.catalogue import QUANTITIES, to_n
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import zone_of
from runtime.errors import WattkeeperError
from runtime.store.chart.consumption import Consumption
from runtime.store.history import History

LOOK_S = 120.0

log = logging.getLogger("wattkeeper.alarms")


class ConsumptionWatch:
    """Lives in the thread of the owner of alarms."""

    def __init__(self, history: History, clock: Clock) -> None:
        self._history, self._clock = history, clock
        self._looked_at = -LOOK_S
        self._version = -1
        self._causes: Mapping[Cause, str] = {}

    def causes(self, site: Installation) -> Mapping[Cause, str]:
        """Cause -> English detail of all budgets and leaks that are conditions now."""
        now = self._clock.monotonic()
        if now - self._looked_at >= LOOK_S or site.version != self._version:
            self._looked_at, self._version = now, site.version
            self._causes = dict(found for spec in site.of(BUDGETS) if spec.on for found in self._look(site, spec))
        return self._causes

    def _look(self, site: Installation, spec: BudgetSpec) -> Iterator[tuple[Cause, str]]:
        try:
            if spec.kind == LEAK:
                yield from self._leak(site, spec)
            else:
                yield from self._budget(site, spec)
        except (WattkeeperError, ValueError) as error:
            log.warning("budget %d cannot be looked at: %s", spec.id, error)

    def _budget(self, site: Installation, spec: BudgetSpec) -> Iterator[tuple[Cause, str]]:
        chart = self._consumption(site, spec, spec.period, local(self._clock.now_ts(), zone_of(site)).date())
        limit_n = to_n(chart.quantity, Decimal(str(spec.amount)) * 1000)  # kWh of Wh, m³ of dm³
        if chart.total_n is not None and chart.total_n > limit_n:
            used = Decimal(chart.total_n).scaleb(QUANTITIES[chart.quantity].exp10 - 3)
            unit = "kWh" if spec.fluid == "electricity" else "m³"
            subject = f"device.{spec.device}" if spec.device else "server"
            detail = f"{spec.name}: {used:.1f} {unit} in this {spec.period}, {spec.amount:g} {unit} are the budget"
            yield Cause("budget", subject, str(spec.id)), detail

    def _leak(self, site: Installation, spec: BudgetSpec) -> Iterator[tuple[Cause, str]]:
        """``device`` 0 = it was erased: nothing is looked for."""
        now_ts, zone, bars = self._clock.now_ts(), zone_of(site), list[tuple[int, int | None]]()
        if not spec.device:
            return
        today = local(now_ts, zone).date()
        for days in range(spec.hours // 23 + 1, -1, -1):
            chart = self._consumption(site, spec, "day", today - datetime.timedelta(days=days))
            bars += [(bar.end_ts, bar.value_n) for bar in chart.bins]
        if never_stops([value_n for end_ts, value_n in bars if end_ts <= now_ts], spec.hours):
            detail = f"{spec.name}: no hour of the last {spec.hours} without {spec.fluid}"
            yield Cause("leak", f"device.{spec.device}", str(spec.id)), detail

    def _consumption(self, site: Installation, spec: BudgetSpec, period: str, date: datetime.date) -> Consumption:
        return self._history.consumption(
            site, of=spec.of, fluid=spec.fluid, period=period, date=date, zone=zone_of(site)
        )
