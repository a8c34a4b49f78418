"""One client's connection: what it does when the client is gone before the transport knows."""

from __future__ import annotations

import errno
from typing import Any, cast

from webui.front.connection import Connection


class Reset:
    """A transport whose client has reset the connection, of which it has not heard yet."""

    def __init__(self) -> None:
        self.is_closed = False

    def is_closing(self) -> bool:
        return self.is_closed

    def write_eof(self) -> None:
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    def close(self) -> None:
        self.is_closed = True


def test_a_connection_that_its_client_has_reset_is_closed_without_a_word() -> None:
    nobody = cast(Any, None)
    connection, transport = Connection(nobody, nobody, bytearray(1), None), Reset()
    connection._transport = cast(Any, transport)
    connection.finish()
    assert transport.is_closed
    connection.finish()
