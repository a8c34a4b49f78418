"""The wire loop when lines go wrong, and when its own thread is killed or held up: nobody else notices for long."""

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
from actors.mailbox.incarnation import BeatAnswered
from actors.supervision.supervisor import ChildSpec, Supervisor
from actors.wire.wireloop import WireHost, WireLoop
from drivers.gateways.modbus import TCP
from runtime.clock import SystemClock
from runtime.core.poll.trace import TRACE_VIEWS
from runtime.core.restarts import Policy
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.viewboard import Views
from simulator.fault.faults import Faults
from tests.actors.stage import Do, Doer, eventually
from tests.drivers.adapters.peer import tcp_peer, tcp_reply
from tests.faults.test_lines import FAST, METER, Site
from tests.faults.wires import faulty
from tests.pulse import Pulse

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
        (thread,), loop = threads_of_the_loop(), house.host.loop

        for _ in range(10):  # what reaches it amid the work of somebody who lives there ends that one alone
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
            if eventually(loop.actor_stopped.is_set, 3.0):
                break
        assert eventually(lambda: not thread.is_alive())
        killed_ms = house.clock.now_ms()
        assert eventually(lambda: min(house.read_at()) > killed_ms)
        after = house.incarnations()
        assert len(threads_of_the_loop()) == 1
        assert after["other"] == before["other"]
        assert all(after[name] > number for name, number in before.items() if name != "other")
        assert house.fatal == []
        assert house.supervisor.stop()


HEALTHY, BROKEN = range(1, 19), range(19, 21)  # a tenth of 255
UNHEARD = b"\x55" * 4096


class Peer:
    """What a site needs of the other end of its lines."""

    kind = "tcp"

    def __init__(self, port: int) -> None:
        self._port = port

    def url(self, _late_max_s: float) -> str:
        return f"tcp://127.0.0.1:{self._port}"


def floods(request: bytes):
    """The answer among bytes that nobody asked for, more than are taken."""
    yield tcp_reply(request)
    for _ in range(500):
        yield UNHEARD


def drips(request: bytes):
    for at in range(len(tcp_reply(request))):
        yield 0.05
        yield tcp_reply(request)[at : at + 1]


WRONG = {"hang": lambda request: [], "reset": lambda request: ["hang up"], "drip": drips, "flood": floods}


def rate(site: Site, beats: int) -> float:
    """Transactions of the healthy a beat of this machine."""
    traces = [site.views.get(TRACE_VIEWS.of(id)) for id in HEALTHY]
    before, pulse = sum(trace.serial for trace in traces), Pulse(FAST.live_s)
    with pulse.felt():
        assert eventually(lambda: pulse.beats >= beats)
        return (sum(trace.serial for trace in traces) - before) / pulse.beats


@pytest.mark.parametrize("how", WRONG)
def test_a_tenth_of_the_gateways_goes_wrong_and_the_others_keep_their_rate(how):
    site = Site(hosted=True)
    with faulty("tcp", Faults()) as wires, tcp_peer(WRONG[how]) as peer:
        for id in HEALTHY:
            site.add(id, wires)
        assert eventually(lambda: all(site.is_in(id * 100 + 1, "on")() for id in HEALTHY))
        alone = rate(site, 30)
        for id in BROKEN:
            site.add(id, Peer(peer.port))
        assert eventually(lambda: len(peer.heard) >= len(BROKEN))
        assert rate(site, 60) > 0.8 * alone  # `make bench` measures how much exactly
        assert all(site.is_in(id * 100 + 1, "on")() for id in HEALTHY)
        site.stop()


def test_a_loop_that_is_held_up_misses_its_beat_and_answers_once_it_goes_on():
    site, held, free = Site(hosted=True), threading.Event(), threading.Event()
    (loop,) = site.actors
    guest = site.start(Doer(site.incarnation("guest"), site.host))
    guest.post_self(Do(lambda _: held.set() or free.wait(60)))
    assert held.wait(60)
    loop.beat()
    assert not beats_of(site)
    free.set()
    assert eventually(lambda: beats_of(site) == ["wire"])
    guest.ask_stop()
    site.stop()


def beats_of(site: Site) -> list[str]:
    return [report.name for report in site.reports if isinstance(report, BeatAnswered)]
