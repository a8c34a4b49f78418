"""Devices with manners of their own on all three kinds of wire: padded answers, hang-ups, rests kept over restarts."""

from __future__ import annotations

import socket

import pytest

from drivers.adapters.connection import Connection
from drivers.adapters.hostroom import HostRoom
from drivers.gateways import open_line
from drivers.line import Line
from runtime.clock import SystemClock
from runtime.core.modbus.request import Request
from runtime.core.poll.trace import TRACE_VIEWS
from runtime.core.view import BUS_VIEWS
from runtime.errors import LinkDown
from simulator.fault.faults import Faults
from tests.actors.stage import eventually, joined
from tests.drivers.adapters.peer import pty_peer, registers, rtu_reply, rtutcp_peer, tcp_peer, tcp_reply
from tests.faults.test_lines import PROMPT, Site
from tests.faults.test_rest import KINDS, failures, line_to
from tests.faults.wires import faulty

pytestmark = pytest.mark.faults
PEERS = {"tcp": tcp_peer, "rtutcp": rtutcp_peer, "rtu": pty_peer}
PATIENT_S = 30.0
UNKNOWN = 0x4000


def opened(kind: str, peer: object) -> Line:
    address = f"127.0.0.1:{peer.port}" if kind != "rtu" else f"{peer.path}?baudrate=115200&parity=N"
    line = open_line(f"{kind}://{address}", SystemClock())
    line.open()
    return line


def reply_of(kind: str, request: bytes) -> bytes:
    return tcp_reply(request) if kind == "tcp" else rtu_reply(request)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("padding", [1, 2, 8])
def test_answers_with_zeros_after_them_are_read(kind, padding):
    with PEERS[kind](lambda request: [reply_of(kind, request) + bytes(padding)]) as peer:
        line = opened(kind, peer)
        for turn in range(10):
            request = Request(5, 3, 20 * (turn % 2), 10 + turn % 2)
            assert line.transact(request, PATIENT_S) == registers(request.at, request.count)
        line.close()


@pytest.mark.parametrize("kind", ["tcp", "rtutcp"])
@pytest.mark.parametrize("before", [1, 5])
def test_what_makes_a_device_hang_up_is_asked_once(kind, before):
    at = slice(8, 10) if kind == "tcp" else slice(2, 4)

    def script(request: bytes):
        return ["hang up"] if int.from_bytes(request[at], "big") == UNKNOWN else [reply_of(kind, request)]

    with PEERS[kind](script) as peer:
        line = opened(kind, peer)
        for _ in range(before):
            line.transact(Request(5, 3, 0, 10), PATIENT_S)
        with pytest.raises(LinkDown):
            line.transact(Request(5, 3, UNKNOWN, 4), PATIENT_S)
        assert [int.from_bytes(request[at], "big") for request in peer.heard].count(UNKNOWN) == 1
        line.open()
        assert line.transact(Request(6, 3, 0, 10), PATIENT_S) == registers(0, 10)
        line.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_rest_that_was_learnt_before_a_restart_is_kept_from_the_first_request_on(kind):
    with line_to(kind, 0.06) as (line, _):
        failures(line, 8)
        learnt = line.rests.learnt_ms()
    assert learnt[5] >= 60
    for _ in range(20):  # what a busy machine delays proves nothing
        with line_to(kind, 0.06) as (line, meter):
            line.rests.recall(learnt)
            if failures(line, 6) == 0:
                break
    assert all(meter.heard)


def test_each_connection_sends_at_once_and_notices_a_peer_that_is_gone():
    with socket.create_server(("127.0.0.1", 0)) as server:
        connection = Connection("127.0.0.1", server.getsockname()[1])
        connection.open()
        assert connection._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert connection._socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        connection.hang_up()


@pytest.mark.parametrize("kind", KINDS)
def test_a_gateway_is_polled_no_quicker_than_its_budget_allows(kind):
    site = Site(hosted=True)
    with faulty(kind, Faults()) as wires:
        site.add(1, wires, units=(1, 2, 3), timeout_ms=2_000, polls_per_s=20)
        assert eventually(lambda: site.views.get(TRACE_VIEWS.of(1)) and site.views.get(TRACE_VIEWS.of(1)).serial >= 15)
        seen = site.views.get(TRACE_VIEWS.of(1)).since()
        assert eventually(lambda: site.views.get(BUS_VIEWS.of(1)).budget_per_s == 20)
        site.stop()
    began_ms = [each.ts_ms - 1000 * each.took_s for each in seen]
    assert all(next_ms - ms > 48 for ms, next_ms in zip(began_ms, began_ms[1:], strict=False))


@pytest.mark.parametrize("kind", PROMPT)
def test_a_host_has_so_many_connections_whatever_the_gateways_behind_it(kind):
    site = Site(hosted=True)
    site.host.room = HostRoom(3, is_own=lambda _: False)
    with faulty(kind, Faults()) as wires:
        buses = {id: site.add(id, wires) for id in range(1, 6)}

        def connected():
            return {id for id in buses if site.views.get(BUS_VIEWS.of(id)).connected}

        def troubles():
            views = (site.views.get(BUS_VIEWS.of(id)) for id in buses)
            return [view.trouble.code for view in views if view is not None and view.trouble is not None]

        assert eventually(lambda: troubles() == ["host_full"] * 2 and len(connected()) == 3)
        first = min(connected())
        buses[first].ask_stop()
        assert joined(buses[first])
        assert eventually(lambda: len(connected() - {first}) == 3 and troubles() == ["host_full"])
        site.stop()
