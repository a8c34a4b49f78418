"""Consumption by hour, day, month or year: of one thing; of all loads, groups, kinds or devices side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import bottle

from runtime.core.accounting.gasfactor import factors_of
from runtime.core.accounting.past import is_deleted
from runtime.store.history import BASES
from runtime.text.wording import FLUIDS, PERIODS
from webui.api.request import parameter
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.consumption.describe import ConsumptionJson
from webui.model.consumption.query import ConsumptionReader, Query, unit_of
from webui.model.fluid import fluid_of, fluids_counted
from webui.model.recorded import former_devices

SEE = (("consumptions", "see"), ("panel_board", "see"))


class ConsumptionApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._reader = ConsumptionReader(bridge)
        self._json = ConsumptionJson(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/consumption", self.of_one)
        yield Route("GET", "/api/v1/consumption/loads", self.of_loads)
        yield Route("GET", "/api/v1/consumption/groups", self.of_groups)
        yield Route("GET", "/api/v1/consumption/fluids", self.of_fluids)
        yield Route("GET", "/api/v1/consumption/devices", self.of_devices)

    @needs(*SEE)
    def of_one(self) -> bottle.HTTPResponse:
        query, json = self._query(parameter.owner("of", self._bridge.installation())), self._json
        chart = self._reader.of_one(query)
        return json_answer(
            json.head(query)
            | {"of": query.of, "deleted": is_deleted(self._bridge.installation(), query.of)}
            | {"bins": json.bars(chart, query.scale), **json.sums(chart, query.scale)}
            | {"by_tariff": json.bill(chart, query.scale)["by_tariff"], "previous": json.previous(chart, query)}
            | {"export": json.exported(query, chart)}
        )

    @needs(*SEE)
    def of_loads(self) -> bottle.HTTPResponse:
        """Everything that counts in the total or in a group, divided by load; ``others`` last."""
        of = parameter.owner("of", self._bridge.installation(), kinds=("total", "group"))
        query, json = self._query(of), self._json
        group = 0 if of == "total" else int(of.partition(":")[2])
        chart = self._reader.of_one(query)
        parts = json.parts(self._reader.by_load(query, group), query.scale)
        return json_answer(self._whole(query, chart) | {"parts": parts})

    @needs(*SEE)
    def of_groups(self) -> bottle.HTTPResponse:
        """What each measure group has of the total, of a load or of what has none; a device may be in several."""
        of = parameter.owner("of", self._bridge.installation(), kinds=("total", "load", "others"))
        query = self._query(of)
        within = "" if of == "total" else f"/{of}"
        parts = [
            {"of": f"group:{group.id}", "name": group.name, "deleted": False}
            | self._part(replace(query, of=f"group:{group.id}{within}"))
            for group in self._bridge.installation().groups
        ]
        return json_answer(self._whole(query, self._reader.of_one(query)) | {"parts": parts})

    @needs(*SEE)
    def of_fluids(self) -> bottle.HTTPResponse:
        """Electricity, gas and water of the site: in their own units and in money."""
        period, date = self._period()
        rows = []
        for fluid in fluids_counted(self._bridge):
            query = Query("total", fluid, period, date, _basis())
            chart, json = self._reader.of_one(query), self._json
            head = {"fluid": fluid, "unit": query.scale.unit, "bins": json.bars(chart, query.scale)}
            rows.append(head | json.sums(chart, query.scale) | {"previous": json.previous(chart, query)})
        head = self._json.head(Query("total", "electricity", period, date))
        return json_answer({key: head[key] for key in ("period", "date", "now", "currency")} | {"fluids": rows})

    @needs(*SEE)
    def of_devices(self) -> bottle.HTTPResponse:
        """The total of each device, of its own kind of consumption; deleted ones where the period holds any of them."""
        period, date = self._period()
        there = [(view.id, fluid_of(view.quantities), False) for view in self._bridge.devices()]
        former = [(device.id, device.fluid, True) for device in former_devices(self._bridge)]
        rows = []
        for id, fluid, deleted in there + former:
            query = Query(f"device:{id}", fluid, period, date)
            total_n = self._reader.of_one(query).total_n
            if not deleted or total_n is not None:
                row = {"device": id, "fluid": fluid, "unit": unit_of(fluid), "total": query.scale.value(total_n)}
                rows.append(row | {"deleted": deleted})
        return json_answer(rows)

    def _whole(self, query: Query, chart: Any) -> dict[str, Any]:
        json = self._json
        bars = [json.bar(bar, query.scale) | {"cost": json.money(bar.cost_p)} for bar in chart.bins]
        return (
            json.head(query)
            | {"of": query.of, "bins": bars, **json.sums(chart, query.scale)}
            | {"previous": json.previous(chart, query), "export": json.exported(query, chart)}
        )

    def _part(self, query: Query) -> dict[str, Any]:
        chart = self._reader.of_one(query)
        values = {"values": [query.scale.value(bar.value_n) for bar in chart.bins]}
        return values | self._json.sums(chart, query.scale)

    def _query(self, of: str) -> Query:
        fluid = parameter.one_of("fluid", FLUIDS, "electricity")
        period, date = self._period()
        return Query(of, fluid, period, date, _basis(), as_energy=self._is_as_energy(fluid))

    def _period(self) -> tuple[str, Any]:
        return parameter.one_of("period", PERIODS, "day"), parameter.day("date", self._reader.today())

    def _is_as_energy(self, fluid: str) -> bool:
        """``as`` = energy shows gas by what it is worth. Raises RequestRefused where nobody said what that is."""
        if parameter.one_of("as", ("measured", "energy"), "measured") == "measured" or fluid == "electricity":
            return False
        if fluid != "gas" or not factors_of(self._bridge.installation()):
            raise parameter.refuse("as", "Only gas can be shown as energy, once its factor is set.", "gas_unscaled")
        return True


def _basis() -> str:
    return parameter.one_of("basis", BASES, BASES[0])
