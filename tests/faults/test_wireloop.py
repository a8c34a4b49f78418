"""The thread of the wire loop is killed under its lines: it and they are back in a moment, and nobody else noticed."""

from __future__ import annotations

import ctypes
import logging
import threading
from random import Random
from zoneinfo import ZoneInfo

import pytest

from actors.bus.bus import Bus
from actors.gateway.gateway import Gateway
from actors.mailbox.directory import Directory
from actors.supervision.supervisor import ChildSpec, Supervisor
from actors.wire.wireloop import WireHost, WireLoop
from drivers.gateways.modbus import TCP
from runtime.clock import SystemClock
from runtime.core.restarts import Policy
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.viewboard import Views
from simulator.fault.faults import Faults
from tests.actors.stage import Doer, eventually
from tests.faults.test_lines import FAST, METER
from tests.faults.wires import faulty

pytestmark = pytest.mark.faults

SOON = Policy(crashes=9, window_s=300, first_s=0.001, longest_s=0.01)
GATEWAYS = 5


class House:
    """Gateways on the loop of a supervised host, beside an actor with a thread of its own."""

    def __init__(self, port: int) -> None:
        self.clock, self.views, self.directory = SystemClock(), Views(), Directory()
        self.fatal: list[str] = []
        self.host = WireHost()
        self.supervisor = Supervisor(
            self.directory, self.clock, self.views, lambda code, _: self.fatal.append(code), random=Random(1)
        )
        loop = ChildSpec("wire", lambda run: WireLoop(run, self.host), core=True, policy=SOON)
        ids = range(1, GATEWAYS + 1)
        gateways = [ChildSpec(f"gateway.{id}", self._gateway(id, port), policy=SOON) for id in ids]
        buses = [ChildSpec(f"bus.{id}", self._bus(id, port), policy=SOON, exclusive=True) for id in ids]
        self.supervisor.start([loop, ChildSpec("other", Doer), *gateways, *buses])

    def _gateway(self, id: int, port: int):
        spec = GatewaySpec(id, f"gateway {id}", f"tcp://127.0.0.1:{port}")
        devices = (DeviceSpec(100 + id, f"meter {id}", id, id, "test-meter"),)
        maps, zone = {"test-meter": METER}, ZoneInfo("UTC")
        return lambda run: Gateway(run, spec, devices, maps, 600, zone, periods=FAST, host=self.host)

    def _bus(self, id: int, port: int):
        return lambda run: Bus(run, id, f"tcp://127.0.0.1:{port}", TCP.prompt, host=self.host)

    def read_at(self) -> list[int]:
        views = [self.views.get(f"device.{100 + id}") for id in range(1, GATEWAYS + 1)]
        return [max(view.ts_ms, default=0) if view is not None else 0 for view in views]

    def incarnations(self) -> dict[str, int]:
        return {child.name: child.incarnation for child in self.supervisor.children()}


def threads_of_the_loop() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "wire"]


def test_the_loop_is_killed_and_all_lines_are_read_again(caplog):
    caplog.set_level(logging.CRITICAL, "wattkeeper.actors")
    with faulty("tcp", Faults()) as wires:
        house = House(wires.port)
        assert eventually(lambda: all(house.read_at()))
        before = house.incarnations()
        (thread,) = threads_of_the_loop()
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
        assert eventually(lambda: not thread.is_alive())
        killed_ms = house.clock.now_ms()
        assert eventually(lambda: min(house.read_at()) > killed_ms)
        after = house.incarnations()
        assert len(threads_of_the_loop()) == 1
        assert after["other"] == before["other"]
        assert all(after[name] > number for name, number in before.items() if name != "other")
        assert house.fatal == []
        assert house.supervisor.stop()
