"""Own meters: the list, and the form in which an installer fills in a register table row by row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from runtime.core.map.ownmap import form_of
from runtime.core.modbus.registers import BIT, TEXT, TYPES
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.text.wording import FAULTS, label_parts
from runtime.text.words.ownmap import FUNCTIONS
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell

NEW = {"title": "", "source": "", "word_order": "big", "byte_order": "big", "rows": []}


class OwnMapPages:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/maps", self.all)
        yield Route("GET", "/setup/maps/new", self.new)
        yield Route("GET", "/setup/maps/<id>", self.one)

    @needs(("system_configuration", "see"))
    def all(self) -> str:
        own = self._bridge.own_maps
        tables = own.all() if own else {}
        devices = self._bridge.installation().devices
        used = {id: [device for device in devices if device.model == id] for id in tables}
        return self._shell.page("setup/maps.html", tables=tables, used=used)

    @needs(("system_configuration", "act"))
    def new(self) -> str:
        return self._form("", NEW)

    @needs(("system_configuration", "see"))
    def one(self, id: str) -> str:
        own = self._bridge.own_maps
        table = own.all().get(id) if own else None
        if table is None:
            raise not_found("map")
        return self._form(id, form_of(table))

    def _form(self, id: str, form: dict[str, Any]) -> str:
        labels = {quantity.id: (label_parts(quantity.label), quantity.unit) for quantity in QUANTITIES.values()}
        gateways = [(str(gateway.id), gateway.name) for gateway in self._bridge.installation().gateways if gateway.on]
        return self._shell.page(
            "setup/map.html",
            map_id=id,
            filled=form,
            labels=labels,
            counters=[id for id, quantity in QUANTITIES.items() if quantity.kind == "counter"],
            functions=FUNCTIONS,
            faults=FAULTS,
            types=(*TYPES, TEXT, BIT),
            gateways=gateways,
        )
