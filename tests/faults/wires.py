"""A slave whose every answer can be told apart, behind faulty ways to it; they run in a thread of their own."""

from __future__ import annotations

import asyncio
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from simulator.fault.faultproxy import FaultProxy
from simulator.fault.faults import Faults

T = TypeVar("T")


class CountingSlave:
    """Each register tells its unit, its address, its function and which request to that unit it answers."""

    def __init__(self) -> None:
        self.serial: dict[int, int] = {}
        self.dead: set[int] = set()
        self.asked: list[int] = []  # units, in the order of the requests

    async def __call__(self, unit: int, pdu: bytes) -> bytes | None:
        self.asked.append(unit)
        function, at, count = struct.unpack(">BHH", pdu[:5])
        serial = self.serial[unit] = self.serial.get(unit, 0) + 1
        if unit in self.dead:
            return None
        return bytes([function, 2 * count]) + self.registers(unit, function, at, count, serial)

    def judged(self, unit: int, function: int, at: int, count: int, payload: bytes) -> str:
        """What a master took: "right" only if it answers the last request; "stale" = the same one, made earlier."""
        serial = self.serial.get(unit, 0)
        ages = (age for age in range(50) if self.registers(unit, function, at, count, serial - age) == payload)
        age = next(ages, None)
        return "wrong" if age is None else "stale" if age else "right"

    @staticmethod
    def registers(unit: int, function: int, at: int, count: int, serial: int) -> bytes:
        numbers = (serial * 31 + unit * 4999 + function * 977 + (at + i) * 131 & 0xFFFF for i in range(count))
        return struct.pack(f">{count}H", *numbers)


class Loop:
    """An event loop in a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def call(self, work: Callable[[], T]) -> T:
        async def called() -> T:
            return work()

        return self.run(called())

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()


class FaultyWires:
    """The same slave by three ways. ``url`` is how our line finds it."""

    def __init__(self, kind: str, faults: Faults, seed: int) -> None:
        self.kind = kind
        self.slave = CountingSlave()
        self.loop = Loop()
        self.proxy = FaultProxy(self.slave, "tcp" if kind == "tcp" else "rtu", faults, seed)
        self.port, self.path = 0, ""
        if kind == "rtu":
            self.path = self.loop.call(self.proxy.open_pty)
        else:
            self.port = self.loop.run(self.proxy.listen())

    def url(self, late_max_s: float) -> str:
        if self.kind == "tcp":
            return f"tcp://127.0.0.1:{self.port}"
        options = f"late_max_ms={round(late_max_s * 1000)}"
        if self.kind == "rtutcp":
            return f"rtutcp://127.0.0.1:{self.port}?{options}"
        return f"rtu://{self.path}?baudrate=115200&parity=N&{options}"

    def stop(self) -> None:
        self.loop.run(self.proxy.stop())
        self.loop.stop()


@contextmanager
def faulty(kind: str, faults: Faults, seed: int = 1) -> Iterator[FaultyWires]:
    wires = FaultyWires(kind, faults, seed)
    try:
        yield wires
    finally:
        wires.stop()
