"""The server that stations call, on the event loop: lets them in, hears them, sees whether they are there.

What strangers and stations may cost is bounded: connections, bytes of a message, messages in a second.
"""

from __future__ import annotations

import asyncio
import http
import itertools
import socket
import ssl
from collections.abc import Callable
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from drivers.callers import Callers
from drivers.ocpp.admission import Admission, header_of
from drivers.ocpp.pace import Pace
from drivers.ocpp.session import Session
from drivers.ocpp.silentlogger import SILENT
from drivers.ocpp.v16 import Station16
from drivers.ocpp.v201 import Station201
from runtime.clock import Clock
from runtime.core.ocpp.resource import OcppServerSpec, listed
from runtime.loop.service import Failed

VERSIONS: dict[Subprotocol, Callable[[Session, Any], Any]] = {
    Subprotocol("ocpp2.0.1"): Station201,
    Subprotocol("ocpp1.6"): Station16,
}
CONNECTIONS, OF_ONE_ADDRESS = 300, 64  # at once
MESSAGE_BYTES = 64 * 1024
WAITING_MESSAGES = 16
OPEN_S, CLOSE_S = 5.0, 0.5
BEAT_S, ANSWER_S = 2.0, 3.0  # a sign of life is asked for so often, and is there within
BOOT_S = 3.0  # a station that did not begin anew says nothing by itself
NO_VERSION, NO_TEXT, NO_MESSAGE = 1002, 1003, 1002
_NOT_OURS = (TypeError, ValueError, LookupError, AttributeError, RecursionError)  # what a mad message leads to


class OcppService:
    """A service on the event loop; all that it is given is called in its thread.

    password_of  of a configured station, "" = it may not come in
    on_refused   takes the address of who was refused, and the status
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, listener: socket.socket, tls: ssl.SSLContext | None,
        spec: OcppServerSpec, clock: Clock, callers: Callers, password_of: Callable[[str], str],
        on_refused: Callable[[str, int], None], *, boot_s: float = BOOT_S,
    ) -> None:  # fmt: skip
        self._loop, self._listener, self._tls, self._spec = loop, listener, tls, spec
        self._clock, self._callers, self._on_refused = clock, callers, on_refused
        self._admission, self._boot_s = Admission(password_of), boot_s
        self._server: Server | None = None
        self._connections: dict[Any, str] = {}  # all there are, with their address
        self._transactions = itertools.count(clock.now_ts())

    async def start(self, failed: Failed) -> None:
        service = self

        class Entering(ServerConnection):
            """Counted from its first byte on."""

            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                super().connection_made(transport)
                service.enter(self, transport)

            def connection_lost(self, exc: Exception | None) -> None:
                service.leave(self)
                super().connection_lost(exc)

        self._server = await serve(
            self._serve, sock=self._listener, ssl=self._tls, create_connection=Entering, process_request=self._admit,
            subprotocols=list(VERSIONS), select_subprotocol=_version_of, compression=None, server_header=None,
            logger=SILENT, open_timeout=OPEN_S, ping_interval=None, close_timeout=CLOSE_S,
            max_size=MESSAGE_BYTES, max_queue=WAITING_MESSAGES,
            ssl_handshake_timeout=OPEN_S if self._tls else None,
        )  # fmt: skip

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close(close_connections=False)
            await asyncio.sleep(0)  # its port is let go first
        self._listener.close()  # of a start that failed
        for connection in tuple(self._connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # connections hear of their end

    # ---- coming in

    def enter(self, connection: Any, transport: Any) -> None:
        address = str((transport.get_extra_info("peername") or ("unknown",))[0])
        there = sum(each == address for each in self._connections.values())
        self._connections[connection] = address
        if len(self._connections) > CONNECTIONS or there >= OF_ONE_ADDRESS:
            self._on_refused(address, http.HTTPStatus.SERVICE_UNAVAILABLE)
            transport.abort()

    def leave(self, connection: Any) -> None:
        self._connections.pop(connection, None)

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        address, headers = self._connections.get(connection, "unknown"), request.headers
        authorization = header_of(headers, "Authorization")
        path = request.path.partition("?")[0]
        identity, status = self._admission.judge(path, authorization, address, self._clock.now_ms())
        if identity:
            connection.username = identity
            return None
        self._on_refused(address, status)
        answer = connection.respond(status, f"{status.phrase}\n")
        if status == http.HTTPStatus.UNAUTHORIZED:
            answer.headers["WWW-Authenticate"] = 'Basic realm="OCPP"'
        return answer

    # ---- a station that is in

    async def _serve(self, connection: ServerConnection) -> None:
        make, identity = VERSIONS.get(connection.subprotocol or Subprotocol("")), connection.username
        if make is None:
            await connection.close(NO_VERSION, "expected ocpp1.6 or ocpp2.0.1")
            return
        begin = self._transactions.__next__
        session = Session(identity, self._loop, self._clock, self._callers, self._spec, begin)
        session.station = make(session, connection)
        session.connection, session.address = connection, self._connections.get(connection, "")
        before = self._callers.enter(identity, session)
        if before is not None:
            before.connection.transport.abort()
        try:
            session.go_on(self._beat(session, connection))
            session.go_on(self._prepare(session))
            await self._hear(session, connection)
        except ConnectionClosed:
            return
        finally:
            self._callers.leave(identity, session)
            session.end()

    async def _hear(self, session: Session, connection: ServerConnection) -> None:
        pace, station = Pace(self._loop.time()), session.station
        assert station is not None
        async for message in connection:
            session.heard()
            if not isinstance(message, str):
                await connection.close(NO_TEXT)
                return
            try:
                await station.route_message(message)
            except _NOT_OURS:
                await connection.close(NO_MESSAGE, "this is no message of OCPP")
                return
            if rest_s := pace.rest_s(self._loop.time()):
                await asyncio.sleep(rest_s)

    async def _beat(self, session: Session, connection: ServerConnection) -> None:
        """Whoever does not answer a ping in time is gone, whatever the network believes."""
        while True:
            try:
                await asyncio.wait_for(await connection.ping(), ANSWER_S)
            except TimeoutError:
                connection.transport.abort()
                return
            session.heard()
            await asyncio.sleep(BEAT_S)

    async def _prepare(self, session: Session) -> None:
        """Once it began; one that only lost its connection is asked how it is."""
        until = self._loop.time() + self._boot_s
        while not session.is_booted and self._loop.time() < until:
            await asyncio.sleep(min(0.1, self._boot_s))
        if session.station is not None:
            await session.station.configure(listed(self._spec.badges), booted=session.is_booted)


def _version_of(connection: ServerConnection, offered: Any) -> Any:
    """The newest that both speak; who offers none is told so once it is in."""
    return next((version for version in VERSIONS if version in offered), None)
