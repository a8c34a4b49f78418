"""One client's connection: bytes in and out, through TLS where that is spoken."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable
from functools import partial
from typing import cast

from webui.front.connections import Connections
from webui.front.http.forward import Peer
from webui.front.http.hosts import client_network, plain_address
from webui.front.http.refusal import Refused
from webui.front.protocol import HttpProtocol
from webui.front.shared import Shared
from webui.front.tls.context import NotTls, Tls

BUFFER_BYTES = 64 * 1024
_READ_S = 0.000_04  # of processor time, for the loop to see that something came
_AT_ONCE = struct.pack("ii", 1, 0)
_NOT_TLS = Refused(400, "https_only", "This port speaks HTTPS: the address begins with https.")


class Connection(asyncio.BufferedProtocol):
    """Made for each client that connects.

    buffer   shared by all connections of the loop: what is in it is taken out before the next one reads
    context  gives the TLS settings of the moment, None for plain HTTP
    by_peek  its address has spent its part; it may say who it is all the same
    """

    def __init__(
        self,
        house: Shared,
        crowd: Connections,
        buffer: bytearray,
        context: Callable[[], ssl.SSLContext] | None,
        *,
        by_peek: bool = False,
    ) -> None:
        self._house, self._crowd, self._context, self._by_peek = house, crowd, context, by_peek
        self._buffer, self._view = buffer, memoryview(buffer)
        self._tls: Tls | None = None
        self._listens, self._is_paced, self._waits_for = True, False, ""
        self._has_turn = False  # it waited for its next request
        self._has_ended = False  # the client
        self._is_finished = False  # we
        self.address = ""

    @property
    def idle_since(self) -> float | None:
        return self._conversation.idle_since

    @property
    def due(self) -> float:
        return self._conversation.due

    def leave(self) -> None:
        self.abort()

    def overdue(self) -> None:
        self._conversation.overdue()

    # ---- what asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        name, local = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        if not name or not local:  # it left at once
            self.abort()
            return
        scheme = "http" if self._context is None else "https"
        peer = Peer(plain_address(name[0]), name[1], scheme, plain_address(local[0]))
        self.address = client_network(peer.address)
        self._is_paced = not self._house.proxies.is_known(peer.address)
        self._conversation = HttpProtocol(self, self._house, peer)
        if self._context is not None:
            self._tls = Tls(self._context())
        if not self._crowd.enter(self):
            self.abort()

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self.charge_for(partial(self._take, bytes(self._view[:nbytes])))
        self.may_go_on()

    def _take(self, data: bytes) -> None:
        if self._tls is None:
            self._conversation.received(data)
            return
        try:
            plain = self._tls.decrypt(data)
        except NotTls:
            self._tls = None
            self._conversation.refuse(_NOT_TLS)
            return
        except ssl.SSLError:
            self._send_encrypted()  # the alert that says why
            self._conversation.lost()
            self._transport.close()
            return
        self._send_encrypted()
        if plain:
            self._conversation.received(plain)
        if self._tls.is_over and not self.eof_received():
            self._transport.close()

    def eof_received(self) -> bool:
        """True keeps the way out open: an answer is still owed."""
        self._has_ended = True
        return self._conversation.ended()

    def pause_writing(self) -> None:
        self._conversation.full()

    def resume_writing(self) -> None:
        self._conversation.drained()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        if self.address:
            self._crowd.left(self)
            self._conversation.lost()

    # ---- what the conversation wants

    def write(self, data: bytes) -> None:
        if self._transport.is_closing():
            return
        if self._tls is None:
            self._transport.write(data)
            return
        self._tls.encrypt(data)
        self._send_encrypted()

    def finish(self) -> None:
        if self._transport.is_closing() or self._is_finished:
            return
        self._is_finished = True
        if self._tls is not None:
            self._tls.say_goodbye()
            self._send_encrypted()
        if self._has_ended:
            self._transport.close()
            return
        try:
            self._transport.write_eof()
        except OSError:  # the client has reset it, of which the transport has not heard yet
            self._transport.close()
            return
        self.listen(on=True)  # to hear the client's end; closing at once could swallow what it has not read yet

    def abort(self) -> None:
        """At once, with what is still waiting in the kernel."""
        if not self._transport.is_closing():
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._transport.abort()

    def listen(self, *, on: bool) -> None:
        if on != self._listens and not self._transport.is_closing():
            self._listens = on
            self._hear()

    def may_go_on(self) -> bool:
        if self._waits_for:
            return False
        if not self._is_paced or self._conversation.is_known:
            return True
        if (self._by_peek and self._house.pacer.may_peek(self.address)) or self._house.pacer.may(self.address):
            return True
        self.wait_for(self.address)
        return False

    def may_begin(self, address: str) -> bool:
        has_turn, self._has_turn = self._has_turn, False
        return has_turn or self._house.pacer.may(address)

    def charge_for(self, act: Callable[[], None]) -> None:
        began = self._house.spent()
        act()
        if self._is_paced and not self._conversation.is_known:
            self._house.pacer.charge(self.address, self._house.spent() - began + _READ_S, peek=self._by_peek)

    def wait_for(self, address: str) -> None:
        if self._transport.is_closing():
            return
        self._waits_for, self._by_peek, self._has_turn = address, False, False
        self._house.pacer.wait(address, self._go_on)
        self._conversation.held()
        self._hear()

    def _go_on(self) -> None:
        self._waits_for, self._has_turn = "", True
        self._hear()
        self.charge_for(self._conversation.resume)

    def _wait_no_more(self) -> None:
        if self._waits_for:
            self._house.pacer.forget(self._waits_for, self._go_on)
            self._waits_for = ""

    def _hear(self) -> None:
        """Read if both want it: whoever is served next, and the budget of who sends."""
        if not self._transport.is_closing():
            wanted = self._listens and not self._waits_for
            (self._transport.resume_reading if wanted else self._transport.pause_reading)()

    def _send_encrypted(self) -> None:
        assert self._tls is not None
        if data := self._tls.outgoing():
            self._transport.write(data)
