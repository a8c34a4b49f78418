"""What archivist and recorder say to each other: the one makes, the other, being the only writer, keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import runtime.store.sample.compaction as compaction
from runtime.store.energy.checkpoints import keep_checkpoint, thin_checkpoints
from runtime.store.env import Store
from runtime.store.sample.compaction import CompactedBlock
from runtime.store.upkeep.backupmedium import Medium

ARCHIVIST = "archivist"
SWEPT_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class KeepBlock:
    """Put this block in the place of its rows. Archivist -> recorder."""

    made: CompactedBlock


@dataclass(frozen=True, slots=True)
class BlockKept:
    """Done, or not since a row has come meanwhile. Recorder -> archivist."""

    device: int
    start_ts: int
    kept: bool


@dataclass(frozen=True, slots=True)
class SweepRows:
    """Delete some of the rows that gave way to blocks, from behind a key on. Archivist -> recorder."""

    now_ts: int
    after: bytes


@dataclass(frozen=True, slots=True)
class RowsSwept:
    """Done up to that key, b"" = to the end. Recorder -> archivist."""

    after: bytes


@dataclass(frozen=True, slots=True)
class KeepCheckpoint:
    """Keep where the ledgers stand, and thin out what was kept before. Archivist -> recorder."""

    ts: int


@dataclass(frozen=True, slots=True)
class BackUpNow:
    """A backup, and one on the medium where there is one, as soon as what is at work is done. Web -> archivist."""


@dataclass(frozen=True, slots=True)
class Verify:
    """Look whether all is whole, as each night. Web -> archivist."""


@dataclass(frozen=True, slots=True)
class Optimise:
    """Pack what can be packed, and free the room that was left. Web -> archivist."""


@dataclass(frozen=True, slots=True)
class SetMedium:
    """Where full copies go from now on. Web -> archivist; answered with True when it was tried and is kept.

    Refused with medium_missing, medium_inside, medium_unwritable.
    """

    medium: Medium
    author: str
    reply: Any


Archiving = KeepBlock | SweepRows | KeepCheckpoint


def archive(store: Store, asked: Archiving) -> BlockKept | RowsSwept | None:
    """Do it in a transaction of its own; what the archivist is told of it. Raises StoreError."""
    with store.writing() as txn:
        match asked:
            case KeepBlock(made=made):
                return BlockKept(made.device, made.start_ts, compaction.keep(store, txn, made))
            case SweepRows(now_ts=now_ts, after=after):
                _, after = compaction.sweep(store, txn, now_ts, after, most=SWEPT_AT_ONCE)
                return RowsSwept(after)
            case KeepCheckpoint(ts=ts):
                keep_checkpoint(store, txn, ts)
                thin_checkpoints(store, txn, ts)
                return None
