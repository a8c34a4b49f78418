"""How much room is left: on the disk, under the limit of file sizes, and in LMDB's map.

Samples stop first, while there is still room for what must not stop: ledgers, bins, records and events, which mostly
overwrite pages that are there already.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from runtime.store.env import Store, disk_left

RESERVE_BYTES = 32 << 20  # samples of two days; years of ledgers and bins
IO = Path("/proc/self/io")
AGAIN = 1.25  # times the reserve have to be free before samples are recorded again


def room_left(store: Store) -> int:
    """Bytes that the store can still grow by. Pages that are free inside the file come on top."""
    used = store.env.info()["last_pgno"] * store.env.stat()["psize"]
    return max(0, min(disk_left(store.path), store.map_bytes - used))


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes: the store's file, what of it is free for new values, what it can still grow by."""

    file: int
    free: int
    room: int


def sizes(store: Store) -> Sizes:
    with store.reading() as txn:
        stats = [store.env.stat(), *(txn.stat(store.tree(name)) for name in store.trees())]
    used = sum((one["branch_pages"] + one["leaf_pages"] + one["overflow_pages"]) * one["psize"] for one in stats)
    file = (store.path / "data.mdb").stat().st_size if store.path.is_dir() else store.path.stat().st_size
    return Sizes(file, max(0, file - used), room_left(store))


def written_bytes(io: Path = IO) -> int | None:
    """What this process and the children that it waited for wrote to the disk; None where nobody counts it."""
    try:
        lines = io.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.partition(":")[2]) for line in lines if line.startswith("write_bytes")), None)


def is_short(store: Store, was_short: bool) -> bool:
    """Is it time to stop recording samples, or not yet time to begin again?"""
    reserve = min(RESERVE_BYTES, store.map_bytes // 8)
    return room_left(store) < reserve * (AGAIN if was_short else 1.0)
