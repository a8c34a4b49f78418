"""A meter with téléinfo: what it says now, its registers by tariff period with their energy, costs and maxima."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.quantity.quality import Quality
from runtime.core.site.diff import etag_of
from runtime.core.tariff.contract import CONTRACT, contracts_of
from runtime.core.view import DeviceView
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.consumption.query import ConsumptionReader, Query
from webui.model.consumption.registers import SPANS, RegisterReader, has_registers, total_of
from webui.model.staleness import is_stale
from webui.pages.frame.shell import Shell

_FACTS = ("serial_number", "contract", "subscribed_power_va", "subscribed_current_a")
_NOW = (
    "tariff_period", "tariff_name", "apparent_power_va", "apparent_power_given_va", "current_l1_a", "current_l2_a",
    "current_l3_a", "voltage_l1_v", "voltage_l2_v", "voltage_l3_v",
)  # fmt: skip
_COLOURS = ("colour_today", "colour_tomorrow", "mobile_peak")


class TeleinfoPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell
        self._registers, self._consumption = RegisterReader(bridge), ConsumptionReader(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/devices/<id:int>/teleinfo", self.show)
        yield Route("GET", "/live/devices/<id:int>/teleinfo", self.show_now)
        yield Route("GET", "/live/devices/<id:int>/teleinfo/energy", self.show_energy)

    @needs(("panel_board", "see"))
    def show(self, id: int) -> str:
        view = self._view(id)
        listed = contracts_of(self._bridge.installation().of(CONTRACT), id)
        contracts = [(contract, etag_of(contract)) for contract in listed]
        return self._shell.page("teleinfo.html", **(self._now(view) | self._energy(view)), contracts=contracts)

    @needs(("panel_board", "see"))
    def show_now(self, id: int) -> bottle.HTTPResponse:
        """What changes with each telegram."""
        return self._shell.part("teleinfo.html", "live", **self._now(self._view(id)))

    @needs(("panel_board", "see"))
    def show_energy(self, id: int) -> bottle.HTTPResponse:
        """What changes with each recording."""
        return self._shell.part("teleinfo.html", "energy", **self._energy(self._view(id)))

    def _view(self, id: int) -> DeviceView:
        view = self._bridge.device(id)
        if view is None or not has_registers(view):
            raise not_found("device")
        return view

    def _now(self, view: DeviceView) -> dict[str, Any]:
        """``facts``, ``figures`` and ``colours``: (quantity, count, is stale) of what the meter sends."""
        now_ms, limit_s = self._bridge.clock.now_ms(), view.stale_after_s
        rows = zip(view.quantities, view.values_n, view.ts_ms, view.quality, strict=True)
        sent = {
            id: (n, is_stale(id, ts_ms, now_ms, limit_s) or quality >= Quality.SUSPECT)
            for id, n, ts_ms, quality in rows
            if n is not None and not (n == 0 and id in _COLOURS)
        }
        shown = {
            name: [(id, *sent[id]) for id in listed if id in sent]
            for name, listed in (("facts", _FACTS), ("figures", _NOW), ("colours", _COLOURS))
        }
        return {"device": view, **shown, "overrun": sent.get("overrun", (0, False))[0] == 1}

    def _energy(self, view: DeviceView) -> dict[str, Any]:
        today, total = self._consumption.today(), total_of(view)
        registers = self._registers.registers(view, today)
        values = dict(zip(view.quantities, view.values_n, strict=True))
        return {
            "device": view,
            "registers": registers,
            "contract": self._registers.contract_cost(view, registers, today),
            "total": (values.get(total), self._registers.sums(view.id, total, today)),
            "counter": total,
            "costs_p": [self._cost(view, total, span) for span in SPANS],
            "maxima": self._registers.maxima(view, today),
        }

    def _cost(self, view: DeviceView, total: str, span: str) -> int | None:
        """By the cost rules; None for what a meter gives."""
        if total != "active_energy_import_wh":
            return None
        query = Query(f"device:{view.id}", "electricity", span, self._consumption.today())
        return self._consumption.of_one(query).cost_p
