"""A table of another server as it is read: what to ask next, and what has come."""

from __future__ import annotations

from zlib import crc32

from runtime.core.modbus.registers import MAX_WORDS
from runtime.core.modbus.request import Request
from runtime.core.modbusserver.remoteid import ENERGY_UNIT
from runtime.core.servertree.table import HEAD_WORDS, TABLE_AT, NoTable, TableHead

HOLDING = 3


class TableReading:
    """One of the two texts: ``tree`` or ``objects``."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._head: TableHead | None = None
        self._octets = b""

    @property
    def request(self) -> Request | None:
        """What is to be read next; None = all is there."""
        if self._head is None:
            return Request(ENERGY_UNIT, HOLDING, TABLE_AT, HEAD_WORDS)
        at, words, _ = getattr(self._head, self._part)
        done = len(self._octets) // 2
        return Request(ENERGY_UNIT, HOLDING, at + done, min(MAX_WORDS, words - done)) if done < words else None

    def take(self, octets: bytes) -> None:
        """The answer to ``request``. Raises NoTable."""
        if self._head is None:
            self._head = TableHead(octets)
        else:
            self._octets += octets

    @property
    def text(self) -> bytes:
        """Raises NoTable where it changed meanwhile: it is to be read again."""
        assert self._head is not None
        if crc32(self._octets) != getattr(self._head, self._part)[2]:
            raise NoTable("it changed meanwhile")
        return self._octets
