"""A blocking TCP socket with time-outs in the kernel, which another thread may wake up.

Time-outs are socket options: one system call per read, no ``select``, any number of file descriptors.
"""

from __future__ import annotations

import errno
import math
import socket
import struct

from runtime.errors import LinkDown
from runtime.process.descriptors import check_room

CONNECT_S = 3.0
_SEND_STEP_MS = 250  # so that a time-out that is learnt again and again costs no system call each time
_OPTIONS = (  # no waiting for more bytes to send; a peer that is gone is noticed after a minute
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 30),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
)
_TIMEVAL = struct.Struct("ll")
SHORT = {errno.EMFILE: "descriptor", errno.ENFILE: "descriptor", errno.ENOMEM: "memory", errno.ENOBUFS: "memory"}
_UNREACHABLE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN)


class Connection:
    """Bytes to and from one host and port. One user; only ``wake`` is for other threads."""

    character_s = 0.0  # the network keeps no time of its own
    silence_s = 0.0
    repeat_s = 0.005

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.name = shown_name(host, port)
        self._socket: socket.socket | None = None
        self._woken = False
        self._wait_ms = self._send_ms = 0

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    def open(self) -> None:
        """Connect within CONNECT_S. Raises LinkDown."""
        self.hang_up()
        try:
            check_room()
        except OSError as error:
            raise self._why(error) from error
        try:
            addresses = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise unknown_name(self.host) from error
        failure: LinkDown | None = None
        for family, kind, protocol, _, address in addresses:
            try:
                return self._connect(socket.socket(family, kind, protocol), address)
            except LinkDown as error:
                failure = failure or error
            except OSError as error:  # no descriptor, no memory for a socket
                raise self._why(error) from error
        raise failure or LinkDown("link_unknown", f"the name {self.host} has no address")

    def _connect(self, fresh: socket.socket, address: object) -> None:
        self._socket = fresh  # from here on ``wake`` reaches it
        try:
            if self._woken:
                raise self._on_purpose()
            fresh.settimeout(CONNECT_S)
            fresh.connect(address)  # type: ignore[arg-type]  # what getaddrinfo gave for this family
            fresh.settimeout(None)
            prepare(fresh)
        except OSError as error:
            self.hang_up()
            raise self._why(error) from error
        except LinkDown:
            self.hang_up()
            raise
        self._wait_ms = self._send_ms = 0

    def send(self, frame: bytes, within_s: float) -> None:
        """Raises LinkDown, and hangs up, when the other side does not take the bytes in about that time."""
        send_ms = _SEND_STEP_MS * max(1, math.ceil(within_s * 1000 / _SEND_STEP_MS))
        try:
            link = self._open_socket()
            if send_ms != self._send_ms:
                link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(send_ms))
                self._send_ms = send_ms
            link.sendall(frame)
        except OSError as error:
            self.hang_up()
            raise self._why(error) from error

    def receive(self, most: int, wait_s: float) -> bytes:
        """Up to ``most`` bytes as soon as there are any; b"" when none came in time. Raises LinkDown."""
        wait_ms = int(wait_s * 1000)
        if wait_ms <= 0:
            return self._take(most, socket.MSG_DONTWAIT)
        if wait_ms != self._wait_ms:
            self._open_socket().setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _timeval(wait_ms))
            self._wait_ms = wait_ms
        return self._take(most, 0)

    def _take(self, most: int, flags: int) -> bytes:
        try:
            taken = self._open_socket().recv(most, flags)
        except BlockingIOError:
            return b""
        except OSError as error:
            self.hang_up()
            raise self._why(error) from error
        if not taken:
            self.hang_up()
            raise self._on_purpose() if self._woken else closed_by_peer(self.name)
        return taken

    def has_ended(self) -> bool:
        """Did the other side close while nothing was asked? Looked at without waiting."""
        try:
            return self._open_socket().recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def wake(self) -> None:
        """End whatever call waits, now and in future."""
        self._woken = True
        connected = self._socket
        if connected is None:
            return
        try:
            connected.shutdown(socket.SHUT_RDWR)
        except OSError:  # gone already, or not yet connected: then connect's own time-out ends it
            return

    def _open_socket(self) -> socket.socket:
        if self._socket is None:
            raise LinkDown("link_lost", f"there is no connection to {self.name}")
        return self._socket

    def _on_purpose(self) -> LinkDown:
        return closed_on_purpose(self.name)

    def _why(self, error: OSError) -> LinkDown:
        return self._on_purpose() if self._woken else why_lost(error, self.name)


def closed_on_purpose(name: str) -> LinkDown:
    return LinkDown("link_closed", f"the connection to {name} was closed on purpose")


def closed_by_peer(name: str) -> LinkDown:
    return LinkDown("link_lost", f"{name} closed the connection")


def unknown_name(host: str) -> LinkDown:
    return LinkDown("link_unknown", f"the name {host} is not known here: check it and the DNS")


def why_lost(error: OSError, name: str) -> LinkDown:
    """What an error of a socket means, and what can be done."""
    if isinstance(error, ConnectionRefusedError):
        return LinkDown("link_refused", f"{name} refuses the connection: check the port, and what serves it")
    if isinstance(error, TimeoutError | BlockingIOError):
        return LinkDown("link_timeout", f"{name} takes no connection or no bytes: check its power and address")
    if error.errno in SHORT:
        return LinkDown("machine_short", f"no {SHORT[error.errno]} left to reach {name}")
    if error.errno in _UNREACHABLE:
        return LinkDown("link_unreachable", f"there is no way to {name}: check cables, address and network")
    return LinkDown("link_lost", f"the connection to {name} broke: {error.strerror or error}")


def shown_name(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def prepare(connected: socket.socket) -> None:
    """Set what each of our connections has. Raises OSError."""
    for level, option, value in _OPTIONS:
        connected.setsockopt(level, option, value)


def _timeval(milliseconds: int) -> bytes:
    return _TIMEVAL.pack(milliseconds // 1000, milliseconds % 1000 * 1000)
