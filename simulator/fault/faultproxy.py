"""Stands between a master and a slave and lets things go wrong: TCP, RTU over TCP, RTU on a pseudo-terminal.

What goes wrong is exchanged while it runs: ``proxy.faults = Faults(…)``.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import socket
import struct
import termios
import tty
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from simulator.fault.faults import Delivery, Faults, Frame, Mishaps, Wire
from simulator.gateway.modbus import split_rtu, split_tcp

Slave = Callable[[int, bytes], Awaitable[bytes | None]]  # (unit, request PDU) -> answer PDU, None = silent
_LINGER_OFF = struct.pack("ii", 1, 0)
_WINDOW_BYTES = 4096  # so little is taken for a slow reader; requests have 260 bytes at the most
_TURNS_TO_BEGIN = 16  # at most, of the loop, from a connection that asyncio accepted to the first line of ``_serve``
_UNREAD_S = 60.0  # after that a slow reader hangs up: a play that lasts for days must not run out of sockets


class _Out(Protocol):
    """Where answers go."""

    def send(self, chunk: bytes) -> None: ...
    def end(self, how: str) -> None: ...


class FaultProxy:
    """One faulty way to a slave. Lives in the event loop that starts it.

    slave        answers each request, whatever becomes of the answer
    faults       of all units but those in unit_faults
    mishaps      decides and counts
    """

    def __init__(self, slave: Slave, wire: Wire, faults: Faults | None = None, seed: int = 1) -> None:
        self.faults = faults or Faults()
        self.unit_faults: Mapping[int, Faults] = {}
        self.mishaps = Mishaps(seed)
        self._slave = slave
        self._wire = wire
        self._server: asyncio.Server | None = None
        self._port: _Pty | None = None
        self._sockets: set[_SocketOut] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Serve TCP; returns the port. Raises OSError when it is taken."""
        self._server = await asyncio.start_server(self._serve, host, port, start_serving=False)
        for listening in self._server.sockets:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW_BYTES)
        await self._server.start_serving()
        return int(self._server.sockets[0].getsockname()[1])

    def open_pty(self) -> str:
        """Serve a pseudo-terminal; returns its path."""
        self._port = _Pty(self._received)
        return self._port.path

    async def stop(self) -> None:
        if self._server is not None:
            for listening in self._server.sockets:  # asyncio loses whom it let in when it is closed at that moment
                asyncio.get_running_loop().remove_reader(listening.fileno())
            await _let_begin()
            self._server.close()
            self._server = None
        for out in tuple(self._sockets):
            out.end("reset")
        if self._port is not None:
            self._port.stop()
            self._port = None
        while self._tasks:
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await _let_begin()  # transports that were closed are gone then

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._keep(asyncio.current_task())
        out = _SocketOut(writer)
        self._sockets.add(out)
        received = bytearray()
        try:
            while chunk := await reader.read(4096):
                received += chunk
                self._received(received, out)
        except (OSError, ValueError):  # the master went away, or talks nonsense
            pass
        finally:
            self._sockets.discard(out)
            out.end("close" if self._server is not None else "reset")

    def _received(self, received: bytearray, out: _Out) -> None:
        """Each whole request gets its answer in its own time: a late one holds up nobody else's."""
        if self._wire == "tcp":
            requests = split_tcp(received)
        else:
            requests = [(0, unit, pdu) for unit, pdu in split_rtu(received)]
        if self.faults.hangs:
            return
        for transaction, unit, pdu in requests:
            self._keep(asyncio.get_running_loop().create_task(self._answer(transaction, unit, pdu, out)))

    def _keep(self, task: asyncio.Task[None] | None) -> None:
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, transaction: int, unit: int, pdu: bytes, out: _Out) -> None:
        answered = await self._slave(unit, pdu)
        if answered is None:
            return
        faults = self.unit_faults.get(unit, self.faults)
        delivery = self.mishaps.deliver(Frame(self._wire, transaction, unit, answered), faults)
        await self._deliver(delivery, out)

    async def _deliver(self, delivery: Delivery, out: _Out) -> None:
        for pause_s, chunk in delivery.chunks:
            if pause_s > 0:
                await asyncio.sleep(pause_s)
            if chunk:
                self._heir(out).send(chunk)
        if delivery.end:
            out.end(delivery.end)

    def _heir(self, out: _Out) -> _Out:
        """A serial server gives what comes from its serial side to whoever is connected then."""
        if self._wire == "rtu" and isinstance(out, _SocketOut) and out not in self._sockets:
            return next((heir for heir in self._sockets if not heir.is_dead), out)
        return out


async def _let_begin() -> None:
    """Whoever was let in is among the tasks then."""
    for _ in range(_TURNS_TO_BEGIN):
        await asyncio.sleep(0)


class _SocketOut:
    """The way back to a master on TCP."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.is_dead = False

    def send(self, chunk: bytes) -> None:
        if not self.is_dead and not self._writer.is_closing():
            self._writer.write(chunk)

    def end(self, how: str) -> None:
        """ "half_open" goes on taking bytes and never sends one again; "unread" takes none until its window is shut."""
        self.is_dead = True
        transport = self._writer.transport
        if how == "reset" and not transport.is_closing():
            raw = self._writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_OFF)
        if how == "unread" and not transport.is_closing():
            assert isinstance(transport, asyncio.Transport)
            transport.pause_reading()
            asyncio.get_running_loop().call_later(_UNREAD_S, transport.abort)
        elif how == "reset":
            transport.abort()  # also what still waits to be sent
        elif how == "close":
            self._writer.close()


class _Pty:
    """The way to and from a master on a pseudo-terminal; it cannot be hung up, so a broken connection is silence."""

    def __init__(self, received: Callable[[bytearray, _Out], None]) -> None:
        self._received = received
        self._bytes = bytearray()
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave, termios.TCSANOW)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        asyncio.get_running_loop().add_reader(self._master, self._readable)

    def _readable(self) -> None:
        self._bytes += os.read(self._master, 4096)
        self._received(self._bytes, self)

    def send(self, chunk: bytes) -> None:
        if self._master >= 0:
            with contextlib.suppress(BlockingIOError):  # nobody reads: the wire does not wait
                os.write(self._master, chunk)

    def end(self, how: str) -> None:
        return

    def stop(self) -> None:
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._slave)
        os.close(self._master)
        self._master = -1


class Upstream:
    """A slave behind a TCP port, asked over Modbus TCP or RTU over TCP, one request at a time."""

    def __init__(self, host: str, port: int, wire: Wire, timeout_s: float = 1.0) -> None:
        self._address = host, port
        self._wire = wire
        self._timeout_s = timeout_s
        self._lock = asyncio.Lock()
        self._transaction = 0

    async def __call__(self, unit: int, pdu: bytes) -> bytes | None:
        self._transaction = self._transaction % 0xFFFF + 1
        async with self._lock:
            try:
                return await asyncio.wait_for(self._ask(unit, pdu), self._timeout_s)
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                return None

    async def _ask(self, unit: int, pdu: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*self._address)
        try:
            writer.write(Frame(self._wire, self._transaction, unit, pdu).bytes())
            if self._wire == "tcp":
                head = await reader.readexactly(7)
                return await reader.readexactly(int.from_bytes(head[4:6], "big") - 1)
            head = await reader.readexactly(3)
            size = 0 if head[1] & 0x80 else head[2] if head[1] <= 4 else 3
            return head[1:] + (await reader.readexactly(size + 2))[:-2]
        finally:
            writer.close()
