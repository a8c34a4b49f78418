"""The Modbus server on the event loop: lets masters in, answers them from the images of the moment."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from functools import partial

from actors.modbusserver.board import ImageBoard
from actors.modbusserver.connection import BUFFER_BYTES, Answered, Connection
from actors.modbusserver.masters import Masters
from actors.modbusserver.pace import Pace
from actors.modbusserver.passing import Passing
from runtime.clock import Clock
from runtime.core.modbus.answer import RegisterImage
from runtime.core.modbus.identityanswer import answer_identification
from runtime.core.modbus.request import Request
from runtime.core.modbus.serverresource import ModbusServerSpec, is_allowed
from runtime.core.modbusserver.identity import identities
from runtime.loop.service import Failed

LOOK_S = 0.5
BACKLOG = 512


class ModbusService:
    """A service on the process's event loop; all that it is given is called in its thread."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        listener: socket.socket,
        board: ImageBoard,
        spec: ModbusServerSpec,
        clock: Clock,
        version: str,
        post: Callable[[str, object], bool],
        on_stranger: Callable[[str], None],
        on_write: Callable[[str, int, int], None],
        on_written: Callable[[str, Request, int], None],
        *,
        others_s: Callable[[], float] | None = None,
    ) -> None:
        """``on_write`` hears of refused writes, ``on_written`` of those that went to the bus, as ``Passing`` says.

        ``others_s``: CPU seconds of the other threads; None = as the machine counts them.
        """
        self._loop, self._listener, self._board, self._spec, self._clock = loop, listener, board, spec, clock
        self._on_stranger, self._on_write = on_stranger, on_write
        self._identities, self.now = identities(version), loop.time
        self._passing = Passing(loop, spec, post, clock.monotonic, on_write, on_written)
        self._masters = Masters(spec.connections, spec.idle_s)
        self._pace, self.is_slow = Pace(others_s or _others_s, loop.time()), False
        self._server: asyncio.Server | None = None
        self._looking: asyncio.Task[None] | None = None

    async def start(self, failed: Failed) -> None:
        buffer = bytearray(BUFFER_BYTES)
        self._server = await self._loop.create_server(
            lambda: Connection(self, buffer, self._loop.time()), sock=self._listener, backlog=BACKLOG
        )
        self._looking = self._loop.create_task(self._look())
        self._looking.add_done_callback(partial(_report, failed))

    async def stop(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        if self._server is not None:
            await self._let_in(self._server)
            self._server.close()
        self._listener.close()  # of a start that failed
        for connection in self._masters:
            connection.close()
        await asyncio.sleep(0)  # connections hear of their end

    async def _let_in(self, server: asyncio.Server) -> None:
        """Nobody is accepted any more; asyncio would forget the socket of one who is not yet a connection."""
        for listener in server.sockets:
            self._loop.remove_reader(listener)
        await asyncio.sleep(0)  # its transport is made
        await asyncio.sleep(0)  # it enters

    # ---- what connections ask

    def image(self, unit: int) -> RegisterImage | None:
        return self._board.images.get(unit)

    def enter(self, connection: Connection, address: str) -> bool:
        allowed = is_allowed(address, self._spec)
        if not allowed:
            self._on_stranger(address)
        return self._masters.enter(connection, address, is_allowed=allowed)

    def leave(self, connection: Connection) -> None:
        self._masters.leave(connection)

    def rest_s(self, connection: Connection, answers: int) -> float:
        return self._pace.rest_s(connection.address, answers)

    def wake(self, connection: Connection, after_s: float) -> None:
        self._loop.call_later(after_s, connection.end_rest)

    def note_write(self, connection: Connection, unit: int, function: int) -> None:
        self._on_write(connection.address, unit, function)

    def identify(self, unit: int, pdu: bytes) -> bytes:
        return answer_identification(pdu, self._identities[unit])

    def pass_through(self, connection: Connection, unit: int, pdu: bytes, answered: Answered) -> bytes | None:
        return self._passing.pass_through(connection.address, unit, pdu, answered)

    async def _look(self) -> None:
        while True:
            now = self._loop.time()
            self._masters.close_idle(now)
            self._pace.look(self._masters, now)
            self.is_slow = self._pace.is_slow
            self._board.masters = self._masters.states(now, self._clock.now_ms())
            self._board.refused = self._masters.refused
            await asyncio.sleep(LOOK_S)


def _others_s() -> float:
    """In the thread of the event loop."""
    return time.process_time() - time.thread_time()


def _report(failed: Failed, looking: asyncio.Task[None]) -> None:
    """Without its look no idle connection would be closed any more."""
    error = None if looking.cancelled() else looking.exception()
    if error is not None:
        failed(error)
