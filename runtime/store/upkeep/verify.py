"""Is what lies in the store whole? Runs in a process of its own: LMDB aborts on damaged pages (``runtime/cli/job.py``).

What is found is told at once, one ``Complaint`` after the other, so that what was found before an abort is not lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import lmdb

from runtime.core.clock.timegrid import DAY_S
from runtime.core.energy.bins import Period
from runtime.core.site.installation import Installation
from runtime.core.site.sitezone import zone_of
from runtime.errors import StoreError
from runtime.store.codec import Damaged, is_whole, version_of
from runtime.store.energy.bins import KEY as BIN_KEY
from runtime.store.energy.phantoms import phantoms_by_device
from runtime.store.env import Store, open_store
from runtime.store.meta import check_meta
from runtime.store.migration.versions import NEWEST, describe_key, kind_at, newer_text
from runtime.store.object.site import installation_of
from runtime.store.sample.blocks import KEY as BLOCK_KEY
from runtime.store.sample.blocks import Block, Blocks, block_version
from runtime.store.sample.rows import KEY as ROW_KEY
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.accountsums import check_accounts
from runtime.store.upkeep.sums import Tally, check_ledgers, check_lengths, check_rows

ENERGY = "energy that can have been used"
GRAVE = ("records", "schemas", "ledger")  # without these the server would have to guess
QUICK_S = 2 * DAY_S


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something that is not as it should be.

    grave  the server cannot go on with it
    code   of the error, where it was one; "store_newer" is no fault of the file: a newer program wrote it
    """

    where: str
    what: str
    grave: bool = False
    code: str = ""


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


@dataclass(frozen=True, slots=True)
class WrongEnergy:
    """Energy that was booked and cannot have been used: the store is whole, and a bill is wrong.

    id     names it for whoever takes it back
    cause  a kind of ``core.phantom.phantom``
    """

    id: str
    device: int
    name: str
    quantity: str
    cause: str
    start_ts: int
    end_ts: int
    booked_n: int
    right_n: int
    most_n: int


Told = Complaint | Progress | Counted | WrongEnergy


def verify(folder: Path, *, quick: bool = False, from_ts: int = 0, energy_from_ts: int = 0) -> Iterator[Told]:
    """Look at everything; ``quick``: meta pages, records, ledger, the newest two days, and the newest of all others.

    folder          a store's folder, or a single file of a backup
    from_ts         bins before it are not compared with rows
    energy_from_ts  energy before it is not asked whether it can have been used
    """
    yield Progress("meta pages")
    if wrong := check_meta(folder if folder.is_file() else folder / "data.mdb"):
        yield Complaint("data.mdb", wrong, grave=True)
        return
    try:
        store = open_store(folder, readonly=True, create=False)
    except StoreError as error:
        yield Complaint("data.mdb", error.message, grave=True, code=error.code)
        return
    try:
        with store.reading() as txn:
            yield from _quick(store, txn) if quick else _whole(store, txn, from_ts, energy_from_ts)
    except StoreError as error:
        yield Complaint("data.mdb", error.message, grave=True, code=error.code)
    finally:
        store.close()


def _quick(store: Store, txn: lmdb.Transaction) -> Iterator[Told]:
    for tree in GRAVE:
        yield from _check_sums(store, txn, tree)
    with txn.cursor(db=store.tree("rows")) as cursor:
        newest_ts = ROW_KEY.unpack(cursor.key())[0] if cursor.last() else 0
    yield from _check_sums(store, txn, "rows", ROW_KEY.pack(max(0, newest_ts - QUICK_S), 0))
    yield from _check_newest(store, txn)


def _check_newest(store: Store, txn: lmdb.Transaction) -> Iterator[Told]:
    """Bins of the newest year, each device's newest block, checkpoint and event: a newer program writes those."""
    with txn.cursor(db=store.tree("bins")) as cursor:
        behind = BIN_KEY.pack(Period.YEAR + 1, 0, 0, 0)
        found = cursor.prev() if cursor.set_range(behind) else cursor.last()
        year = BIN_KEY.unpack(cursor.key())[1] if found and len(cursor.key()) == BIN_KEY.size else 0
    yield from _check_sums(store, txn, "bins", BIN_KEY.pack(Period.YEAR, year, 0, 0))
    for device in list(Blocks(store).devices(txn)):
        with txn.cursor(db=store.tree("blocks")) as cursor:
            if cursor.prev() if cursor.set_range(BLOCK_KEY.pack(device, 0xFFFF_FFFF)) else cursor.last():
                yield from _check_value("blocks", bytes(cursor.key()), bytes(cursor.value()))
    for tree in ("checkpoints", "events"):
        with txn.cursor(db=store.tree(tree)) as cursor:
            if cursor.last():
                yield from _check_value(tree, bytes(cursor.key()), bytes(cursor.value()))


def _whole(store: Store, txn: lmdb.Transaction, from_ts: int, energy_from_ts: int) -> Iterator[Told]:
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
    yield from _wrong_energies(store, txn, site, energy_from_ts)


def _wrong_energies(store: Store, txn: lmdb.Transaction, site: Installation, from_ts: int) -> Iterator[Told]:
    """What an older version booked and nobody can have used, or whatever else looks like it."""
    yield Progress(ENERGY)
    names = {device.id: device.name for device in site.devices}
    devices = 0
    for device, listed in phantoms_by_device(store, txn, Rows(store), site, from_ts):
        devices += 1
        for each in listed:
            phantom = each.phantom
            yield WrongEnergy(
                each.id, device, names.get(device, ""), each.quantity, phantom.kind, phantom.start_ts, phantom.end_ts,
                phantom.booked_n, phantom.right_n, phantom.most_n,
            )  # fmt: skip
    yield Counted(ENERGY, devices)


def _check_sums(store: Store, txn: lmdb.Transaction, tree: str, since: bytes = b"") -> Iterator[Told]:
    yield Progress(tree)
    count = 0
    with txn.cursor(db=store.tree(tree)) as cursor:
        more = cursor.set_range(since) if since else cursor.first()
        while more:
            count += 1
            key, value = bytes(cursor.key()), bytes(cursor.value())
            wrong = list(_check_value(tree, key, value))
            yield from wrong
            more = cursor.next() and not any(complaint.code for complaint in wrong)  # one says it of all of its tree
    yield Counted(tree, count)


def _check_value(tree: str, key: bytes, value: bytes) -> Iterator[Complaint]:
    if tree == "blocks":
        yield from _block_complaints(key, value)
    elif not is_whole(key, value):
        yield Complaint(describe_key(tree, key), "does not match its check sum", tree in GRAVE)
    elif (version := version_of(value)) > NEWEST.get(kind_at(tree, key), version):
        yield _newer(tree, key, version)


def _newer(tree: str, key: bytes, version: int) -> Complaint:
    what = newer_text(version, NEWEST[kind_at(tree, key)])
    return Complaint(describe_key(tree, key), what, grave=True, code="store_newer")


def _block_complaints(key: bytes, value: bytes) -> Iterator[Complaint]:
    try:
        block = Block(key, value, lambda *_: None)
    except Damaged:
        yield Complaint(describe_key("blocks", key), "its head does not match its check sum")
        return
    except StoreError:
        yield _newer("blocks", key, block_version(value))
        return
    for column in block.damaged_columns():
        yield Complaint(describe_key("blocks", key), f"column {'.'.join(column)} does not match its check sum")
