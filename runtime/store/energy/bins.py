"""Bins as they lie in the store: 120 devices in one value below LMDB's overflow size, the quantities of a bin together.

Key: period u8, ordinal u32, quantity u16, chunk u8 (all BE): what a cycle changes lies in few pages. Content: width u8,
slots u8, doubts u8, mask of the slots that have a value, the lowest bytes of all values, then the next, as many as the
widest needs (all eight where one is negative), then (slot, quality) where it is not good.
"""

from __future__ import annotations

import struct
import sys
from array import array

import lmdb

from runtime.core.energy.bins import SLOTS, Address, Cell, Period
from runtime.store.codec import Damaged, open_bytes, seal
from runtime.store.env import Store

LARGEST = 2_000  # bytes; LMDB puts values over 2,024 on pages of their own
KEY = struct.Struct(">BIHB")
_HEAD = struct.Struct("<BBB")
_WIDEST = 8
_BIG_ENDIAN = sys.byteorder == "big"


def get_cell(store: Store, txn: lmdb.Transaction, period: int, ordinal: int, quantity: int, chunk: int) -> Cell | None:
    """A copy of one cell; None where nothing is stored or it is damaged (which is noted)."""
    if not 0 <= ordinal <= 0xFFFF_FFFF:
        return None
    key = KEY.pack(period, ordinal, quantity, chunk)
    value = txn.get(key, db=store.tree("bins"))
    if value is None:
        return None
    try:
        return decode(open_bytes(key, bytes(value), "bin"))
    except (Damaged, struct.error, ValueError, IndexError):
        store.note_damage("bins", key)
        return None


def has_energy(store: Store, txn: lmdb.Transaction, quantity: int, device: int) -> bool:
    """Whether anything was ever booked of a device: years are few, so they are looked through."""
    chunk, slot = divmod(device, SLOTS)
    with txn.cursor(db=store.tree("bins")) as cursor:
        more = cursor.set_range(KEY.pack(Period.YEAR, 0, 0, 0))
        years = set()
        while more and (found := KEY.unpack(cursor.key()))[0] == Period.YEAR:
            years.add(found[1])
            more = cursor.set_range(KEY.pack(Period.YEAR, found[1] + 1, 0, 0))
    cells = (get_cell(store, txn, Period.YEAR, year, quantity, chunk) for year in sorted(years))
    return any(cell is not None and cell.known >> slot & 1 for cell in cells)


def encode(cell: Cell) -> bytes:
    used = cell.used
    values: array[int] = cell.values_n[:used]
    if _BIG_ENDIAN:
        values.byteswap()
    raw = values.tobytes()
    width = _width(cell.values_n, used)
    planes = b"".join(raw[place::_WIDEST] for place in range(width))
    doubts = bytes(byte for pair in sorted(cell.doubts.items()) for byte in pair)
    mask = cell.known.to_bytes((used + 7) // 8, "little")
    return _HEAD.pack(width, used, len(cell.doubts)) + mask + planes + doubts


def decode(content: bytes) -> Cell:
    width, used, doubts = _HEAD.unpack_from(content)
    at = _HEAD.size + (used + 7) // 8
    known = int.from_bytes(content[_HEAD.size : at], "little")
    raw = bytearray(_WIDEST * SLOTS)
    for place in range(width):
        raw[place : _WIDEST * used : _WIDEST] = content[at + place * used : at + (place + 1) * used]
    values: array[int] = array("q", bytes(raw))
    if _BIG_ENDIAN:
        values.byteswap()
    end = at + width * used
    pairs = content[end : end + 2 * doubts]
    return Cell(values, known, dict(zip(pairs[::2], pairs[1::2], strict=True)))


def _width(values_n: array[int], used: int) -> int:
    """Bytes that each value needs."""
    if not used:
        return 0
    return _WIDEST if min(values_n) < 0 else (max(values_n).bit_length() + 7) // 8


class Tally:
    """Bins being changed within one write transaction; ``flush`` writes them."""

    def __init__(self, store: Store, txn: lmdb.Transaction) -> None:
        self._store = store
        self._txn = txn
        self._cells: dict[tuple[int, int, int, int], Cell] = {}

    def add(self, at: Address, quantity: int, device: int, energy_n: int, quality: int) -> None:
        """Book energy of one device into the four bins of its moment."""
        chunk, slot = divmod(device, SLOTS)
        self.cell(Period.HOUR, at.hour, quantity, chunk).add(slot, energy_n, quality)
        self.cell(Period.DAY, at.day, quantity, chunk).add(slot, energy_n, quality)
        self.cell(Period.MONTH, at.month, quantity, chunk).add(slot, energy_n, quality)
        self.cell(Period.YEAR, at.year, quantity, chunk).add(slot, energy_n, quality)

    def cell(self, period: int, ordinal: int, quantity: int, chunk: int) -> Cell:
        at = (period, ordinal, quantity, chunk)
        cell = self._cells.get(at)
        if cell is None:
            cell = self._cells[at] = get_cell(self._store, self._txn, *at) or Cell()
        return cell

    def peek(self, period: int, ordinal: int, quantity: int, chunk: int) -> Cell:
        """As ``cell``, to be looked at only: what is not there stays not there."""
        at = (period, ordinal, quantity, chunk)
        return self._cells.get(at) or get_cell(self._store, self._txn, *at) or Cell()

    def flush(self) -> None:
        tree = self._store.tree("bins")
        for at in sorted(self._cells):
            key = KEY.pack(*at)
            self._txn.put(key, seal(key, "bin", encode(self._cells[at])), db=tree)
        self._cells.clear()
