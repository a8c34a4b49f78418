"""How long one pass over all devices of a bus takes, computed before anybody has asked them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from runtime.core.decode.compiled import CompiledMap
from runtime.core.decode.decoder import Decoder

LONG_S = 30.0  # from here on a page warns (ACQ-3)
_BITS = 11  # of a character on the wire: start, eight, parity, stop
_BAUDRATE = 19_200
_ANSWER_S = 0.02  # until a device begins to answer
_NETWORK_S = 0.02  # there and back through a gateway
_REQUEST_CHARS = 8
_REPLY_CHARS = 5  # beside two for each register
_SILENCE_CHARS = 7  # 3.5 before the request and before the reply
_EACH_ROUND = ("live", "energy")  # blocks; the others are seldom read


def cycle_time_s(url: str, maps: Iterable[Decoder], *, network: bool) -> float:
    """Seconds of one pass over Modbus devices.

    url      of the gateway; where it tells no speed a bus of 19200 bit/s is assumed
    maps     of the devices that are on
    network  the bus is behind a gateway of the network
    """
    told = parse_qs(urlsplit(url).query).get("baudrate", [""])[0]
    baudrate = int(told) if told.isdecimal() and int(told) > 0 else _BAUDRATE
    beside_s = _ANSWER_S + (_NETWORK_S if network else 0.0)
    character_s = _BITS / baudrate
    polled = [each for each in maps if isinstance(each, CompiledMap)]
    words = [block.words for each in polled for block in each.blocks if block.kind in _EACH_ROUND]
    fixed_s = beside_s + character_s * (_REQUEST_CHARS + _REPLY_CHARS + _SILENCE_CHARS)
    return sum(fixed_s + character_s * 2 * count for count in words)
