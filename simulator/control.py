"""The small door to a running site: the truth behind the registers, and faults on demand. HTTP and JSON, for loopback.

GET /truth?device=NAME&at=TS        energies since the origin, power, and what the registers show; without device: all
GET /truth?device=NAME&from=TS&to=TS  energy between two moments, 0.001 Wh
GET /gateways                       addresses, modes, answers given
POST /fault {"gateway": NAME, "mode": "normal" | "unplugged" | "silent" | "garbage"}, with "unit": N for one device only
Times are UTC seconds, with decimals where wanted; the present when left out.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from simulator.device import Device
from simulator.gateway import MODES, UNIT_MODES, TcpGateway
from simulator.meter import Meter
from simulator.site import Gateway, Site, address

ANSWER_S = 10.0
ENERGIES = ("active_energy_import_wh", "active_energy_export_wh")


class Refusal(Exception):
    """The request makes no sense; the message tells why."""


class Play:
    """A site with its gateways. All of it happens in one event loop."""

    def __init__(self, site: Site, now_ms: Callable[[], int]) -> None:
        self.site = site
        self._now_ms = now_ms
        self.gateways = site.gateways(now_ms)
        # the truth knows both directions, whatever the maps show
        self._meters = {name: Meter(d.meter.branches, site.grid, ENERGIES) for name, d in site.devices.items()}

    async def start(self) -> None:
        """raises  OSError when a port or path is taken"""
        for gateway in self.gateways.values():
            await gateway.plug()

    async def stop(self) -> None:
        await asyncio.gather(*(gateway.unplug() for gateway in self.gateways.values()))

    def address(self, name: str) -> str:
        plan = next(plan for plan in self.site.scenario.gateways if plan.name == name)
        gateway = self.gateways[name]
        return address(replace(plan, port=gateway.port) if isinstance(gateway, TcpGateway) else plan)

    def truth(self, query: Mapping[str, str]) -> dict[str, Any]:
        if "device" in query:
            return self._device_truth(self._device(query["device"]), query)
        return {"devices": {name: self._device_truth(device, query) for name, device in self.site.devices.items()}}

    def _device_truth(self, device: Device, query: Mapping[str, str]) -> dict[str, Any]:
        meter = self._meters[device.name]
        try:
            if "from" in query or "to" in query:
                begin, end = self._ms(query, "from"), self._ms(query, "to")
                before, after = meter.energies(begin), meter.energies(end)
                energies = {_n(id): after[id] - before[id] for id in ENERGIES}
                return {"device": device.name, "from_ms": begin, "to_ms": end, **energies}
            at = self._ms(query, "at")
            return {
                "device": device.name,
                "at_ms": at,
                **{_n(id): energy for id, energy in meter.energies(at).items()},
                "active_power_n": meter.gauges(at)["active_power_w"],
                "shown_n": device.indexes(at),
            }
        except ValueError as error:
            raise Refusal(str(error)) from None

    def state(self) -> dict[str, Any]:
        return {
            name: {
                "address": self.address(name),
                "mode": gateway.desk.mode,
                "units": {str(unit): mode for unit, mode in gateway.desk.unit_modes.items()},
                "answers": gateway.desk.answers,
            }
            for name, gateway in self.gateways.items()
        }

    async def fault(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        gateway = self._gateway(wish.get("gateway"))
        mode, unit = str(wish.get("mode")), wish.get("unit")
        modes = MODES if unit is None else UNIT_MODES
        if mode not in modes:
            raise Refusal(f"no mode {mode!r}: one of {', '.join(modes)}")
        if unit is not None:
            if unit not in gateway.desk.units:
                raise Refusal(f"no unit {unit!r} there")
            gateway.desk.unit_modes[unit] = mode
            return self.state()
        before, gateway.desk.mode = gateway.desk.mode, mode
        if mode == "unplugged" and before != mode:
            await gateway.unplug()
        elif before == "unplugged" and mode != before:
            await gateway.plug()
        return self.state()

    def _device(self, name: str) -> Device:
        if name not in self.site.devices:
            raise Refusal(f"no device {name!r}")
        return self.site.devices[name]

    def _gateway(self, name: object) -> Gateway:
        if name not in self.gateways:
            raise Refusal(f"no gateway {name!r}")
        return self.gateways[str(name)]

    def _ms(self, query: Mapping[str, str], key: str) -> int:
        return round(float(query[key]) * 1000) if key in query else self._now_ms()


class Control:
    """Answers HTTP in threads of its own; all work is handed to the play's loop."""

    def __init__(self, play: Play, host: str, port: int) -> None:
        """raises  OSError when the port is taken"""
        loop = asyncio.get_running_loop()

        def ask(method: str, path: str, body: bytes) -> tuple[int, Any]:
            return asyncio.run_coroutine_threadsafe(_handle(play, method, path, body), loop).result(ANSWER_S)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(b"")

            def do_POST(self) -> None:
                self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def _answer(self, body: bytes) -> None:
                status, document = ask(self.command, self.path, body)
                out = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(out)))
                self.end_headers()
                self.wfile.write(out)

            def log_message(self, format: str, *args: Any) -> None:
                """Quiet: what is asked here is no news."""

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="control", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def close(self) -> None:
        """Not from the loop's own thread while a request waits for it: hand it to an executor."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(1.0)


async def _handle(play: Play, method: str, path: str, body: bytes) -> tuple[int, Any]:
    parts = urlsplit(path)
    try:
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        if (method, parts.path) == ("GET", "/truth"):
            return 200, play.truth(query)
        if (method, parts.path) == ("GET", "/gateways"):
            return 200, play.state()
        if (method, parts.path) == ("POST", "/fault"):
            wish = json.loads(body)
            if not isinstance(wish, dict):
                raise Refusal("not a JSON object")
            return 200, await play.fault(wish)
    except (Refusal, ValueError) as error:
        return 400, {"error": str(error)}
    except OSError as error:
        return 409, {"error": str(error)}
    return 404, {"error": f"nothing at {parts.path}"}


def _n(id: str) -> str:
    return id.removesuffix("_wh") + "_n"
