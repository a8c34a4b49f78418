"""What a disk may hold after a power cut, made from the journal of a writer.

Writes that were synced are there. Of those that were not, any may be there: none, the first few, some of them in any
order, or torn into sectors of 512 bytes of which each is old or new.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512
WRITE, SYNC, TRUNCATE, SAID, MSYNC = range(1, 6)
MODES = ("none", "prefix", "subset", "reordered", "torn")
_HEAD = struct.Struct("@IIQQ")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. ``dsync``: on the disk when the call returned."""

    kind: int
    dsync: bool
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class CrashState:
    """A file as a power cut may leave it, and up to where samples had been acknowledged by then."""

    content: bytes
    acknowledged_ts: int
    mode: str
    at: int  # entry of the journal during which the power failed


def read_journal(file: Path) -> list[Entry]:
    entries, content, at = [], file.read_bytes(), 0
    while at < len(content):
        kind, dsync, offset, length = _HEAD.unpack_from(content, at)
        at += _HEAD.size
        written = content[at : at + length] if kind in (WRITE, SAID) else b""
        at += len(written)
        entries.append(Entry(kind, bool(dsync), offset, written))
    return entries


def crash_states(entries: list[Entry], count: int, dice: random.Random) -> Iterator[CrashState]:
    """``count`` states, each at a random moment after the store was opened; all modes in turn."""
    assert not any(entry.kind == MSYNC for entry in entries), "the store does not write through its map"
    opened = next(at for at, entry in enumerate(entries) if entry.kind == SAID)
    moments = sorted(dice.choices(_unsettled(entries, opened), k=count))
    disk, pending, acknowledged_ts = bytearray(), list[Entry](), 0
    at = 0
    for number, moment in enumerate(moments):
        for entry in entries[at:moment]:
            acknowledged_ts = _take(entry, disk, pending) or acknowledged_ts
        at = max(at, moment)
        mode = MODES[number % len(MODES)]
        in_flight = [entries[moment]] if entries[moment].kind == WRITE else []
        yield CrashState(_after_cut(disk, pending + in_flight, mode, dice), acknowledged_ts, mode, moment)


def _unsettled(entries: list[Entry], opened: int) -> list[int]:
    """Moments at which something is under way."""
    found, pending = [], 0
    for at, entry in enumerate(entries):
        pending = 0 if entry.kind == SYNC else pending + (entry.kind == WRITE and not entry.dsync)
        if at > opened and (pending or entry.kind in (WRITE, SAID)):
            found.append(at)
    return found


def _take(entry: Entry, disk: bytearray, pending: list[Entry]) -> int:
    """Let an entry happen; returns what it acknowledged."""
    if entry.kind == SAID:
        return int(entry.content.split()[-1])
    if entry.kind == SYNC:
        for write in pending:
            _write(disk, write.offset, write.content)
        pending.clear()
    elif entry.kind == TRUNCATE:
        disk[entry.offset :] = bytes(max(0, entry.offset - len(disk)))
    elif entry.dsync:
        for write in [write for write in pending if _overlap(entry, write)]:  # the same page of the cache goes along
            pending.remove(write)
            _write(disk, write.offset, write.content)
        _write(disk, entry.offset, entry.content)
    else:
        pending.append(entry)
    return 0


def _after_cut(disk: bytearray, pending: list[Entry], mode: str, dice: random.Random) -> bytes:
    left = bytearray(disk)
    if mode == "prefix":
        pending = pending[: dice.randint(0, len(pending))]
    elif mode != "none":
        pending = [write for write in pending if dice.random() < 0.5]
    if mode == "reordered":
        dice.shuffle(pending)
    for write in pending if mode != "none" else ():
        for at, piece in _pieces(write, mode, dice):
            _write(left, at, piece)
    return bytes(left)


def _pieces(write: Entry, mode: str, dice: random.Random) -> Iterator[tuple[int, bytes]]:
    if mode != "torn":
        yield write.offset, write.content
        return
    at = 0
    while at < len(write.content):
        length = SECTOR - (write.offset + at) % SECTOR
        if dice.random() < 0.5:
            yield write.offset + at, write.content[at : at + length]
        at += length


def _write(disk: bytearray, offset: int, content: bytes) -> None:
    if len(disk) < offset:
        disk.extend(bytes(offset - len(disk)))
    disk[offset : offset + len(content)] = content


def _overlap(a: Entry, b: Entry) -> bool:
    return a.offset < b.offset + len(b.content) and b.offset < a.offset + len(a.content)
