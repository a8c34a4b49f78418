"""Meters that do not hear what comes too soon after their last answer, on all three kinds of wire."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from drivers.gateways import open_line
from drivers.line import Line
from runtime.clock import SystemClock
from runtime.core.modbus.request import Request
from runtime.errors import DriverError
from tests.drivers.adapters.peer import Act, pty_peer, registers, rtu_reply, rtutcp_peer, tcp_peer, tcp_reply

pytestmark = pytest.mark.faults
KINDS = ["tcp", "rtutcp", "rtu"]
LATE_MS = 60
TIMEOUT_S = 0.1
RUNS = 20


class RestingMeter:
    """Answers reads; one that comes within ``needs_s`` of its last answer it does not hear."""

    def __init__(self, kind: str, needs_s: float) -> None:
        self._reply = tcp_reply if kind == "tcp" else rtu_reply
        self._needs_s = needs_s
        self._answered_at = 0.0
        self.heard: list[bool] = []  # of each request

    def __call__(self, request: bytes) -> Iterable[Act]:
        self.heard.append(time.monotonic() - self._answered_at >= self._needs_s)
        if not self.heard[-1]:
            return
        self._answered_at = time.monotonic()
        yield self._reply(request)


@contextmanager
def line_to(kind: str, needs_s: float, options: str = "") -> Iterator[tuple[Line, RestingMeter]]:
    meter = RestingMeter(kind, needs_s)
    peer = {"tcp": tcp_peer, "rtutcp": rtutcp_peer, "rtu": pty_peer}[kind]
    with peer(meter) as listening:
        if kind == "rtu":
            url = f"rtu://{listening.path}?baudrate=115200&parity=N&late_max_ms={LATE_MS}{options}"
        else:
            late = "" if kind == "tcp" else f"late_max_ms={LATE_MS}"
            url = f"{kind}://127.0.0.1:{listening.port}?{late}{options}"
        line = open_line(url.rstrip("?"), SystemClock())
        yield line, meter
        line.close()


def failures(line: Line, reads: int) -> int:
    """Of reads of two blocks in turn, as soon as the line allows."""
    failed = 0
    for turn in range(reads):
        request = Request(5, 3, 20 * (turn % 2), 10 + turn % 2)
        time.sleep(max(0.0, line.ready_at(5) - time.monotonic()))
        try:
            if not line.is_open:
                line.open()
            assert line.transact(request, TIMEOUT_S) == registers(request.at, request.count)
        except DriverError:
            failed += 1
    return failed


def heard(kind: str, needs_s: float, reads: int, options: str = "") -> list[bool]:
    """Of each request, in a run in which all answers came in time: what a busy machine delays proves nothing."""
    for _ in range(RUNS):
        with line_to(kind, needs_s, options) as (line, meter):
            failed = failures(line, reads)
        if failed == meter.heard.count(False):
            return meter.heard
    raise AssertionError("this machine is too busy")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("needs_ms", [10, 60, 200])
def test_a_meter_that_needs_a_rest_is_known_after_three_tries_and_never_lost_again(kind, needs_ms):
    for _ in range(3):  # a machine that is late itself rests for the line, which then learns later than it would
        requests = heard(kind, needs_ms / 1000, 12)
        assert requests.count(False) <= 3
        if all(requests[6:]):
            return
    raise AssertionError(f"it is lost again and again: {requests}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("option", ["&rest_ms=120", "&rests=5:120"])
def test_a_rest_that_is_set_is_kept_from_the_first_request_on(kind, option):
    assert all(heard(kind, 0.1, 6, option))
