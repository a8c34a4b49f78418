"""Charts of consumption as JSON: numbers in the unit of the answer, money as decimal text."""

from __future__ import annotations

from typing import Any

from runtime.core.accounting.gasfactor import factor_on
from runtime.core.quantity.quality import Quality
from runtime.core.tariff.cost import money_text
from runtime.store.history import Consumption, ConsumptionBin, LoadChart
from runtime.text.moment import iso
from webui.model.bridge import Bridge
from webui.model.consumption.balance import BalanceReader
from webui.model.consumption.query import ConsumptionReader, Query, Scale
from webui.model.consumption.sofar import SoFar
from webui.model.recorded import name_of

Json = dict[str, Any]


class ConsumptionJson:
    """What is said of each chart; ``head`` and the bars are the same in all answers."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._reader = ConsumptionReader(bridge)
        self._balance = BalanceReader(bridge)

    def head(self, query: Query) -> Json:
        bridge = self._bridge
        return {
            "fluid": query.fluid,
            "period": query.period,
            "date": query.date.isoformat(),
            "now": iso(bridge.clock.now_ts(), bridge.zone),
            "unit": query.scale.unit,
            "gas_wh_per_m3": factor_on(bridge.installation(), self._reader.today()) if query.fluid == "gas" else None,
            "currency": bridge.installation().currency,
        }

    def bars(self, chart: Consumption, scale: Scale) -> list[Json]:
        return [self.bar(each, scale) | self.bill(each, scale) for each in chart.bins]

    def bar(self, each: ConsumptionBin, scale: Scale) -> Json:
        zone = self._bridge.zone
        return {
            "start": iso(each.start_ts, zone),
            "end": iso(each.end_ts, zone),
            "value": scale.value(each.value_n),
            "quality": Quality(each.quality).label,
        }

    def bill(self, priced: Consumption | ConsumptionBin, scale: Scale) -> Json:
        """The money of a bar or of the whole chart."""
        return {
            "cost": self.money(priced.cost_p),
            "by_tariff": {
                str(part.tariff): {"value": scale.value(part.value_n), "cost": self.money(part.cost_p)}
                for part in priced.by_tariff
            },
            "unpriced": scale.value(priced.unpriced_n),
        }

    def sums(self, chart: Consumption, scale: Scale) -> Json:
        """Energy and money of the whole."""
        return {
            "total": scale.value(chart.total_n),
            "cost": self.money(chart.cost_p),
            "unpriced": scale.value(chart.unpriced_n),
        }

    def previous(self, chart: Consumption, query: Query) -> Json:
        """The period before; ``so_far`` up to the same moment of it, while this one runs."""
        scale, zone, before = query.scale, self._bridge.zone, chart.previous
        so_far = self._reader.before_until_now(query, chart)
        return {
            "start": iso(before.start_ts, zone),
            "end": iso(before.end_ts, zone),
            "total": scale.value(before.total_n),
            "cost": self.money(before.cost_p),
            "so_far": None if so_far is None else self._so_far(so_far, scale),
        }

    def exported(self, query: Query, chart: Consumption) -> Json | None:
        """What flowed out in the same period, and what it earned; None where nothing did."""
        balance = self._balance.of(query, chart)
        if balance is None:
            return None
        scale, exported = query.scale, balance.exported
        return {
            "values": [scale.value(bar.value_n) for bar in exported.bins],
            "total": scale.value(exported.total_n),
            "revenue": self.money(exported.cost_p),
            "own_use": scale.value(balance.own_use_n),
        }

    def parts(self, chart: LoadChart, scale: Scale) -> list[Json]:
        """By load; ``others`` last."""
        bridge = self._bridge
        names = {load.id: load.name for load in bridge.installation().loads}
        return [
            {
                "of": f"load:{part.load}" if part.load else "others",
                "name": names.get(part.load) or (name_of(bridge, "load", part.load) if part.load else "") or None,
                "deleted": part.load != 0 and part.load not in names,
                "values": [scale.value(value_n) for value_n in part.values_n],
                "total": scale.value(part.total_n),
                "cost": self.money(part.cost_p),
                "unpriced": scale.value(part.unpriced_n),
            }
            for part in chart.parts
        ]

    def money(self, cost_p: int | None) -> str | None:
        return None if cost_p is None else money_text(cost_p, self._bridge.installation().currency)

    def _so_far(self, so_far: SoFar, scale: Scale) -> Json:
        return {"total": scale.value(so_far.total_n), "cost": self.money(so_far.cost_p)}
