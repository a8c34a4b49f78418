"""Is what lies in the store whole? Runs in a process of its own: LMDB aborts on damaged pages (``runtime/cli/job.py``).

What is found is told at once, one ``Complaint`` after the other, so that what was found before an abort is not lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import lmdb

from runtime.core.clock.timegrid import DAY_S
from runtime.core.site.sitezone import zone_of
from runtime.errors import StoreError
from runtime.store.codec import Damaged, is_whole
from runtime.store.env import Store, open_store
from runtime.store.meta import check_meta
from runtime.store.object.site import installation_of
from runtime.store.sample.blocks import KEY as BLOCK_KEY
from runtime.store.sample.blocks import Block
from runtime.store.sample.rows import KEY as ROW_KEY
from runtime.store.upkeep.accountsums import check_accounts
from runtime.store.upkeep.sums import Tally, check_ledgers, check_lengths, check_rows

GRAVE = ("records", "schemas", "ledger")  # without these the server would have to guess
QUICK_S = 2 * DAY_S


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something that is not as it should be. ``grave``: the server cannot go on with it."""

    where: str
    what: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What is looked at next."""

    at: str


@dataclass(frozen=True, slots=True)
class Counted:
    """At the end of a part: how many were compared and how many cannot be, since there are no rows."""

    what: str
    compared: int
    not_checkable: int = 0


Told = Complaint | Progress | Counted


def verify(folder: Path, *, quick: bool = False, from_ts: int = 0) -> Iterator[Told]:
    """Look at everything; ``quick``: meta pages, records, ledger, the newest two days.

    folder   a store's folder, or a single file of a backup
    from_ts  bins before it are not compared with rows
    """
    yield Progress("meta pages")
    if wrong := check_meta(folder if folder.is_file() else folder / "data.mdb"):
        yield Complaint("data.mdb", wrong, grave=True)
        return
    try:
        store = open_store(folder, readonly=True, create=False)
    except StoreError as error:
        yield Complaint("data.mdb", error.message, grave=True)
        return
    try:
        with store.reading() as txn:
            yield from _quick(store, txn) if quick else _whole(store, txn, from_ts)
    except StoreError as error:
        yield Complaint("data.mdb", error.message, grave=True)
    finally:
        store.close()


def _quick(store: Store, txn: lmdb.Transaction) -> Iterator[Told]:
    for tree in GRAVE:
        yield from _check_sums(store, txn, tree)
    with txn.cursor(db=store.tree("rows")) as cursor:
        newest_ts = ROW_KEY.unpack(cursor.key())[0] if cursor.last() else 0
    yield from _check_sums(store, txn, "rows", ROW_KEY.pack(max(0, newest_ts - QUICK_S), 0))


def _whole(store: Store, txn: lmdb.Transaction, from_ts: int) -> Iterator[Told]:
    damaged = 0
    for tree in store.trees():
        for told in _check_sums(store, txn, tree):
            damaged += isinstance(told, Complaint) and told.grave
            yield told
    if damaged:
        return  # the sums of what is not known cannot be right
    site = installation_of(store)
    zone = zone_of(site)
    parts: tuple[tuple[str, Callable[[], Tally]], ...] = (
        ("hours, days, months, years", lambda: check_lengths(store, txn, zone)),
        ("tariffs", lambda: check_accounts(store, txn, site)),
        ("ledgers", lambda: check_ledgers(store, txn, zone)),
        ("bins and rows", lambda: check_rows(store, txn, zone, from_ts)),
    )
    for what, check in parts:
        yield Progress(what)
        tally = check()
        for mismatch in tally.mismatches:
            yield Complaint(what, str(mismatch))
        yield Counted(what, tally.compared, tally.not_checkable)


def _check_sums(store: Store, txn: lmdb.Transaction, tree: str, since: bytes = b"") -> Iterator[Told]:
    yield Progress(tree)
    count = 0
    with txn.cursor(db=store.tree(tree)) as cursor:
        more = cursor.set_range(since) if since else cursor.first()
        while more:
            count += 1
            key, value = bytes(cursor.key()), bytes(cursor.value())
            if tree == "blocks":
                yield from _block_complaints(key, value)
            elif not is_whole(key, value):
                yield Complaint(_describe_key(tree, key), "does not match its check sum", tree in GRAVE)
            more = cursor.next()
    yield Counted(tree, count)


def _block_complaints(key: bytes, value: bytes) -> Iterator[Complaint]:
    try:
        block = Block(key, value, lambda *_: None)
    except Damaged:
        yield Complaint(_describe_key("blocks", key), "its head does not match its check sum")
        return
    for column in block.damaged_columns():
        yield Complaint(_describe_key("blocks", key), f"column {'.'.join(column)} does not match its check sum")


def _describe_key(tree: str, key: bytes) -> str:
    """Where that is, in words where the key has some."""
    if tree == "rows" and len(key) == ROW_KEY.size:
        start_ts, device = ROW_KEY.unpack(key)
        return f"rows: device {device}, slot {start_ts}"
    if tree == "blocks" and len(key) == BLOCK_KEY.size:
        device, start_ts = BLOCK_KEY.unpack(key)
        return f"blocks: device {device}, four weeks from {start_ts}"
    if tree == "ledger" and len(key) == 2:
        return f"ledger: device {int.from_bytes(key, 'big')}"
    if tree == "records":
        return f"records: {key.decode(errors='replace').replace(chr(0), ' ')}"
    return f"{tree}: {key.hex()}"
