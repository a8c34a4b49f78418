"""What the search of all pages finds: pages, devices, gateways, loads and groups, as far as the caller may go there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import bottle

from webui.http.answer import json_answer
from webui.http.caller import caller
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.navigation import NAVIGATION, SERVER, SETUP, allowed_entries
from webui.pages.frame.shell import Shell

Entry = dict[str, Any]


class Finder:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/live/finder", self.list_entries)

    @needs(("home", "see"))
    def list_entries(self) -> bottle.HTTPResponse:
        """[{name, text, path, icon, more}]: ``more`` is found too and not shown."""
        return json_answer([*self._pages(), *self._devices(), *self._gateways(), *self._groups()])

    def _pages(self) -> Iterator[Entry]:
        paths = set()
        for entry in allowed_entries((*NAVIGATION, *SETUP, *SERVER)):
            if entry.path not in paths:
                paths.add(entry.path)
                text = self._shell.say(entry.text) if entry.text else ""
                yield _entry(self._shell.say(entry.name), text, entry.path, entry.icon)

    def _devices(self) -> Iterator[Entry]:
        if not caller().may(("panel_board", "see")):
            return
        site = self._bridge.installation()
        gateways = {gateway.id: gateway.name for gateway in site.gateways}
        for spec in site.devices:
            title = self._bridge.model_title(spec.model)
            text = f"{gateways.get(spec.gateway, '')} · {spec.address}"
            yield _entry(spec.name, text, f"/devices/{spec.id}", "measure", f"{spec.number} {title}")

    def _gateways(self) -> Iterator[Entry]:
        if caller().may(("system_configuration", "see")):
            for spec in self._bridge.installation().gateways:
                address = self._bridge.shown_address(spec)
                yield _entry(spec.name, address, f"/setup/gateways/{spec.id}", "gateway")

    def _groups(self) -> Iterator[Entry]:
        if not caller().may(("consumptions", "see")):
            return
        site, load, group = self._bridge.installation(), self._shell.say("Load"), self._shell.say("Measure group")
        for spec in site.loads:
            yield _entry(spec.name, load, f"/consumptions/partials?load=load:{spec.id}", "load")
        for measured in site.groups:
            yield _entry(measured.name, group, f"/consumptions/partials?group=group:{measured.id}", "group")


def _entry(name: str, text: str, path: str, icon: str, more: str = "") -> Entry:
    return {"name": name, "text": text, "path": path, "icon": icon, "more": more}
