"""How much room is left: on the disk, under the limit of file sizes, and in LMDB's map.

Samples stop first, while there is still room for what must not stop: ledgers, bins, records and events, which mostly
overwrite pages that are there already.
"""

from __future__ import annotations

from runtime.store.env import Store, disk_left

RESERVE_BYTES = 32 << 20  # samples of two days; years of ledgers and bins
AGAIN = 1.25  # times the reserve have to be free before samples are recorded again


def room_left(store: Store) -> int:
    """Bytes that the store can still grow by. Pages that are free inside the file come on top."""
    used = store.env.info()["last_pgno"] * store.env.stat()["psize"]
    return max(0, min(disk_left(store.path), store.map_bytes - used))


def is_short(store: Store, was_short: bool) -> bool:
    """Is it time to stop recording samples, or not yet time to begin again?"""
    reserve = min(RESERVE_BYTES, store.map_bytes // 8)
    return room_left(store) < reserve * (AGAIN if was_short else 1.0)
