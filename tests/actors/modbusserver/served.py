"""A Modbus server on a real loop and port with images that a test gives; raw sockets to ask it."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from actors.modbusserver.board import ImageBoard
from actors.modbusserver.listener import listen
from actors.modbusserver.service import ModbusService
from runtime.clock import SystemClock
from runtime.core.modbus.answer import FlatImage, RegisterImage
from runtime.core.modbus.serverresource import ModbusServerSpec
from runtime.loop.loop import ProcessLoop
from runtime.viewboard import Views
from tests.actors.stage import eventually

PATIENCE_S = 60.0
TABLE = FlatImage(b"".join(n.to_bytes(2, "big") for n in range(1_000)))


class Served:
    """``make`` gives the service where it is not the usual one; ``strangers`` and ``writes`` are what it reported."""

    def __init__(
        self,
        images: Mapping[int, RegisterImage],
        spec: ModbusServerSpec,
        make: Callable[..., ModbusService] = ModbusService,
        **more: Any,
    ) -> None:
        self.board = ImageBoard(images=images)
        self.strangers: list[str] = []
        self.writes: list[tuple[str, int, int]] = []
        self.written: list[tuple[str, Any, int]] = []  # on the bus
        self._listener = listen("127.0.0.1", 0)
        self.port = self._listener.getsockname()[1]
        self.services: list[ModbusService] = []
        self._askers: list[Asker] = []
        self.asked: list[tuple[str, Any]] = []  # what was passed through, by name of the bus
        self.is_there = True  # somebody of that name
        more.setdefault("others_s", lambda: 0.0)  # nothing else in the process is busy
        clock = SystemClock()

        def service(loop: Any) -> ModbusService:
            made = make(
                loop, self._listener.dup(), self.board, spec, clock, "1.2.3", self.posted, self.strangers.append,
                lambda *refused: self.writes.append(refused), lambda *wrote: self.written.append(wrote), **more,
            )  # fmt: skip
            self.services.append(made)
            return made

        self.loop = ProcessLoop(Views(), clock.monotonic)
        self.loop.add("modbus", service)
        self._run = self.loop.fresh()
        self._thread = threading.Thread(target=self._run.run, daemon=True)
        self._thread.start()

    def posted(self, name: str, message: object) -> bool:
        self.asked += [(name, message)] if self.is_there else []
        return self.is_there

    def stop(self) -> None:
        self.loop.remove("modbus")
        self._run.stop()
        self._thread.join(PATIENCE_S)
        self._listener.close()

    def call(self) -> Asker:
        self._askers.append(Asker(self.port))
        return self._askers[-1]

    def hang_up(self) -> None:
        for asker in self._askers:
            asker.close()


class Asker:
    """A raw connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._left = b""

    def send(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def answers(self, count: int) -> list[tuple[int, int, bytes]]:
        """(transaction, unit, PDU) of the next answers; fewer when the server hung up."""
        heard: list[tuple[int, int, bytes]] = []
        while len(heard) < count:
            while len(self._left) >= 7 and len(self._left) >= 6 + self._length():
                transaction, _, length, unit = struct.unpack_from(">HHHB", self._left)
                heard.append((transaction, unit, self._left[7 : 6 + length]))
                self._left = self._left[6 + length :]
            if len(heard) >= count:
                break
            try:
                came = self.socket.recv(65_536)
            except ConnectionError:
                came = b""
            if not came:
                break
            self._left += came
        assert len(heard) <= count
        return heard

    def ask(self, unit: int, pdu: bytes) -> bytes:
        self.send(framed(7, unit, pdu))
        ((_, _, answer),) = self.answers(1)
        return answer

    def is_hung_up(self) -> bool:
        return self.answers(1) == []

    def close(self) -> None:
        self.socket.close()

    def _length(self) -> int:
        return int(struct.unpack_from(">H", self._left, 4)[0])


def framed(transaction: int, unit: int, pdu: bytes, *, protocol: int = 0, length: int | None = None) -> bytes:
    return struct.pack(">HHHB", transaction, protocol, len(pdu) + 1 if length is None else length, unit) + pdu


def read(at: int, count: int, function: int = 3) -> bytes:
    return struct.pack(">BHH", function, at, count)


@contextmanager
def served(
    images: Mapping[int, RegisterImage] | None = None, make: Callable[..., ModbusService] = ModbusService, **spec: Any
) -> Iterator[Served]:
    """The table as unit 247 unless ``images`` are given; ``spec``: fields of the settings, ``more`` for ``make``."""
    more = spec.pop("more", {})
    server = Served(images or {247: TABLE}, ModbusServerSpec(1, on=True, **spec), make, **more)
    try:
        assert eventually(lambda: server.services)
        yield server
    finally:
        server.stop()
        server.hang_up()
