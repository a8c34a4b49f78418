"""Serves the pages on views that move, without meters, to look at while working on them.

``python -m tests.webui.serve [PORT]``
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from runtime.clock import SystemClock
from runtime.core.site.installation import DeviceSpec, GatewaySpec, GroupSpec, Installation, LoadSpec
from runtime.core.view import BusView, ChildState, DeviceView, GatewayView, RecorderView, SupervisorView, Trouble
from runtime.settings import Address, WebSettings
from runtime.store.energy.importer import import_history
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.viewboard import Views
from tests.webui.stage import QUANTITIES, SCHEMES, VALUES_N
from webui.app import build
from webui.model.bridge import Bridge
from webui.server.server import WebServer

DAY_S = 86_400
LOADS = ("Production", "Heating", "Cooling", "Lighting", "Offices", "Compressed air")
NAMES = (
    "Main meter", "Press 1", "Press 2", "Paint line", "Boiler room", "Chiller", "Hall lighting", "Yard lighting",
    "Offices ground floor", "Offices upper floor", "Compressor", "Server room", "Water inlet", "Gas inlet",
)  # fmt: skip
MODELS = ("legrand-412045", "eastron-sdm630")
LOAD_OF = {1: 0, 13: 0, 14: 0}
VARYING = ("_w", "_var", "_va", "_a")


def site() -> Installation:
    gateways = (
        GatewaySpec(1, "Main switchboard", "tcp://192.168.1.20:502"),
        GatewaySpec(2, "Workshop", "rtu:///dev/ttyUSB0?baudrate=19200&parity=E"),
    )
    devices = tuple(
        DeviceSpec(id, name, 1 + id % 2, id, MODELS[id % 2], load=LOAD_OF.get(id, id % 6 + 1), excluded=id == 1)
        for id, name in enumerate(NAMES, 1)
    )
    loads = tuple(LoadSpec(id, name) for id, name in enumerate(LOADS, 1))
    groups = (GroupSpec(1, "Building A"),)
    return Installation(3, "Atelier Dubois", gateways=gateways, devices=devices, loads=loads, groups=groups)


def power_w(device: int, ts: float) -> float:
    hour = ts / 3600 % 24
    work = max(0.0, math.sin((hour - 5) / 14 * math.pi)) if ts // DAY_S % 7 not in (2, 3) else 0.1
    return (400 + 900 * device) * (0.18 + work) * (1 + 0.05 * math.sin(ts / 37 + device))


def lines(installation: Installation, now_ts: int, days: int) -> Iterator[str]:
    start_ts = now_ts // 3600 * 3600 - days * DAY_S
    sums_n = dict.fromkeys((device.id for device in installation.devices), 0)
    for day in range(days):
        for device in installation.devices:
            at_ts, indexes = start_ts + day * DAY_S, []
            for hour in range(25):
                indexes.append(sums_n[device.id])
                if hour < 24:
                    sums_n[device.id] += int(power_w(device.id, at_ts + hour * 3600) * 1000)
            quantity = {13: "water_dm3", 14: "gas_dm3"}.get(device.id, "active_energy_import_wh")
            yield json.dumps({"device": device.id, "start_ts": at_ts, "step_s": 3600, "indexes": {quantity: indexes}})


def device_view(spec: DeviceSpec, now_ms: int) -> DeviceView:
    watt = power_w(spec.id, now_ms / 1000)
    values_n = [
        round(n * watt / 12_345) if id.endswith(VARYING) else n for id, n in zip(QUANTITIES, VALUES_N, strict=True)
    ]
    quantities: tuple[str, ...] = (*QUANTITIES, "breaker_state")
    values_n.append(1 if spec.id != 6 else 2)
    if spec.id in (13, 14):
        quantities, values_n = ("water_dm3" if spec.id == 13 else "gas_dm3",), [123_456_789 + now_ms]
    view = DeviceView(
        spec.id, spec.name, spec.gateway, "on", quantities, tuple(values_n), (now_ms - 1200,) * len(quantities),
        (0,) * len(quantities), model=spec.model, address=str(spec.unit),
        trust="provisional" if spec.id == 9 else "published",
    )  # fmt: skip
    if spec.id == 4:
        trouble = Trouble("no_answer", "unit 4 did not answer in time", now_ms - 300_000)
        return replace(view, state="communication_error", trouble=trouble, ts_ms=(now_ms - 300_000,) * len(quantities))
    return replace(view, state="off") if spec.id == 8 else view


def main() -> None:
    clock, views, installation = SystemClock(), Views(), site()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        import_history(store, lines(installation, clock.now_ts(), 400), installation)
        bridge = Bridge(
            views,
            History(store),
            lambda: installation,
            clock,
            lambda name, message: True,
            "0.1.0",
            schemes=lambda: SCHEMES,
        )
        port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
        server = WebServer(build(bridge), WebSettings(Address("127.0.0.1", port)))
        server.start()
        print(server.url, flush=True)
        while True:
            now_ms = clock.now_ms()
            for spec in installation.devices:
                views.publish(f"device.{spec.id}", device_view(spec, now_ms))
            for gateway in installation.gateways:
                of = tuple(device.id for device in installation.devices_of(gateway.id))
                views.publish(
                    f"gateway.{gateway.id}", GatewayView(gateway.id, gateway.name, gateway.url, "on", of, 1.24)
                )
                errors = {"no_answer": 12, "bad_crc": 1} if gateway.id == 2 else {}
                views.publish(f"bus.{gateway.id}", BusView(gateway.id, True, 48_230, errors, 61.2, 1.24))
            views.publish("recorder", RecorderView(now_ms - 120_000, 4230, 302))
            names = ("timers", "recorder", "installation", "gateway.1", "bus.1", "gateway.2", "bus.2")
            views.publish(
                "supervisor", SupervisorView(0, tuple(ChildState(name, "running", False, 1) for name in names))
            )
            time.sleep(1)


if __name__ == "__main__":
    main()
