"""Feeds of meters from the addresses of their gateways."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from drivers.adapters.serialport import PortSettings, SerialPort
from drivers.adapters.streamfeed import StreamFeed
from drivers.api import Clock, Feed, network_feed
from drivers.gateways.url import Address, one_of
from drivers.teleinfo.framer import TicFramer
from drivers.teleinfo.seekingfeed import SeekingFeed

PORT = 2001
SPEEDS: Mapping[str, int] = MappingProxyType({"standard": 9600, "historique": 1200})


def serial_tic(url: str, clock: Clock) -> Feed:
    """Of ``tic:///dev/port``, or of one mode alone: ``?mode=standard``. Raises ConfigError.

    The port is opened with eight bits and no parity: the eighth is the parity of 7E1 then, which the framer checks; as
    7E1 a port hands on characters of wrong parity like any other.
    """
    address = Address(url, {"mode": one_of(*SPEEDS)})
    path, mode = address.path(), address.options.get("mode")
    address.done()
    speeds = [SPEEDS[mode]] if mode else list(SPEEDS.values())
    ways = [StreamFeed(SerialPort(PortSettings(path, speed, "N", 1)), TicFramer, clock) for speed in speeds]
    return SeekingFeed(ways, clock)


def network_tic(url: str, clock: Clock) -> Feed:
    """Of ``tic+tcp://host:port``: a converter, which has the speed. Raises ConfigError."""
    return network_feed(url, clock, TicFramer, port=PORT)
