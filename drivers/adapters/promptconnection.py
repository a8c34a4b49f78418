"""A TCP socket that never waits: whoever carries out the steps of its line waits for it, and for many others too."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from drivers.adapters.connection import (
    closed_by_peer,
    closed_on_purpose,
    prepare,
    shown_name,
    unknown_name,
    why_lost,
)
from drivers.adapters.hostroom import HostRoom
from drivers.adapters.poller import ENDED, READABLE, WRITABLE, Poller
from runtime.errors import LinkDown
from runtime.process.descriptors import check_room

Found = list[tuple[Any, ...]]  # what getaddrinfo gives
_UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK)


class PromptConnection:
    """Bytes to and from one host and port. One thread uses it; only ``wake`` is for others.

    resume  called from any thread when something came that its user may wait for
    room    for connections to one host, which many share
    """

    character_s = 0.0  # the network keeps no time of its own
    silence_s = 0.0
    repeat_s = 0.005

    def __init__(
        self, host: str, port: int, poller: Poller, resume: Callable[[], None], room: HostRoom | None = None
    ) -> None:
        self.host, self.port = host, port
        self.name = shown_name(host, port)
        self._poller, self._resume, self._room = poller, resume, room or HostRoom()
        self._took = ""  # the address that it has a place at
        self._socket: socket.socket | None = None
        self._woken = False
        self._readable = False
        self._unsent = b""
        self._connected = False
        self._ended = False  # the other side sends no more
        self._looking: list[Found | None] = []  # what a thread that looks for the name leaves here
        self._addresses: Found = []
        self._failure: LinkDown | None = None

    @property
    def is_open(self) -> bool:
        return self._connected

    # ---- steps of its user

    def begin_open(self) -> None:
        """Connect; ``opened`` says when that is done. Raises LinkDown."""
        self.hang_up()
        if self._woken:
            raise closed_on_purpose(self.name)
        self._failure, self._addresses = None, []
        if _is_literal(self.host):
            self._looking = [_resolved(self.host, self.port)]
        else:  # a name server may take its time
            self._looking = []
            threading.Thread(target=self._look_up, args=(self._looking,), name="names", daemon=True).start()

    def opened(self) -> bool:
        """Whether it is connected by now. Raises LinkDown once no address of the host answers."""
        if self._woken:
            self.hang_up()
            raise closed_on_purpose(self.name)
        if self._connected:
            return True
        if self._socket is None:
            if self._looking:
                self._addresses = self._looking.pop() or []
                if not self._addresses:
                    raise unknown_name(self.host)
            if not self._addresses and self._failure is None:
                return False  # still looking for the name
            self._try_next()
        return self._connected

    def give_up_opening(self) -> None:
        """It takes too long. Raises LinkDown unless there is another address to try."""
        self._fail(why_lost(TimeoutError(), self.name))
        if not self._addresses:
            raise self._failure or unknown_name(self.host)

    def send(self, frame: bytes, within_s: float) -> None:
        """What the other side does not take now goes out as soon as it does. Raises LinkDown."""
        link = self._open_socket()
        if self._unsent:
            self._unsent += frame
            return
        try:
            sent = link.send(frame)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self.hang_up()
            raise self._why(error) from error
        self._unsent = frame[sent:]

    def take(self, most: int) -> bytes:
        """Up to ``most`` bytes, b"" when there are none now. Raises LinkDown."""
        link = self._open_socket()
        if not self._readable:
            return b""
        try:
            taken = link.recv(most)
        except BlockingIOError:
            self._readable = False
            return b""
        except OSError as error:
            self.hang_up()
            raise self._why(error) from error
        if not taken:
            self.hang_up()
            raise closed_on_purpose(self.name) if self._woken else closed_by_peer(self.name)
        self._readable = self._ended or len(taken) == most
        return taken

    def has_ended(self) -> bool:
        """Did the other side close, as far as the poller saw?"""
        return self._ended

    def is_stuck(self) -> bool:
        """Did the other side not take all that was sent?"""
        return bool(self._unsent)

    def hang_up(self) -> None:
        self._connected = self._readable = self._ended = False
        self._unsent = b""
        link, self._socket = self._socket, None
        if link is not None:
            self._poller.unwatch(link.fileno())
            link.close()
        self._leave_room()

    def wake(self) -> None:
        """End whatever it waits for, now and in future."""
        self._woken = True
        link = self._socket
        if link is not None:
            with suppress(OSError):  # not yet connected, or gone
                link.shutdown(socket.SHUT_RDWR)
        self._resume()

    close = wake

    # ---- the poller's side

    def happened(self, events: int) -> None:
        if not self._connected:
            if events & WRITABLE and self._socket is not None:
                self._finish()
            self._resume()
            return
        if events & WRITABLE and self._unsent:
            self._send_rest()
        if events & READABLE:
            self._readable = True
            self._ended |= bool(events & ENDED)
            self._resume()

    def _finish(self) -> None:
        link = self._open_link()
        code = link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            self._fail(why_lost(_error(code), self.name))
            return
        try:
            prepare(link)
        except OSError as error:
            self._fail(why_lost(error, self.name))
            return
        self._connected = True

    def _send_rest(self) -> None:
        rest, self._unsent = self._unsent, b""
        try:
            self.send(rest, 0.0)
        except LinkDown:
            self._resume()  # its user finds out when it wants to read

    # ---- connecting

    def _try_next(self) -> None:
        while self._addresses and self._socket is None:
            family, kind, protocol, _, address = self._addresses.pop(0)
            self._take_room(address[0])
            try:
                check_room()
                link = socket.socket(family, kind, protocol)
            except OSError as error:  # no descriptor, no memory for a socket
                self._leave_room()
                raise self._why(error) from error
            link.setblocking(False)
            code = link.connect_ex(address)
            if code and code not in _UNDER_WAY:
                link.close()
                self._leave_room()
                self._failure = self._failure or why_lost(_error(code), self.name)
                continue
            self._socket = link
            self._poller.watch(link.fileno(), self)
        if self._socket is None:
            raise self._failure or unknown_name(self.host)

    def _take_room(self, address: str) -> None:
        self._room.take(address)
        self._took = address

    def _leave_room(self) -> None:
        if self._took:
            self._room.leave(self._took)
            self._took = ""

    def _fail(self, failure: LinkDown) -> None:
        self.hang_up()
        self._failure = self._failure or failure

    def _look_up(self, looking: list[Found | None]) -> None:
        looking.append(_resolved(self.host, self.port))
        self._resume()

    def _open_link(self) -> socket.socket:
        assert self._socket is not None
        return self._socket

    def _open_socket(self) -> socket.socket:
        if self._socket is None or not self._connected:
            raise LinkDown("link_lost", f"there is no connection to {self.name}")
        return self._socket

    def _why(self, error: OSError) -> LinkDown:
        return closed_on_purpose(self.name) if self._woken else why_lost(error, self.name)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _resolved(host: str, port: int) -> Found | None:
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except OSError:
        return None


def _error(code: int) -> OSError:
    return OSError(code, os.strerror(code))
