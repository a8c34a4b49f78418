"""The ways to reach the units of a site: Modbus TCP, RTU over TCP and a serial line on a pseudo-terminal."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulator.gateway.modbus import TARGET_SILENT, Unit, answer, join_rtu, join_tcp, refusal, split_rtu, split_tcp

MODES = ("normal", "unplugged", "silent", "garbage")
SETTLE_S = 0.01
UNIT_MODES = ("normal", "silent", "garbage")


@dataclass(slots=True)
class GatewayConnection:
    """What every kind of gateway shares: its units, one transaction at a time, and what is wrong with it.

    turnaround_s  from the last byte of a request to the first of its answer
    now_ms        UTC ms, what the meters take for the time
    mode          "normal", "unplugged" (no port to open), "silent", "garbage" (random bytes for an answer)
    unit_modes    unit -> "silent" or "garbage"
    """

    units: Mapping[int, Unit]
    now_ms: Callable[[], int]
    turnaround_s: float = 0.0
    mode: str = "normal"
    unit_modes: dict[int, str] = field(default_factory=dict)
    answers: int = 0
    _free: float = 0.0

    def frame(self, unit: int, pdu: bytes, wrap: Callable[[bytes], bytes], absent: bytes | None) -> bytes | None:
        """What leaves the gateway for a request, as of the middle of the turn-around; None = nothing does.

        wrap    makes a frame of a response PDU
        absent  the PDU for a unit that is not there, None = it stays silent
        """
        mode = self.unit_modes.get(unit, "normal") if self.mode == "normal" else self.mode
        if mode == "silent":
            return None
        if mode == "garbage":
            return random.randbytes(random.randint(1, 40))
        known = self.units.get(unit)
        if known is None:
            return None if absent is None else wrap(absent)
        self.answers += 1
        return wrap(answer(known, pdu, self.now_ms() + round(self.turnaround_s * 500)))

    def due(self, now: float, wire_s: float = 0.0) -> float:
        """When the answer to a request that came ``now`` leaves: requests wait for one another.

        wire_s  that request and answer take beside the turn-around
        """
        self._free = max(now, self._free) + self.turnaround_s + wire_s
        return self._free


@dataclass(slots=True)
class _Port:
    """The connections of a port while it is open; who is let in at the last moment is sent away."""

    transports: set[asyncio.Transport] = field(default_factory=set)
    is_open: bool = True


class _Connection(asyncio.BufferedProtocol):
    """One master on a TCP gateway. Answers leave in the order of the requests."""

    def __init__(self, desk: GatewayConnection, port: _Port) -> None:
        self._desk = desk
        self._port = port
        self._buffer = bytearray(1024)
        self._received = bytearray()
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._port.transports.add(transport)
        if not self._port.is_open:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._port.transports.discard(self._transport)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        arrived = self._loop.time()
        self._received += memoryview(self._buffer)[:nbytes]
        for frame in self._frames():
            self._reply(arrived, frame)

    def _frames(self) -> list[bytes | None]:
        """The answer to each whole request received, None where there is none."""
        raise NotImplementedError

    def _reply(self, arrived: float, frame: bytes | None) -> None:
        due = self._desk.due(arrived)
        if frame is None:
            return
        if self._desk.turnaround_s:
            self._loop.call_at(due, self._write, frame)
        else:
            self._write(frame)

    def _write(self, frame: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(frame)


class TcpConnection(_Connection):
    """Modbus TCP: a unit that is not there is the gateway's to tell, exception 0x0B."""

    def _frames(self) -> list[bytes | None]:
        try:
            frames = split_tcp(self._received)
        except ValueError:
            self._transport.abort()
            return []
        return [self._answer(*frame) for frame in frames]

    def _answer(self, transaction: int, unit: int, pdu: bytes) -> bytes | None:
        absent = refusal(pdu[0], TARGET_SILENT)
        return self._desk.frame(unit, pdu, lambda out: join_tcp(transaction, unit, out), absent)


class RtuTcpConnection(_Connection):
    """RTU frames through a TCP socket: a unit that is not there stays silent."""

    def _frames(self) -> list[bytes | None]:
        return [rtu_answer(self._desk, unit, pdu) for unit, pdu in split_rtu(self._received)]


def rtu_answer(desk: GatewayConnection, unit: int, pdu: bytes) -> bytes | None:
    return desk.frame(unit, pdu, lambda out: join_rtu(unit, out), None)


class TcpGateway:
    """A listening port with units behind it."""

    def __init__(self, desk: GatewayConnection, host: str, port: int, connection: type[_Connection]) -> None:
        self.desk = desk
        self._host = host
        self._port = port
        self._connection = connection
        self._open = _Port()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The real one: port 0 becomes what the machine gave, and stays so."""
        return self._port

    async def plug(self) -> None:
        """raises  OSError when the port is taken"""
        port = self._open = _Port()
        self._server = await asyncio.get_running_loop().create_server(
            lambda: self._connection(self.desk, port), self._host, self._port, reuse_address=True, backlog=1024
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def unplug(self) -> None:
        if self._server is not None:
            for listening in self._server.sockets:
                asyncio.get_running_loop().remove_reader(listening.fileno())
            await asyncio.sleep(SETTLE_S)  # a server that is closed while it lets somebody in forgets to hang up
            self._server.close()
            self._server = None
            self._open.is_open = False
            for transport in list(self._open.transports):
                transport.abort()
            while self._open.transports:  # each hangs up in the loop's next turn
                await asyncio.sleep(0)
