"""Consumption by hour, day, month or year: of the whole, a load, a group, a device; of all loads or devices."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import bottle

from runtime.core.accounting.gasfactor import factor_on, factors_of
from runtime.core.accounting.past import is_deleted
from runtime.core.clock.timegrid import local
from runtime.core.quantity.gasenergy import equivalent_n
from runtime.core.quantity.quality import Quality
from runtime.core.tariff.cost import money_text
from runtime.store.history import BASES, Consumption, ConsumptionBin
from runtime.text.figures import json_number
from runtime.text.moment import iso
from runtime.text.wording import FLUIDS, PERIODS
from webui.api.request import parameter
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.fluid import fluid_of
from webui.model.recorded import former_devices, name_of

STEP_EXP10 = -3  # Wh and dm3 are counted in thousandths
SEE = (("consumptions", "see"), ("panel_board", "see"))


@dataclass(frozen=True, slots=True)
class Scale:
    """What values are in. ``as_energy``: a volume as what it was worth; its counts are a thousand times finer."""

    unit: str
    as_energy: bool = False

    def value(self, n: int | None) -> int | float | None:
        return _value(equivalent_n(n, 1) if n is not None and self.as_energy else n)


class ConsumptionApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/consumption", self.of_one)
        yield Route("GET", "/api/v1/consumption/loads", self.of_loads)
        yield Route("GET", "/api/v1/consumption/devices", self.of_devices)

    @needs(*SEE)
    def of_one(self) -> bottle.HTTPResponse:
        of = parameter.owner("of", self._bridge.installation())
        fluid, period, date = self._asked()
        scale = self._scale(fluid)
        consumption = self._consumption(of, fluid, period, date, _basis(), as_energy=scale.as_energy)
        before, zone = consumption.previous, self._bridge.zone
        return json_answer(
            self._head(fluid, period, date, scale)
            | {
                "of": of,
                "deleted": is_deleted(self._bridge.installation(), of),
                "bins": [self._bar(bin, scale) | self._bill(bin, scale) for bin in consumption.bins],
                "total": scale.value(consumption.total_n),
                **self._bill(consumption, scale),
                "previous": {
                    "start": iso(before.start_ts, zone),
                    "end": iso(before.end_ts, zone),
                    "total": scale.value(before.total_n),
                    "cost": self._money(before.cost_p),
                },
            }
        )

    @needs(*SEE)
    def of_loads(self) -> bottle.HTTPResponse:
        """Everything that counts in the total, divided by load; ``others`` last."""
        fluid, period, date = self._asked()
        bridge, basis, scale = self._bridge, _basis(), self._scale(fluid)
        whole = self._consumption("total", fluid, period, date, basis, as_energy=scale.as_energy)
        chart = bridge.history.by_load(
            bridge.installation(),
            fluid=fluid,
            period=period,
            date=date,
            zone=bridge.zone,
            basis=basis,
            as_energy=scale.as_energy,
        )
        names = {load.id: load.name for load in bridge.installation().loads}
        return json_answer(
            self._head(fluid, period, date, scale)
            | {
                "bins": [self._bar(bin, scale) | {"cost": self._money(bin.cost_p)} for bin in whole.bins],
                "total": scale.value(whole.total_n),
                "cost": self._money(whole.cost_p),
                "unpriced": scale.value(whole.unpriced_n),
                "previous": {"total": scale.value(whole.previous.total_n), "cost": self._money(whole.previous.cost_p)},
                "parts": [
                    {
                        "of": f"load:{part.load}" if part.load else "others",
                        "name": names.get(part.load)
                        or (name_of(bridge, "load", part.load) if part.load else "")
                        or None,
                        "deleted": part.load != 0 and part.load not in names,
                        "values": [scale.value(value_n) for value_n in part.values_n],
                        "total": scale.value(part.total_n),
                        "cost": self._money(part.cost_p),
                        "unpriced": scale.value(part.unpriced_n),
                    }
                    for part in chart.parts
                ],
            }
        )

    @needs(*SEE)
    def of_devices(self) -> bottle.HTTPResponse:
        """The total of each device, of its own kind of consumption; deleted ones where the period holds any of them."""
        period = parameter.one_of("period", PERIODS, "day")
        date = parameter.day("date", self._today())
        there = [(view.id, fluid_of(view.quantities), False) for view in self._bridge.devices()]
        former = [(device.id, device.fluid, True) for device in former_devices(self._bridge)]
        rows = []
        for id, fluid, deleted in there + former:
            total_n = self._consumption(f"device:{id}", fluid, period, date).total_n
            if not deleted or total_n is not None:
                row = {"device": id, "fluid": fluid, "unit": _unit(fluid), "total": _value(total_n)}
                rows.append(row | {"deleted": deleted})
        return json_answer(rows)

    def _asked(self) -> tuple[str, str, datetime.date]:
        fluid = parameter.one_of("fluid", FLUIDS, "electricity")
        period = parameter.one_of("period", PERIODS, "day")
        return fluid, period, parameter.day("date", self._today())

    def _today(self) -> datetime.date:
        return local(self._bridge.clock.now_ts(), self._bridge.zone).date()

    def _consumption(
        self, of: str, fluid: str, period: str, date: datetime.date, basis: str = BASES[0], *, as_energy: bool = False
    ) -> Consumption:
        bridge = self._bridge
        return bridge.history.consumption(
            bridge.installation(),
            of=of,
            fluid=fluid,
            period=period,
            date=date,
            zone=bridge.zone,
            basis=basis,
            as_energy=as_energy,
        )

    def _scale(self, fluid: str) -> Scale:
        """``as`` = energy shows gas by what it is worth. Raises RequestRefused where nobody said what that is."""
        if parameter.one_of("as", ("measured", "energy"), "measured") == "measured" or fluid == "electricity":
            return Scale(_unit(fluid))
        if fluid != "gas" or not factors_of(self._bridge.installation()):
            raise parameter.refuse("as", "Only gas can be shown as energy, once its factor is set.", "gas_unscaled")
        return Scale("Wh", as_energy=True)

    def _bar(self, bin: ConsumptionBin, scale: Scale) -> dict[str, Any]:
        zone = self._bridge.zone
        return {
            "start": iso(bin.start_ts, zone),
            "end": iso(bin.end_ts, zone),
            "value": scale.value(bin.value_n),
            "quality": Quality(bin.quality).label,
        }

    def _bill(self, priced: Consumption | ConsumptionBin, scale: Scale) -> dict[str, Any]:
        """The money of a bin or of the whole chart."""
        return {
            "cost": self._money(priced.cost_p),
            "by_tariff": {
                str(part.tariff): {"value": scale.value(part.value_n), "cost": self._money(part.cost_p)}
                for part in priced.by_tariff
            },
            "unpriced": scale.value(priced.unpriced_n),
        }

    def _money(self, cost_p: int | None) -> str | None:
        return None if cost_p is None else money_text(cost_p, self._bridge.installation().currency)

    def _head(self, fluid: str, period: str, date: datetime.date, scale: Scale) -> dict[str, Any]:
        return {
            "fluid": fluid,
            "period": period,
            "date": date.isoformat(),
            "now": iso(self._bridge.clock.now_ts(), self._bridge.zone),
            "unit": scale.unit,
            "gas_wh_per_m3": factor_on(self._bridge.installation(), self._today()) if fluid == "gas" else None,
            "currency": self._bridge.installation().currency,
        }


def _basis() -> str:
    return parameter.one_of("basis", BASES, BASES[0])


def _unit(fluid: str) -> str:
    return "Wh" if fluid == "electricity" else "dm3"


def _value(n: int | None) -> int | float | None:
    return None if n is None else json_number(n, STEP_EXP10)
