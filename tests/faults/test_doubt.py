"""Answers that come twice or far too late, on all three kinds of wire: none is taken for another register's.

Times are a tenth of what meters do: time-outs of 0.1 s, lateness of up to 0.8 s.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from drivers.gateways import open_line
from drivers.line import Line, is_suspect
from runtime.clock import SystemClock
from runtime.core.modbus.request import Request
from runtime.errors import DriverError
from simulator.fault.faults import Faults
from tests.faults.wires import FaultyWires, faulty

pytestmark = pytest.mark.faults
KINDS = ["tcp", "rtutcp", "rtu"]
READS = 20
BLOCKS = (0, 20)  # two of one size on one unit
OTHER_UNIT = 6


def asked(units: tuple[int, ...] = (5,)) -> list[Request]:
    """As a bus does it: all blocks of a unit, then those of the next."""
    return [Request(unit, 3, at, 10) for _ in range(READS) for unit in units for at in BLOCKS][:READS]


def read_all(line: Line, wires: FaultyWires, requests: list[Request], timeout_s: float) -> Counter[str]:
    """Answers by what they are: right, stale (of the same registers, asked earlier) or wrong; suspect ones apart."""
    outcome: Counter[str] = Counter()
    for request in requests:
        time.sleep(max(0.0, line.ready_at(request.unit) - time.monotonic()))
        try:
            if not line.is_open:
                line.open()
            payload = line.transact(request, timeout_s)
        except DriverError:
            outcome["failed"] += 1
            continue
        judged = wires.slave.judged(request.unit, request.function, request.at, request.count, payload)
        outcome[f"suspect {judged}" if is_suspect(line) else judged] += 1
    return outcome


def played(kind: str, faults: Faults, late_max_s: float, timeout_s: float, units: tuple[int, ...] = (5,)) -> Counter:
    with faulty(kind, faults, seed=5) as wires:
        line = open_line(wires.url(late_max_s), SystemClock())
        outcome = read_all(line, wires, asked(units), timeout_s)
        line.close()
        return outcome


def at_once(play: Callable[[str], Counter[str]]) -> dict[str, Counter[str]]:
    """The same on all kinds of wire."""
    with ThreadPoolExecutor(len(KINDS)) as pool:
        return dict(zip(KINDS, pool.map(play, KINDS), strict=True))


@pytest.mark.parametrize("units", [(5,), (5, OTHER_UNIT)], ids=["one unit", "two units"])
@pytest.mark.parametrize("doubled_ms", [(1, 1), (5, 60), (1, 250)], ids=str)
def test_an_answer_that_is_sent_again_is_nobody_elses(units, doubled_ms):
    again_s = doubled_ms[0] / 1000, doubled_ms[1] / 1000
    faults = Faults(rates={"duplicate": 1.0}, doubled_s=again_s)
    for kind, outcome in at_once(lambda kind: played(kind, faults, 0.2, 0.5, units)).items():
        assert outcome["wrong"] == outcome["stale"] == 0, (kind, outcome)
        assert outcome["right"] >= 0.8 * READS, (kind, outcome)


@pytest.mark.parametrize("late_ms", [320, 400, 700])
def test_what_comes_later_than_anybody_waits_is_suspect_at_the_most(late_ms):
    faults = Faults(rates={"late": 0.2}, late_s=(late_ms / 1000, late_ms / 1000))
    for kind, outcome in at_once(lambda kind: played(kind, faults, 0.2, 0.1)).items():
        assert outcome["wrong"] == outcome["stale"] == 0, (kind, outcome)
        assert outcome["right"] > 0, (kind, outcome)


def test_the_head_of_a_doubled_frame_fills_up_no_broken_one():
    faults = Faults(rates={"cut_and_doubled": 0.3, "truncated": 0.1, "duplicate": 0.2})
    for kind, outcome in at_once(lambda kind: played(kind, faults, 0.02, 0.03)).items():
        assert outcome["wrong"] == outcome["stale"] == 0, (kind, outcome)
        assert outcome["right"] > 0, (kind, outcome)
