"""Backups: a generation each day, and a full compact copy on demand; both with the maps that installers filled in.

``FOLDER/backup/generation-TS.mdb`` holds everything but blocks, and lists those that belong to it; blocks never change,
so each is copied once, into ``FOLDER/backup/blocks.mdb``. A copy gets its name only when it was verified in a process
of its own and lies on the disk.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import lmdb

from runtime.errors import StoreError
from runtime.store.codec import seal
from runtime.store.env import MAP_BYTES, TREES, Store, open_store, translate_errors
from runtime.store.upkeep.child import verify_in_child
from runtime.store.upkeep.keptmaps import keep_maps

BACKUP = "backup"
BLOCKS_FILE = "blocks.mdb"
KEEP = 3
MANIFEST = b"manifest"  # tree of a generation: names of the blocks that belong to it
_BATCH = 20_000  # values in one transaction
_NAME_AT = struct.Struct("<I").size  # behind the length of a block's head: its check sum, which covers all the others


@dataclass(frozen=True, slots=True)
class Generation:
    """One daily backup."""

    file: Path
    ts: int


def list_generations(folder: Path) -> tuple[Generation, ...]:
    """Daily backups of a store, newest first."""
    found = []
    for file in (folder / BACKUP).glob("generation-*.mdb"):
        ts = file.stem.partition("-")[2]
        if ts.isdecimal():
            found.append(Generation(file, int(ts)))
    return tuple(sorted(found, key=lambda generation: -generation.ts))


def copy_whole(folder: Path, file: Path) -> None:
    """Everything in one compact file, beside a server that goes on writing. Raises StoreError."""
    part = file.with_name(f"{file.name}.part")
    with translate_errors(file), _removed_if_left(part):
        store = open_store(folder, readonly=True, create=False)
        try:
            with part.open("wb") as out:
                store.env.copyfd(out.fileno(), compact=True)
                os.fsync(out.fileno())
        finally:
            store.close()
        env = open_file(part)
        try:
            keep_maps(folder, env)
            env.sync(True)
        finally:
            env.close()
        _name(part, file)


def back_up(folder: Path, now_ts: int, *, keep: int = KEEP) -> Generation:
    """The backup of the day; older generations beyond ``keep`` go. Raises StoreError."""
    place = folder / BACKUP
    with translate_errors(place), _alone(place):
        generation = Generation(place / f"generation-{now_ts}.mdb", now_ts)
        part = place / f"generation-{now_ts}.part"
        with _removed_if_left(part):
            store = open_store(folder, readonly=True, create=False)
            try:
                _copy_generation(store, part, place / BLOCKS_FILE)
            finally:
                store.close()
            _name(part, generation.file)
        for old in list_generations(folder)[max(1, keep) :]:
            old.file.unlink()
        _drop_unlisted(folder)
    return generation


def open_file(file: Path, *, readonly: bool = False) -> lmdb.Environment:
    """One file of a backup by itself; not synced before ``sync`` is called."""
    return lmdb.open(
        str(file), map_size=MAP_BYTES, max_dbs=16, subdir=False, lock=False, readonly=readonly, create=not readonly,
        sync=False, lib_version=0,
    )  # fmt: skip


def manifest_of(env: lmdb.Environment) -> list[bytes] | None:
    """Names of the blocks that a generation lists; None in a full copy, which has them in it."""
    try:
        tree = env.open_db(MANIFEST, create=False)
    except lmdb.NotFoundError:
        return None
    with env.begin() as txn, txn.cursor(db=tree) as cursor:
        return [bytes(key) for key in cursor.iternext(values=False)]


def name_of(key: bytes, value: bytes | memoryview) -> bytes:
    """What a block is called in backups: one that was made anew has another name."""
    return key + bytes(value[_NAME_AT : _NAME_AT + 4])


def _copy_generation(store: Store, part: Path, blocks_file: Path) -> None:
    """All of one moment: the read transaction lasts as long as the copy, as LMDB's own copy does."""
    generation, kept = open_file(part), open_file(blocks_file)
    try:
        with store.env.begin(buffers=True) as txn:
            for tree in TREES:
                _copy_tree(txn, store.tree(tree) if tree != "blocks" else None, generation, tree.encode())
            _copy_blocks(store, txn, generation, kept)
        keep_maps(store.path, generation)
        for env in (kept, generation):
            env.sync(True)
    finally:
        generation.close()
        kept.close()


def _copy_tree(txn: lmdb.Transaction, source: lmdb._Database | None, target: lmdb.Environment, name: bytes) -> None:
    tree = target.open_db(name)
    if source is None:
        return
    with txn.cursor(db=source) as cursor:
        more = cursor.first()
        while more:
            with target.begin(write=True) as writing:
                for _ in range(_BATCH):
                    writing.put(cursor.key(), cursor.value(), db=tree, append=True)
                    if not (more := cursor.next()):
                        break


def _copy_blocks(store: Store, txn: lmdb.Transaction, generation: lmdb.Environment, kept: lmdb.Environment) -> None:
    manifest, tree = generation.open_db(MANIFEST), kept.open_db(b"blocks")
    with generation.begin(write=True) as listing, txn.cursor(db=store.tree("blocks")) as cursor:
        for key, value in cursor:
            name = name_of(bytes(key), value)
            listing.put(name, seal(name, "manifest", b""), db=manifest, append=True)
            with kept.begin() as reading, reading.cursor(db=tree) as there:
                has = there.set_key(name)
            if not has:
                with kept.begin(write=True) as writing:
                    writing.put(name, value, db=tree)


def _drop_unlisted(folder: Path) -> None:
    """Blocks that no generation lists any more: they were made anew, or their time is over."""
    listed: set[bytes] = set()
    for generation in list_generations(folder):
        env = open_file(generation.file, readonly=True)
        listed.update(manifest_of(env) or ())
        env.close()
    env = open_file(folder / BACKUP / BLOCKS_FILE)
    try:
        tree = env.open_db(b"blocks")
        with env.begin(write=True) as txn, txn.cursor(db=tree) as cursor:
            unlisted = [bytes(key) for key in cursor.iternext(values=False) if bytes(key) not in listed]
            for key in unlisted:
                txn.delete(key, db=tree)
        env.sync(True)
    finally:
        env.close()


def _name(part: Path, file: Path) -> None:
    """Verified in a child, on the disk, and only then under its name."""
    report = verify_in_child(part)
    if report.newer:
        raise StoreError("store_newer", report.newer)
    if not report.ok:
        first = report.complaints[0]
        raise StoreError("backup_damaged", f"the backup {file} is not whole: {first.where}: {first.what}")
    settle(part)
    os.replace(part, file)
    settle(file.parent)


def settle(path: Path) -> None:
    """Make sure that a file, or the names in a folder, lie on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _removed_if_left(part: Path) -> Iterator[None]:
    part.unlink(missing_ok=True)
    try:
        yield
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """One backup at a time, also when an earlier server's job is still at work."""
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError("backup_busy", f"a backup is being made in {place} already") from error
        yield
