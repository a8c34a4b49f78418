"""Feeds from the address of a gateway, for those who write schemes of devices that speak by themselves.

What opens a wire is imported when one is made: to import ``drivers.api`` needs no library of any wire.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drivers.feed import Feed, Framer
from runtime.clock import Clock


def network_feed(url: str, clock: Clock, framer: Callable[[], Framer], *, port: int) -> Feed:
    """Of ``scheme://host:port``; ``port`` where it names none. Raises ConfigError."""
    from drivers.adapters.connection import Connection
    from drivers.adapters.streamfeed import StreamFeed
    from drivers.gateways.url import Address

    address = Address(url, {})
    connection = Connection(address.host(), address.port(port))
    address.done()
    return StreamFeed(connection, framer, clock)


def serial_feed(
    url: str, clock: Clock, framer: Callable[[], Framer], *, baudrate: int, parity: str = "E", stopbits: int = 1
) -> Feed:
    """Of ``scheme:///dev/port?baudrate=…&parity=…&stopbits=…``; the arguments are what it does not name.

    Raises ConfigError.
    """
    from drivers.adapters.serialport import PortSettings, SerialPort
    from drivers.adapters.streamfeed import StreamFeed
    from drivers.gateways.url import Address, one_of, whole

    readers = {"baudrate": whole(300, 4_000_000), "parity": one_of("N", "E", "O"), "stopbits": one_of("1", "2")}
    address = Address(url, readers)
    path = address.path()
    address.done()
    given: dict[str, Any] = {"baudrate": baudrate, "parity": parity, "stopbits": stopbits, **address.options}
    settings = PortSettings(path, given["baudrate"], given["parity"], int(given["stopbits"]))
    return StreamFeed(SerialPort(settings), framer, clock)
