"""A line of meters in told time: it stands still but for the steps that a test makes.

A step is over once each meter was polled in it, the silent ones too, as often as they are asked in life. The clock is
turned while the server waits for an answer, so that no answer has another time than the meter that gave it.
"""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

import pytest

from actors.bus.buslog import BusLog
from actors.gateway.readlist import Periods, ReadList
from runtime.core.modbus.answer import ILLEGAL_ADDRESS, TARGET_SILENT
from tests.actors.stage import LAST_RESORT_S
from tests.spec.quickclock import TurnedClock

QUICK = Periods(live_s=0.015, energy_s=0.015, slow_s=0.3, watched_s=0.015)  # of life, whatever the clock says
PATIENT_MS = 10_000  # the most that a gateway may be given: a busy machine is no silent meter
_HEAD = struct.Struct(">HHHBB")


class SteppedMeter(Protocol):
    """A meter whose registers begin at 0 and are polled in one go; it refuses all others."""

    @property
    def size(self) -> int: ...

    def answer(self, now_ms: int) -> Sequence[int] | None:
        """All registers, None = silence."""


@contextmanager
def stepped_time(step_s: float) -> Iterator[None]:
    """What takes real time takes none of a step: answers, and the while that a silent meter is left alone for."""
    answered = BusLog.answered

    def at_once(log: BusLog, index: int, began: float, now: float, payload: bytes) -> tuple[int, int]:
        ts_ms, took_ms = answered(log, index, began, now, payload)
        return ts_ms + (took_ms >> 1), took_ms

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BusLog, "answered", at_once)
        patch.setattr(ReadList, "counters_ms", lambda _list, _device: round(step_s * 1000))
        patch.setattr("runtime.children.USUAL_PER_S", 0)  # polls of a real second
        patch.setattr("runtime.core.poll.timeout.TIMEOUT_LEAST_S", LAST_RESORT_S)
        patch.setattr("runtime.core.poll.schedule.backoff_s", lambda _failures, _jitter: QUICK.energy_s)
        patch.setattr("runtime.core.poll.schedule.PROBE_SHARE", 1)
        yield


class SteppedWire(socketserver.ThreadingTCPServer):
    """Modbus TCP: meters by unit, behind a gateway that says at once which of them do not answer."""

    daemon_threads = True

    def __init__(self, meters: Mapping[int, SteppedMeter], clock: TurnedClock) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self._meters, self._clock, self._lock = meters, clock, threading.Lock()
        self._unasked, self._all_asked, self._step_s = set(meters), threading.Event(), 0.0
        self._silent: set[int] = set()
        self.port = self.server_address[1]
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def answer(self, unit: int, at: int, count: int) -> Sequence[int] | int:
        """Registers, or the number of an exception."""
        with self._lock:
            self._turn()
            meter = self._meters.get(unit)
            words = None if meter is None else meter.answer(self._clock.now_ms())
            (self._silent.add if words is None else self._silent.discard)(unit)
            is_polled = meter is not None and at + count <= meter.size  # else somebody wants to know what it is
            if is_polled:
                self._unasked.discard(unit)
            if not self._unasked:
                self._all_asked.set()
            if words is None:
                return TARGET_SILENT
            return words[at : at + count] if is_polled else ILLEGAL_ADDRESS

    def step(self, seconds: float) -> None:
        """Turn the clock with the next request; over when each meter was asked since then."""
        with self._lock:
            self._step_s = seconds
            self._all_asked.clear()
        assert self._all_asked.wait(LAST_RESORT_S), f"meters {sorted(self._unasked)} are not asked"

    @property
    def heard(self) -> list[int]:
        """Units that answered when they were asked last."""
        return [unit for unit in self._meters if unit not in self._silent]

    def end(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join(LAST_RESORT_S)

    def _turn(self) -> None:
        if self._step_s:
            self._clock.turn(self._step_s)
            self._step_s, self._unasked = 0.0, set(self._meters)


class _Connection(socketserver.StreamRequestHandler):
    server: SteppedWire

    def handle(self) -> None:
        try:
            while len(head := self.rfile.read(_HEAD.size)) == _HEAD.size:
                transaction, _, length, unit, function = _HEAD.unpack(head)
                at, count = struct.unpack(">HH", self.rfile.read(length - 2)[:4])
                said = self.server.answer(unit, at, count)
                code, content = (
                    (function | 0x80, bytes([said])) if isinstance(said, int)
                    else (function, struct.pack(f">B{len(said)}H", 2 * len(said), *said))
                )  # fmt: skip
                self.wfile.write(_HEAD.pack(transaction, 0, len(content) + 2, unit, code) + content)
        except ConnectionError:  # the server is started anew
            return
