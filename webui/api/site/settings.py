"""The settings of the site as a whole, with the serial port of the Local gateway."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import bottle

from runtime.core.accounting.gasfactor import factor_on, factors_of
from runtime.core.clock.timegrid import local
from runtime.core.edit import edits
from runtime.core.edit.edits import Edit
from runtime.core.edit.localport import BAUDRATES, PARITIES, STOPBITS, local_port, set_local_port
from runtime.core.site.diff import SITE, etag_of, site_of
from runtime.core.site.installation import EDITIONS, Installation
from runtime.core.site.settings import INTERVALS_S
from runtime.core.site.sitezone import zone_of
from runtime.core.validation.installation import addresses
from webui.api.request.content import json_object
from webui.api.request.parameter import refuse
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.editing import Editing

SEE = (("system_configuration", "see"), ("server_configuration", "see"))
ACT = (("system_configuration", "act"), ("server_configuration", "act"))


class SettingsApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._editing = Editing(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/settings", self.settings)
        yield Route("PATCH", "/api/v1/settings", self.change)

    @needs(*SEE)
    def settings(self) -> bottle.HTTPResponse:
        return _answer(self._bridge.installation(), self._bridge.clock.now_ts())

    @needs(*ACT)
    def change(self) -> bottle.HTTPResponse:
        """What is left out stays."""
        values = json_object()
        modbus = values.pop("modbus", None)
        if modbus is not None and not isinstance(modbus, dict):
            raise refuse("modbus", "modbus must be an object.", "type_wrong")
        edited = self._editing.do(lambda: _edit(values, modbus or {}), (SITE, 0))
        return _answer(edited.installation, self._bridge.clock.now_ts())


def _edit(values: dict[str, Any], modbus: dict[str, Any]) -> Edit:
    site = edits.settings(values)
    if not modbus:
        return site
    port = set_local_port(modbus)
    return lambda current: port(site(current))


def _answer(site: Installation, now_ts: int) -> bottle.HTTPResponse:
    today = local(now_ts, zone_of(site)).date()
    port = local_port(site)
    etag = etag_of(site_of(site))
    body = {
        "etag": etag,
        "name": site.site,
        "zone": site.zone,
        "currency": site.currency,
        "interval_s": site.interval_s,
        "gas_wh_per_m3": factor_on(site, today),
        "gas_factors": factors_of(site),
        "edition": site.edition,
        "language": site.language,
        "connections_per_host": site.connections_per_host,
        "modbus": None if port is None else asdict(port),
        "addresses": {"used": addresses(site), "most": EDITIONS[site.edition] or None},
        "choices": {
            "interval_s": list(INTERVALS_S),
            "edition": list(EDITIONS),
            "baudrate": list(BAUDRATES),
            "parity": list(PARITIES),
            "stopbits": list(STOPBITS),
        },
    }
    answer = json_answer(body)
    answer.headers["ETag"] = f'"{etag}"'
    return answer
