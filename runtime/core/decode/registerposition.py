"""Where a counter's registers stand in the blocks of a map, so that they can be compared before and after a preset."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.modbus.request import Request
from runtime.core.source.query import Query


@dataclass(frozen=True, slots=True)
class RegisterPosition:
    """The ``CounterPosition`` of a register map: its registers, and the block that they are read with."""

    index: int
    block: int
    block_at: int
    block_words: int
    function: int
    first: int
    end: int

    @property
    def key(self) -> tuple[int, int, int]:
        return self.function, self.first, self.end

    def cut(self, query: Query, payload: bytes) -> bytes | None:
        if not isinstance(query, Request) or query.function != self.function:
            return None
        begin, size = 2 * (self.first - query.at), 2 * (self.end - self.first)
        return payload[begin : begin + size] if 0 <= begin <= len(payload) - size else None

    def pad(self, piece: bytes) -> bytes:
        begin = 2 * (self.first - self.block_at)
        return bytes(begin) + piece + bytes(2 * self.block_words - begin - len(piece))
