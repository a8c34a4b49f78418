"""Thousands of reads under mixed faults: whatever goes wrong on the wire, no wrong value is ever taken for a right one.

10,000 transactions in ``make test``, 100,000 with WATTKEEPER_SOAK=full. pymodbus's own clients are put on the same
wires for comparison.
"""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from pymodbus import FramerType, ModbusException
from pymodbus.client import ModbusSerialClient, ModbusTcpClient

from drivers.gateways import open_line
from drivers.line import Line
from runtime.clock import SystemClock
from runtime.core.modbus.request import Request
from runtime.errors import DriverError
from simulator.fault.faults import FAULTS, Faults
from tests.bench.table import Row, tell
from tests.faults.wires import FaultyWires, faulty
from tests.soak import FULL

T = TypeVar("T")
TRANSACTIONS = {"tcp": 45_000, "rtutcp": 35_000, "rtu": 20_000}
TIMEOUT_S = 0.04
LATE_MAX_S = 0.4
UNITS = range(1, 41)  # so many that the line is busy while some of them are left alone
MIXED = Faults(
    rates=dict.fromkeys(FAULTS, 0.004) | {"late": 0.01, "duplicate": 0.01},
    latency_s=0.0,
    jitter_s=0.001,
    late_s=(TIMEOUT_S * 0.9, TIMEOUT_S + 0.6 * LATE_MAX_S),
    slice_s=0.0002,
)
pytestmark = [pytest.mark.soak, pytest.mark.faults]


def requests(seed: int) -> Iterator[Request]:
    """Reads as a bus makes them: a few shapes, each of them often, many units."""
    rng = random.Random(seed)
    while True:
        yield Request(
            rng.choice(UNITS), rng.choice((3, 3, 3, 4)), rng.randrange(0, 60, 20), rng.choice((2, 10, 10, 40))
        )


def read_many(
    wires: FaultyWires, read: Callable[[Request], bytes | None], ready: Callable[[int], bool], count: int
) -> Counter[str]:
    """Counts of reads: failed, right, stale (answers an earlier request) and wrong (is something else)."""
    outcome: Counter[str] = Counter()
    asked = requests(7)
    while outcome.total() < count:
        request = next(asked)
        if not ready(request.unit):
            continue
        payload = read(request)
        shape = request.unit, request.function, request.at, request.count
        outcome["failed" if payload is None else wires.slave.judged(*shape, payload)] += 1
    return outcome


def at_once(work: Callable[[str], T]) -> dict[str, T]:
    """The same on all kinds of wire, each in its thread."""
    with ThreadPoolExecutor(len(TRANSACTIONS)) as pool:
        return dict(zip(TRANSACTIONS, pool.map(work, TRANSACTIONS), strict=True))


def ours(line: Line) -> Callable[[Request], bytes | None]:
    def read(request: Request) -> bytes | None:
        try:
            if not line.is_open:
                line.open()
            return line.transact(request, TIMEOUT_S)
        except DriverError:
            return None

    return read


def soak_ours(kind: str) -> tuple[Counter[str], dict[str, int]]:
    with faulty(kind, MIXED, seed=11) as wires:
        line = open_line(wires.url(LATE_MAX_S), SystemClock())
        count = TRANSACTIONS[kind] // (1 if FULL else 10)
        outcome = read_many(wires, ours(line), lambda unit: line.ready_at(unit) <= time.monotonic(), count)
        line.close()
        return outcome, wires.proxy.mishaps.struck


@pytest.mark.timeout(1800)
def test_no_wrong_value_is_ever_accepted(capsys):
    soaked = at_once(soak_ours)
    with capsys.disabled():
        for kind, (outcome, struck) in soaked.items():
            print(f"\n{kind}: {dict(outcome)} under {sum(struck.values())} faults", end="")
            wrong = outcome["wrong"] + outcome["stale"]
            done = f"{outcome.total()} transactions under {sum(struck.values())} faults"
            what = f"wrong values accepted over {kind}: {done}"
            tell(Row(what, "0", str(wrong), wrong == 0, f"{outcome['right']} right, {outcome['failed']} failed"))
    for kind, (outcome, struck) in soaked.items():
        wire = "tcp" if kind == "tcp" else "rtu"
        assert outcome["wrong"] == outcome["stale"] == 0
        assert outcome["right"] > 0.7 * outcome.total()
        assert set(struck) == {name for name, fault in FAULTS.items() if wire in fault.wires}


def pymodbus_client(wires: FaultyWires):
    if wires.kind == "rtu":
        return ModbusSerialClient(wires.path, baudrate=115200, parity="N", timeout=TIMEOUT_S)
    framer = FramerType.SOCKET if wires.kind == "tcp" else FramerType.RTU
    return ModbusTcpClient("127.0.0.1", port=wires.port, framer=framer, timeout=TIMEOUT_S)


def theirs(client) -> Callable[[Request], bytes | None]:
    def read(request: Request) -> bytes | None:
        ask = client.read_holding_registers if request.function == 3 else client.read_input_registers
        try:
            reply = ask(request.at, count=request.count, device_id=request.unit)
        except (ModbusException, OSError):
            return None
        if reply.isError():
            return None
        return b"".join(number.to_bytes(2, "big") for number in reply.registers)

    return read


def soak_theirs(kind: str) -> Counter[str]:
    with faulty(kind, MIXED, seed=11) as wires:
        client = pymodbus_client(wires)
        client.connect()
        outcome = read_many(wires, theirs(client), lambda unit: True, 3000 if FULL else 200)
        client.close()
        return outcome


@pytest.mark.timeout(1800)
def test_the_same_faults_reach_the_clients_of_pymodbus(capsys):
    """For comparison only: says how many wrong values they accept."""
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
    soaked = at_once(soak_theirs)
    with capsys.disabled():
        for kind, outcome in soaked.items():
            print(f"\n{kind}: pymodbus's own client {dict(outcome)}", end="")
            wrong = outcome["wrong"] + outcome["stale"]
            what = f"the same faults over {kind} with pymodbus's own client: {outcome.total()} transactions"
            tell(Row(what, "for comparison", f"{wrong} wrong", True, f"{outcome['right']} right"))
    assert all(outcome["right"] for outcome in soaked.values())
