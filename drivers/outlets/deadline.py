"""Connections that end in time: everything that one delivery does on the network has one deadline."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from runtime.errors import DeliveryFailed

DELIVERY_S = 20.0
PIECE = 64 * 1024


class Deadline:
    """Since its making. ``monotonic`` gives seconds that never step."""

    def __init__(self, monotonic: Callable[[], float], within_s: float = DELIVERY_S) -> None:
        self._monotonic, self._until = monotonic, monotonic() + within_s

    def left_s(self) -> float:
        """Raises DeliveryFailed outlet_timeout when it has passed."""
        left_s = self._until - self._monotonic()
        if left_s <= 0:
            raise DeliveryFailed("outlet_timeout", "no answer in time")
        return left_s


class Connection:
    """One connection, in plain or by TLS. A server that gives a byte now and then gets no longer than another."""

    def __init__(self, host: str, port: int, deadline: Deadline) -> None:
        """Raises DeliveryFailed."""
        self._host, self._deadline = host, deadline
        with translated(host):
            self._socket: socket.socket = socket.create_connection((host, port), timeout=deadline.left_s())

    def encrypt(self) -> None:
        """From now on by TLS, with a certificate of this host that the machine trusts. Raises DeliveryFailed."""
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        with translated(self._host):
            self._socket.settimeout(self._deadline.left_s())
            self._socket = context.wrap_socket(self._socket, server_hostname=self._host)

    def send(self, content: bytes) -> None:
        """Raises DeliveryFailed."""
        view = memoryview(content)
        while view:
            with translated(self._host):
                self._socket.settimeout(self._deadline.left_s())
                view = view[self._socket.send(view[:PIECE]) :]

    def receive(self) -> bytes:
        """Some bytes, b"" = it was closed. Raises DeliveryFailed."""
        with translated(self._host):
            self._socket.settimeout(self._deadline.left_s())
            return self._socket.recv(PIECE)

    def close(self) -> None:
        self._socket.close()


@contextmanager
def translated(host: str) -> Iterator[None]:
    """Troubles of the network in our words."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise DeliveryFailed("outlet_certificate", f"{host}: {error.verify_message}") from None
    except TimeoutError:
        raise DeliveryFailed("outlet_timeout", f"{host} did not answer in time") from None
    except ssl.SSLError as error:
        raise DeliveryFailed("outlet_answer", f"{host} speaks no TLS there: {error.reason or error}") from None
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DeliveryFailed("outlet_unreachable", f"{host}: {reason}") from None
