"""Buses and gateways that really run, where things go wrong: whatever happens to one, the others never notice."""

from __future__ import annotations

import time
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from actors.bus.budget import Budget
from actors.bus.bus import Bus
from actors.gateway.gateway import Gateway, Periods
from actors.mailbox.reply import new_reply, wait_for
from actors.message.device import Perform
from actors.wire.wireloop import WireHost, WireLoop
from drivers.gateways import open_line
from drivers.gateways.modbus import RTUTCP, TCP
from runtime.core.decode.compiled import compile_map
from runtime.core.map.devicemap import parse_map
from runtime.core.modbus.request import Request
from runtime.core.poll.trace import TRACE_VIEWS
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from simulator.fault.faults import FAULTS, Faults
from tests.actors.stage import LiveStage, eventually, joined
from tests.faults.wires import faulty
from tests.pulse import Pulse

pytestmark = pytest.mark.faults

METER = compile_map(
    parse_map(
        {
            "id": "test-meter", "title": "Test meter", "source": "none", "trust": "published",
            "field": [{"quantity": f"voltage_l{i}_v", "at": i, "type": "u16"} for i in (1, 2, 3)],
        },
        file="test",
    )
)  # fmt: skip
FAST = Periods(live_s=0.02, energy_s=0.02, slow_s=0.02)
KINDS = ["tcp", "rtutcp", "rtu"]


PROMPT = {"tcp": TCP.prompt, "rtutcp": RTUTCP.prompt}


class Site(LiveStage):
    """Gateways with their buses on faulty wires; device N has unit N. On the wire loop, or each with its threads."""

    def __init__(self, *, hosted: bool) -> None:
        super().__init__()
        self.actors = []
        self.host = WireHost() if hosted else None
        if self.host is not None:
            self.actors.append(self.start(WireLoop(self.incarnation("wire"), self.host)))

    def add(self, id, wires, units=(1,), timeout_ms=100, late_max_s=0.2, polls_per_s=0):
        url = wires.url(late_max_s)
        devices = tuple(DeviceSpec(id * 100 + unit, f"meter {unit}", id, unit, "test-meter") for unit in units)
        spec = GatewaySpec(id, f"gateway {id}", url, timeout_ms=timeout_ms)
        is_hosted = self.host is not None and wires.kind in PROMPT
        lines, host = (PROMPT[wires.kind], self.host) if is_hosted else (open_line, None)
        bus = Bus(self.incarnation(f"bus.{id}"), id, url, lines, host=host, budget=Budget(polls_per_s))
        maps, zone, run = {"test-meter": METER}, ZoneInfo("Europe/Paris"), self.incarnation(f"gateway.{id}")
        gateway = Gateway(run, spec, devices, maps, 600, zone, periods=FAST, host=self.host)
        for actor in (bus, gateway):
            self.actors.append(actor)
            self.start(actor)
        return bus

    def device(self, id):
        return self.views.get(f"device.{id}")

    def is_in(self, id, state):
        return lambda: self.device(id) is not None and self.device(id).state == state

    def rate(self, id, beats):
        """Readings of a device a beat of this machine."""
        trace = self.views.get(TRACE_VIEWS.of(id // 100))
        before, pulse = trace.serial, Pulse(FAST.live_s)
        with pulse.felt():
            assert eventually(lambda: pulse.beats >= beats)
            read = sum(each.device == id and not each.code for each in trace.since(before))
            return read / pulse.beats

    def stop(self):
        hosts = 0 if self.host is None else 1
        self._end(self.actors[hosts:])  # as the supervisor does: whoever lives on the loop ends before it
        self._end(self.actors[:hosts])
        assert [report.error for report in self.reports if getattr(report, "error", "")] == []

    @staticmethod
    def _end(actors):
        for actor in reversed(actors):
            actor.ask_stop()
        for actor in actors:
            if not joined(actor, 1.0):
                actor.close_held()
        assert all(joined(actor) for actor in actors)


@pytest.fixture(params=[False, True], ids=["threads", "wire loop"])
def site(request):
    site = Site(hosted=request.param)
    yield site
    site.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_a_device_falls_silent_and_comes_back(site, kind):
    with faulty(kind, Faults()) as wires:
        site.add(1, wires)
        assert eventually(site.is_in(101, "on"))
        wires.proxy.faults = Faults(hangs=True)
        assert eventually(site.is_in(101, "communication_error"))
        assert site.device(101).trouble.code == "no_answer"
        wires.proxy.faults = Faults()
        assert eventually(site.is_in(101, "on"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_device_that_talks_nonsense_is_told_with_the_cause(site, kind):
    with faulty(kind, Faults(rates={"garbage": 1.0})) as wires:
        site.add(1, wires)
        assert eventually(site.is_in(101, "communication_error"))
        assert site.device(101).trouble.code in ("bad_frame", "no_answer")
        assert set(site.device(101).values_n) == {None}


@pytest.mark.parametrize("kind", KINDS)
def test_under_mixed_faults_every_device_is_read_again_and_again(site, kind):
    mixed = Faults(rates=dict.fromkeys(FAULTS, 0.01), late_s=(0.05, 0.2), jitter_s=0.002)
    with faulty(kind, mixed, seed=3) as wires:
        site.add(1, wires, units=range(1, 9))
        ids = range(101, 109)
        assert eventually(lambda: all(site.device(id) is not None and site.device(id).version > 10 for id in ids), 120)


def test_a_gateway_that_hangs_or_is_gone_costs_the_others_nothing(site):
    with faulty("tcp", Faults()) as healthy, faulty("tcp", Faults(hangs=True)) as hung, faulty("tcp", Faults()) as gone:
        gone.loop.run(gone.proxy.stop())
        site.add(1, healthy)
        assert eventually(site.is_in(101, "on"))
        alone = site.rate(101, 50)
        site.add(2, hung)
        site.add(3, gone)
        assert eventually(site.is_in(201, "communication_error"))
        assert eventually(site.is_in(301, "communication_error"))
        assert site.device(301).trouble.code == "link_refused"
        assert site.rate(101, 100) > 0.8 * alone


def test_a_link_that_is_cut_is_told_for_the_gateway_and_mended(site):
    with faulty("tcp", Faults()) as wires:
        site.add(1, wires)
        assert eventually(site.is_in(101, "on"))
        wires.loop.run(wires.proxy.stop())
        assert eventually(lambda: site.views.get("gateway.1").state == "communication_error")
        assert site.views.get("gateway.1").trouble.code == "link_refused"
        wires.loop.run(wires.proxy.listen(port=wires.port))
        assert eventually(site.is_in(101, "on"))
        assert site.views.get("gateway.1").state == "on"


@pytest.mark.parametrize("hosted", [False, True], ids=["threads", "wire loop"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_bus_that_waits_for_an_answer_is_woken_and_ends(kind, hosted):
    site = Site(hosted=hosted)
    with faulty(kind, Faults(hangs=True)) as wires:
        bus = site.add(1, wires, timeout_ms=60_000)
        assert eventually(lambda: bus.actor_inbox.depth() == 0)
        time.sleep(0.2)
        bus.ask_stop()
        assert joined(bus, 0.2) == (hosted and kind in PROMPT)  # on the loop nobody has to be woken
        bus.close_held()
        assert joined(bus)
        site.stop()


def test_a_command_on_a_busy_bus_goes_out_within_one_transaction(site):
    with faulty("tcp", Faults(latency_s=0.05)) as wires:
        bus = site.add(1, wires, units=range(1, 30), timeout_ms=500)
        assert eventually(site.is_in(101, "on"))
        waits = []
        for _ in range(10):
            before, reply = len(wires.slave.asked), new_reply()
            bus.post_self(Perform(Request(99, 3, 0, 1), 30.0, time.monotonic() + 60.0, reply))
            wait_for(reply, 60.0)
            waits.append(wires.slave.asked.index(99, before) - before)
        assert sorted(waits)[5] <= 1  # transactions that began before; a busy machine may be late with the asking


def test_dead_devices_leave_the_line_to_the_others(site):
    with faulty("tcp", Faults()) as wires:
        wires.slave.dead = {9, 10}
        site.add(1, wires, units=range(1, 11), timeout_ms=200)
        assert eventually(site.is_in(110, "communication_error"))
        assert eventually(site.is_in(101, "on"))
        before, asked = site.device(101).version, len(wires.slave.asked)
        assert eventually(lambda: site.device(101).version > before + 30)
        meanwhile = Counter(wires.slave.asked[asked:])
        assert meanwhile[9] + meanwhile[10] <= 10 < 30 <= meanwhile[1]
