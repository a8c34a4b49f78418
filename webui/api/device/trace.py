"""The last transactions of a bus, taken to pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import bottle

from runtime.core.decode.decoder import settings_of
from runtime.core.decode.explain import explain
from runtime.core.poll.trace import KEPT, Trace, Transaction
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.text.figures import json_number
from runtime.text.moment import iso, iso_ms
from webui.api.request import parameter
from webui.http.answer import json_answer
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge


class TraceApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/gateways/<id:int>/trace", self.trace)

    @needs(("panel_board", "see"), ("system_configuration", "see"))
    def trace(self, id: int) -> bottle.HTTPResponse:
        """Oldest first; ``since`` takes the ``v`` of an earlier answer and gives what came after it."""
        bridge = self._bridge
        if bridge.installation().gateway(id) is None:
            raise not_found("gateway")
        limit = parameter.integer("limit", KEPT, 1, KEPT)
        unit = parameter.integer("unit", 256, 0, 256)
        errors_only = parameter.one_of("errors", ("0", "1"), "0") == "1"
        trace = bridge.trace(id)
        seen = () if trace is None else _after(trace, parameter.text("since", ""))
        wanted = [each for each in seen if unit in (256, each.request.unit) and (each.code or not errors_only)]
        newest = seen[-1].serial if seen else trace.serial if trace else 0
        return json_answer(
            {
                "v": f"{trace.began_ms if trace else 0}-{newest}",
                "now": iso(bridge.clock.now_ts(), bridge.zone),
                "kept": KEPT,
                "transactions": [self._transaction(each) for each in wanted[-limit:]],
            }
        )

    def _transaction(self, each: Transaction) -> dict[str, Any]:
        sent, received = each.sent(), each.received()
        return {
            "n": each.serial,
            "ts": iso_ms(each.ts_ms - round(each.took_s * 1000), self._bridge.zone),
            "took_ms": round(each.took_s * 1000, 1),
            "device": each.device or None,
            "unit": each.request.unit,
            **each.request.describe(),
            "request": sent.hex(" ") if sent else None,
            "reply": None if received is None else received.hex(" "),
            "error": {"code": each.code, "message": each.detail} if each.code else None,
            "values": self._values(each),
        }

    def _values(self, each: Transaction) -> list[dict[str, Any]]:
        """What the device's map makes of the answer now; nothing for a command or an unknown read."""
        spec, compiled = self._bridge.installation().device(each.device), self._bridge.map_of(each.device)
        if spec is None or compiled is None or each.payload is None:
            return []
        view = self._bridge.device(each.device)
        known = list(view.values_n) if view is not None else None
        settings = settings_of(spec)
        return [_value(id, n) for id, n in explain(compiled, settings, each.request, each.payload, known)]


def _after(trace: Trace, v: str) -> Sequence[Transaction]:
    """A ``v`` of another life of the bus counts for nothing."""
    began, _, serial = v.partition("-")
    known = began == str(trace.began_ms) and serial.isascii() and serial.isdigit() and len(serial) < 16
    return trace.since(int(serial) if known else 0)


def _value(id: str, n: int | str | None) -> dict[str, Any]:
    row = QUANTITIES[id]
    value: Any = n
    if isinstance(n, int):
        named = row.kind == "state" and 0 <= n < len(row.states)
        value = row.states[n] if named else json_number(n, row.exp10)
    return {"quantity": id, "value": value, "unit": row.unit}
