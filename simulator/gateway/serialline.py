"""An RS485 line on a pseudo-terminal, with the time that each character takes on a real wire."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import tty
from pathlib import Path

from simulator.gateway.gateway import GatewayConnection, rtu_answer
from simulator.gateway.modbus import split_rtu

BITS_A_CHARACTER = 11
_BROKEN_OFF_S = 0.05  # a request with a pause this long inside is not one request


def put_link(path: Path, port: str) -> None:
    """Let ``path`` lead to ``port``, whatever it led to. Raises OSError when it is no link."""
    if path.is_symlink():
        path.unlink()
    path.symlink_to(port)


def take_link(path: Path, port: str) -> None:
    """Remove ``path`` unless it leads elsewhere by now."""
    if path.is_symlink() and os.readlink(path) == port:
        path.unlink()


class SerialLine:
    """A pseudo-terminal under a stable path. A pseudo-terminal knows no parity: masters open it with N."""

    def __init__(self, desk: GatewayConnection, path: Path, baudrate: int) -> None:
        self.desk = desk
        self._path = path
        self._character_s = BITS_A_CHARACTER / baudrate
        self._ends: tuple[int, int] | None = None
        self._received = bytearray()
        self._last_byte = 0.0
        self._sending = memoryview(b"")
        self._began = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def plug(self) -> None:
        """raises  OSError when the path is taken by something that is no link"""
        self._loop = asyncio.get_running_loop()
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        self._ends = ours, theirs  # ours keeps living while no master has the other end open
        put_link(self._path, os.ttyname(theirs))
        self._loop.add_reader(ours, self._arrived)

    async def unplug(self) -> None:
        if self._ends is None:
            return
        ours, theirs = self._ends
        self._stop_sending()
        self._received.clear()
        self._loop.remove_reader(ours)
        take_link(self._path, os.ttyname(theirs))
        os.close(theirs)
        os.close(ours)
        self._ends = None

    def _arrived(self) -> None:
        assert self._ends is not None
        now = self._loop.time()
        received = os.read(self._ends[0], 4096)
        if self._timer is not None or now - self._last_byte > _BROKEN_OFF_S:
            self._received.clear()
        self._last_byte = now
        if self._timer is not None:
            return  # two talk at once: who talks does not hear
        self._received += received
        for unit, pdu in split_rtu(self._received)[:1]:
            length = len(pdu) + 3
            self._talk(rtu_answer(self.desk, unit, pdu), now + length * self._character_s + self.desk.turnaround_s)

    def _talk(self, frame: bytes | None, begin: float) -> None:
        if frame is not None:
            self._sending = memoryview(frame)
            self._began = begin
            self._timer = self._loop.call_at(begin + self._character_s, self._send_due)

    def _send_due(self) -> None:
        """Hand over the characters whose last bit has passed the wire by now."""
        assert self._ends is not None
        passed = int((self._loop.time() - self._began) / self._character_s + 0.01)
        with contextlib.suppress(BlockingIOError):  # nobody reads: the wire does not wait
            os.write(self._ends[0], self._sending[:passed])
        self._sending = self._sending[passed:]
        self._began += passed * self._character_s
        self._timer = self._loop.call_at(self._began + self._character_s, self._send_due) if self._sending else None

    def _stop_sending(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
