"""The proxy in front of a real Modbus TCP server: pymodbus's is not needed, a line of ours and a played peer do."""

import time

import pytest

from drivers.gateways import open_line
from runtime.clock import SystemClock
from runtime.core.modbus.request import Request
from runtime.errors import DriverError, NoAnswer
from simulator.fault.faultproxy import FaultProxy, Upstream
from simulator.fault.faults import Faults
from tests.drivers.adapters.peer import registers, rtu_reply, rtutcp_peer, tcp_peer, tcp_reply
from tests.faults.wires import Loop, faulty

TEN = Request(5, 3, 100, 10)


@pytest.mark.parametrize("kind", ["tcp", "rtutcp", "rtu"])
def test_without_faults_every_answer_passes(kind):
    with faulty(kind, Faults()) as wires:
        line = open_line(wires.url(0.2), SystemClock())
        line.open()
        for _ in range(20):
            assert wires.slave.judged(5, 3, 100, 10, line.transact(TEN, 1.0)) == "right"
        line.close()


@pytest.mark.parametrize("kind", ["tcp", "rtutcp", "rtu"])
def test_faults_are_exchanged_while_it_runs(kind):
    with faulty(kind, Faults()) as wires:
        line = open_line(wires.url(0.05), SystemClock())
        line.open()
        line.transact(TEN, 1.0)
        wires.proxy.faults = Faults(rates={"silence": 1.0})
        with pytest.raises(NoAnswer):
            line.transact(TEN, 0.05)
        wires.proxy.faults = Faults()
        time.sleep(max(0.0, line.ready_at(5) - time.monotonic()))
        if not line.is_open:
            line.open()
        assert wires.slave.judged(5, 3, 100, 10, line.transact(TEN, 1.0)) == "right"
        line.close()


@pytest.mark.parametrize("faults", [Faults(hangs=True), Faults(rates={"half_open": 1.0}), Faults(rates={"reset": 1.0})])
def test_a_connection_that_hangs_or_breaks_is_an_error(faults):
    with faulty("tcp", faults) as wires:
        line = open_line(wires.url(0.2), SystemClock())
        line.open()
        with pytest.raises(DriverError):
            line.transact(TEN, 0.1)
        line.close()


@pytest.mark.parametrize(("wire", "peer", "reply"), [("tcp", tcp_peer, tcp_reply), ("rtu", rtutcp_peer, rtu_reply)])
def test_it_stands_before_a_slave_on_the_network(wire, peer, reply):
    loop = Loop()
    with peer(lambda request: [reply(request)]) as slave:
        proxy = loop.call(lambda: FaultProxy(Upstream("127.0.0.1", slave.port, wire), wire))
        scheme = "tcp" if wire == "tcp" else "rtutcp"
        line = open_line(f"{scheme}://127.0.0.1:{loop.run(proxy.listen())}", SystemClock())
        line.open()
        assert line.transact(TEN, 2.0) == registers(100, 10)
        line.close()
        loop.run(proxy.stop())
    loop.stop()
