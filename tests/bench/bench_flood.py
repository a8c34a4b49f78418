"""100 KB/s of hostile bytes from ten addresses, of each kind: what they cost, and what others notice."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.bench.bench_polling import FIRST_PORT, slaves
from tests.bench.players.flood import KINDS
from tests.bench.table import Row, tell
from tests.webui.front.stage import answer_of

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

GATEWAYS, CALM_S, FLOOD_S = 16, 10.0, 10.0
GET = b"GET /login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@dataclass
class Flooded:
    """A server with what it reads, in a process of its own."""

    process: subprocess.Popen[str]
    http: int
    https: int

    def figures(self) -> dict[str, float]:
        assert self.process.stdin and self.process.stdout
        print("look", file=self.process.stdin, flush=True)
        return dict(json.loads(self.process.stdout.readline()))

    def over(self, seconds: float, kind: str = "") -> tuple[float, float, float]:
        """(processor cores, polls/s, slowest answer to a new client in ms) in that time, under that flood."""
        command = [sys.executable, "-m", "tests.bench.players.flood", kind, str(self.http), str(self.https)]
        flood = subprocess.Popen([*command, str(seconds)], stdout=subprocess.PIPE) if kind else None
        before, until, slowest_s = self.figures(), time.monotonic() + seconds, 0.0
        try:
            while time.monotonic() < until:
                slowest_s = max(slowest_s, self._answered_s())
                time.sleep(0.25)
            after = self.figures()
        finally:
            if flood is not None:
                flood.communicate(timeout=60)
        took = after["at"] - before["at"]
        return (after["cpu_s"] - before["cpu_s"]) / took, (after["polls"] - before["polls"]) / took, slowest_s * 1000

    def _answered_s(self) -> float:
        began = time.perf_counter()
        with socket.socket() as client:
            client.settimeout(30)
            client.bind(("127.0.77.7", 0))
            client.connect(("127.0.0.1", self.http))
            client.sendall(GET)
            assert answer_of(client).status in (200, 303, 308)
        return time.perf_counter() - began


@pytest.fixture(scope="module")
def server() -> Iterator[Flooded]:
    command = [sys.executable, "-m", "tests.bench.players.flooded_server", str(GATEWAYS), str(FIRST_PORT)]
    with slaves(GATEWAYS):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin and process.stdout
        try:
            http, https = map(int, process.stdout.readline().split())
            time.sleep(4)  # until all are read
            yield Flooded(process, http, https)
        finally:
            process.stdin.close()
            process.wait(30)
            process.stdout.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_flood_from_ten_addresses(server: Flooded, kind: str) -> None:
    calm, polls, usual_ms = server.over(CALM_S)
    busy, kept, slowest_ms = server.over(FLOOD_S, kind)
    share, rate = (busy - calm) * 100, kept / polls * 100
    tell(
        Row(
            f"100 KB/s of {kind} from 10 addresses, {FLOOD_S:.0f} s from the first byte on",
            "<= 20 % of a core, >= 97 % of polls, others answered <= 500 ms",
            f"{share:.0f} %, {rate:.0f} % of polls, {slowest_ms:.0f} ms",
            share <= 20 and rate >= 97 and slowest_ms <= 500,
            f"without: {calm * 100:.0f} % busy, {polls:.0f} polls/s, {usual_ms:.0f} ms",
        )
    )
