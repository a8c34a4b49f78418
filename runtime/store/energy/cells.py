"""Reading bins fast: cells decoded once and sums over slots made once, as long as nothing changed."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter

import lmdb

from runtime.core.energy.bins import SLOTS, Cell
from runtime.core.quantity.quality import Quality
from runtime.store.codec import Damaged, open_bytes
from runtime.store.energy.bins import KEY, decode
from runtime.store.env import Store

MOST_KEPT = 4096  # cells, about 2 KB each
MOST_SUMS = 32  # of one cell

Sum = tuple[int, bool, int]  # value, whether any is known, worst quality
NOTHING: Sum = (0, False, int(Quality.GOOD))


class Choice:
    """Slots of one chunk of devices."""

    __slots__ = ("_pick", "chunk", "mask")

    def __init__(self, chunk: int, slots: list[int]) -> None:
        self.chunk = chunk
        self.mask = sum(1 << slot for slot in slots)
        one = slice(slots[0], slots[0] + 1)  # itemgetter of a single index gives no tuple
        self._pick = itemgetter(one) if len(slots) == 1 else itemgetter(*slots)

    def of(self, cell: Cell) -> Sum:
        if not cell.known & self.mask:
            return NOTHING
        value_n = sum(self._pick(cell.values_n))  # slots that are not known hold 0
        if not cell.doubts:
            return value_n, True, int(Quality.GOOD)
        doubts = [doubt for slot, doubt in cell.doubts.items() if self.mask >> slot & 1]
        return value_n, True, max(doubts, default=int(Quality.GOOD))


@lru_cache(maxsize=1024)
def choices_of(devices: tuple[int, ...]) -> tuple[Choice, ...]:
    """The slots of some devices, by chunk."""
    chunks: dict[int, list[int]] = {}
    for device in devices:
        chunks.setdefault(device // SLOTS, []).append(device % SLOTS)
    return tuple(Choice(chunk, slots) for chunk, slots in chunks.items())


class Kept:
    """A cell as it was decoded, and what was summed up of it."""

    __slots__ = ("cell", "raw", "sums")

    def __init__(self, raw: bytes, cell: Cell) -> None:
        self.raw, self.cell = raw, cell
        self.sums: dict[object, object] = {}

    def sum(self, choice: Choice) -> Sum:
        found = self.sums.get(choice)
        if found is None:
            found = self.remember(choice, choice.of(self.cell))
        assert isinstance(found, tuple)
        return found

    def remember(self, what: object, sums: object) -> object:
        if len(self.sums) >= MOST_SUMS:
            self.sums.clear()
        self.sums[what] = sums
        return sums


class Cells:
    """The cells of a store; any thread may read. What was kept is used as long as the store holds the same bytes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tree = store.tree("bins")
        self._kept: dict[bytes, Kept] = {}

    def get(self, txn: lmdb.Transaction, period: int, ordinal: int, lane: int, chunk: int) -> Kept | None:
        """One cell, not to be changed; None where nothing is stored or it is damaged (which is noted)."""
        if not 0 <= ordinal <= 0xFFFF_FFFF:
            return None
        key = KEY.pack(period, ordinal, lane, chunk)
        raw = txn.get(key, db=self._tree)
        if raw is None:
            return None
        kept = self._kept.get(key)
        return kept if kept is not None and kept.raw == raw else self._decoded(key, bytes(raw))

    def keys(
        self, txn: lmdb.Transaction, period: int, ordinal: int, first: int, last: int
    ) -> Iterable[tuple[int, int]]:
        """(lane, chunk) of the cells of one bin whose lane lies in [first, last]."""
        if not 0 <= ordinal <= 0xFFFF_FFFF:
            return []
        found, end = [], KEY.pack(period, ordinal, last, 0xFF)
        with txn.cursor(db=self._tree) as cursor:
            more = cursor.set_range(KEY.pack(period, ordinal, first, 0))
            while more and (key := bytes(cursor.key())) <= end:
                found.append(KEY.unpack(key)[2:])
                more = cursor.next()
        return found

    def _decoded(self, key: bytes, raw: bytes) -> Kept | None:
        try:
            kept = Kept(raw, decode(open_bytes(key, raw, "bin")))
        except (Damaged, struct.error, ValueError, IndexError):
            self._store.note_damage("bins", key)
            return None
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = kept
        return kept
