"""The other end of a line, played by a script: for each request what to send, how long to wait, when to hang up."""

from __future__ import annotations

import os
import pty
import select
import socket
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Literal, TypeVar

from drivers.adapters.frames import checksum
from runtime.clock import SystemClock

Act = bytes | float | Literal["hang up"]
Script = Callable[[bytes], Iterable[Act]]


def registers(at: int, count: int) -> bytes:
    """What the played devices hold: each register its own address."""
    return b"".join((at + i & 0xFFFF).to_bytes(2, "big") for i in range(count))


def tcp_reply(
    request: bytes, *, pdu: bytes | None = None, transaction: int | None = None, unit: int | None = None
) -> bytes:
    """The right answer to a read over Modbus TCP, or one that is wrong where said."""
    at, count = int.from_bytes(request[8:10], "big"), int.from_bytes(request[10:12], "big")
    pdu = pdu if pdu is not None else request[7:8] + bytes([2 * count]) + registers(at, count)
    mark = request[:2] if transaction is None else transaction.to_bytes(2, "big")
    return mark + b"\0\0" + (1 + len(pdu)).to_bytes(2, "big") + bytes([request[6] if unit is None else unit]) + pdu


def rtu_reply(request: bytes, *, pdu: bytes | None = None, unit: int | None = None) -> bytes:
    """The same over RTU."""
    at, count = int.from_bytes(request[2:4], "big"), int.from_bytes(request[4:6], "big")
    pdu = pdu if pdu is not None else request[1:2] + bytes([2 * count]) + registers(at, count)
    frame = bytes([request[0] if unit is None else unit]) + pdu
    return frame + checksum(frame)


PATIENT_S = 60.0  # for what comes


def late(over: threading.Event, reply: bytes) -> bytes:
    """An answer that waits until the time-out of its request is over."""
    assert over.wait(PATIENT_S)
    return reply


class LeapingClock(SystemClock):
    """Time goes on as it does, and leaps when it is told to."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead_s

    def leap(self, seconds: float) -> None:
        self._ahead_s += max(0.0, seconds)


class Impatient:
    """Mixed into a wire: once so many bytes were received, whoever waits for more has waited long enough."""

    def waits_for(self, count: int, clock: LeapingClock) -> None:
        self._left, self._clock = count, clock

    def receive(self, most: int, wait_s: float) -> bytes:
        received = bytes(super().receive(most, wait_s))  # type: ignore[misc]
        before = self._left
        self._left -= len(received)
        if before > 0 >= self._left:
            self._clock.leap(2 * PATIENT_S)
        return received


class SocketPeer:
    """Listens on loopback; keeps what was asked, by connection."""

    def __init__(self, script: Script, request_bytes: int = 12) -> None:
        self.script = script
        self.heard: list[bytes] = []
        self.connections = 0
        self._bytes = request_bytes
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while request := connection.recv(self._bytes, socket.MSG_WAITALL):
                    self.heard.append(request)
                    for act in self.script(request):
                        if act == "hang up":
                            return
                        if isinstance(act, bytes):
                            connection.sendall(act)
                        else:
                            time.sleep(act)
            except OSError:
                return

    def stop(self) -> None:
        for each in (self._listener, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(60)


class PtyPeer:
    """Owns the master side of a pseudo-terminal; ``path`` is the port to open."""

    def __init__(self, script: Script, request_bytes: int = 8) -> None:
        self.script = script
        self.heard: list[bytes] = []
        self._bytes = request_bytes
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave, termios.TCSANOW)
        self.path = os.ttyname(self._slave)
        self._stop = os.eventfd(0)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        poll.register(self._stop, select.POLLIN)
        request = b""
        while True:
            if any(fd == self._stop for fd, _ in poll.poll()):
                return
            try:
                request += os.read(self._master, self._bytes - len(request))
            except OSError:
                return
            if len(request) == self._bytes:
                self.heard.append(request)
                self._play(request)
                request = b""

    def _play(self, request: bytes) -> None:
        for act in self.script(request):
            if isinstance(act, bytes):
                os.write(self._master, act)
            elif isinstance(act, float):
                time.sleep(act)

    def unplug(self) -> None:
        """Take the port away while it is in use."""
        os.eventfd_write(self._stop, 1)
        self._thread.join(60)
        for name in ("_slave", "_master"):
            if getattr(self, name) >= 0:
                os.close(getattr(self, name))
                setattr(self, name, -1)

    def stop(self) -> None:
        self.unplug()
        os.close(self._stop)


Peer = TypeVar("Peer", SocketPeer, PtyPeer)


@contextmanager
def served(peer: Peer) -> Iterator[Peer]:
    """It plays until the block ends."""
    try:
        yield peer
    finally:
        peer.stop()


def tcp_peer(script: Script) -> AbstractContextManager[SocketPeer]:
    return served(SocketPeer(script))


def rtutcp_peer(script: Script) -> AbstractContextManager[SocketPeer]:
    return served(SocketPeer(script, 8))


def pty_peer(script: Script) -> AbstractContextManager[PtyPeer]:
    return served(PtyPeer(script))
