"""Consumption by hour, day, month or year: of the whole, a load, a group, a device; of all loads or devices."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import bottle

from runtime.core.quality import Quality
from runtime.core.timegrid import local
from runtime.store.query import Consumption
from webui.api import parameter
from webui.api.answer import json_answer
from webui.bridge import Bridge
from webui.figures import json_number
from webui.fluid import fluid_of
from webui.moment import iso
from webui.permission import Route, needs
from webui.wording import FLUIDS, PERIODS

STEP_EXP10 = -3  # Wh and dm3 are counted in thousandths
SEE = (("consumptions", "see"), ("panel_board", "see"))


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
        consumption = self._consumption(of, fluid, period, date)
        before = consumption.previous
        zone = self._bridge.zone
        return json_answer(
            self._head(fluid, period, date)
            | {
                "of": of,
                "bins": [
                    {
                        "start": iso(bin.start_ts, zone),
                        "end": iso(bin.end_ts, zone),
                        "value": _value(bin.value_n),
                        "cost": None,
                        "by_tariff": {},
                        "quality": Quality(bin.quality).label,
                    }
                    for bin in consumption.bins
                ],
                "total": _value(consumption.total_n),
                "cost": None,
                "previous": {
                    "start": iso(before.start_ts, zone),
                    "end": iso(before.end_ts, zone),
                    "total": _value(before.total_n),
                    "cost": None,
                },
            }
        )

    @needs(*SEE)
    def of_loads(self) -> bottle.HTTPResponse:
        """Everything that counts in the total, divided by load; ``others`` last."""
        fluid, period, date = self._asked()
        names = {f"load:{load.id}": load.name for load in self._bridge.installation().loads} | {"others": None}
        parts = {of: self._consumption(of, fluid, period, date) for of in names}
        whole = self._consumption("total", fluid, period, date)
        return json_answer(
            self._head(fluid, period, date)
            | {
                "bins": _edges(whole, self._bridge.zone),
                "total": _value(whole.total_n),
                "previous": {"total": _value(whole.previous.total_n)},
                "parts": [
                    {
                        "of": of,
                        "name": names[of],
                        "values": [_value(bin.value_n) for bin in part.bins],
                        "total": _value(part.total_n),
                    }
                    for of, part in parts.items()
                ],
            }
        )

    @needs(*SEE)
    def of_devices(self) -> bottle.HTTPResponse:
        """The total of each device, of its own kind of consumption."""
        period = parameter.one_of("period", PERIODS, "day")
        date = parameter.day("date", self._today())
        rows = []
        for view in self._bridge.devices():
            fluid = fluid_of(view.quantities)
            total_n = self._consumption(f"device:{view.id}", fluid, period, date).total_n
            rows.append({"device": view.id, "fluid": fluid, "unit": _unit(fluid), "total": _value(total_n)})
        return json_answer(rows)

    def _asked(self) -> tuple[str, str, datetime.date]:
        fluid = parameter.one_of("fluid", FLUIDS, "electricity")
        period = parameter.one_of("period", PERIODS, "day")
        return fluid, period, parameter.day("date", self._today())

    def _today(self) -> datetime.date:
        return local(self._bridge.clock.now_ts(), self._bridge.zone).date()

    def _consumption(self, of: str, fluid: str, period: str, date: datetime.date) -> Consumption:
        bridge = self._bridge
        return bridge.history.consumption(
            bridge.installation(), of=of, fluid=fluid, period=period, date=date, zone=bridge.zone
        )

    def _head(self, fluid: str, period: str, date: datetime.date) -> dict[str, Any]:
        return {
            "fluid": fluid,
            "period": period,
            "date": date.isoformat(),
            "now": iso(self._bridge.clock.now_ts(), self._bridge.zone),
            "unit": _unit(fluid),
            "currency": self._bridge.installation().currency,
        }


def _unit(fluid: str) -> str:
    return "Wh" if fluid == "electricity" else "dm3"


def _value(n: int | None) -> int | float | None:
    return None if n is None else json_number(n, STEP_EXP10)


def _edges(consumption: Consumption, zone: ZoneInfo) -> list[dict[str, str]]:
    return [{"start": iso(bin.start_ts, zone), "end": iso(bin.end_ts, zone)} for bin in consumption.bins]
