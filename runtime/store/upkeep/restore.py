"""Putting a backup in the place of the store: by hand, or at the start when the live file is damaged.

The new file is made whole beside the old one and takes its name in one step; the old one is kept aside.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import lmdb

from runtime.errors import StoreError
from runtime.process.namedpath import is_plain
from runtime.store.env import lock_folder, translate_errors
from runtime.store.sample.blocks import KEY
from runtime.store.upkeep.backup import BLOCKS_FILE, MANIFEST, list_generations, manifest_of, name_of, open_file, settle
from runtime.store.upkeep.child import Report, verify_in_child
from runtime.store.upkeep.keptmaps import put_back_maps, take_maps

DATA = "data.mdb"
KEEP_ASIDE = 3
QUICK_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done.

    aside    where the file before is, None where there was none
    missing  blocks that are in no backup
    maps     files of own meters that were missing and are back
    """

    source: Path
    aside: Path | None
    missing: int = 0
    why: str = ""
    maps: tuple[str, ...] = ()


def restore(file: Path, folder: Path, *, why: str = "") -> Restored:
    """Make a backup the store of a folder.

    file     a full copy, or a generation beside its blocks
    raises   StoreError store_locked (a server runs on it), store_missing, backup_damaged, store_newer: nothing was
             changed then
    """
    if not is_plain(file):
        raise StoreError("store_missing", f"there is no backup {file}, or it is a link")
    with lock_folder(folder), translate_errors(folder):
        report = verify_in_child(file)
        if report.newer:
            raise StoreError("store_newer", f"{file}: {report.newer}")
        if not report.ok:
            raise StoreError("backup_damaged", f"{file} is not whole: {_first(report)}")
        new = folder / f"{DATA}.new"
        try:
            missing, kept = _assemble(file, new)
            report = verify_in_child(new)
            if not report.ok:
                raise StoreError("backup_damaged", f"what was made of {file} is not whole: {_first(report)}")
            settle(new)
            maps = put_back_maps(kept, folder)
            aside = _swap(folder, new)
        finally:
            new.unlink(missing_ok=True)
    return Restored(file, aside, missing, why, maps)


def ensure_whole(folder: Path) -> Restored | None:
    """Before the store is opened: None when it can be, else the newest backup that is whole has been put in its place.

    raises  StoreError store_damaged when there is none; store_newer when a newer program wrote it: then it is neither
            damaged nor replaced by a backup. Nothing was changed
    """
    (folder / f"{DATA}.new").unlink(missing_ok=True)  # of a restore that was cut off
    if (folder / DATA).exists():
        report = verify_in_child(folder, quick=True, timeout_s=QUICK_WITHIN_S)
        if report.newer:
            raise StoreError("store_newer", f"{folder / DATA}: {report.newer}")
        if not report.grave:
            return None
        why = "; ".join(f"{complaint.where}: {complaint.what}" for complaint in report.grave)
    elif not list_generations(folder):
        return None  # a new server
    else:
        why = f"{DATA} is missing"
    for generation in list_generations(folder):
        try:
            return restore(generation.file, folder, why=why)
        except StoreError as error:
            if error.code != "backup_damaged":
                raise
    advice = "restore a backup ('wattkeeper restore FILE'), or move the folder away to begin anew"
    raise StoreError("store_damaged", f"{folder / DATA} is damaged and there is no whole backup: {why}; {advice}")


def _assemble(file: Path, new: Path) -> tuple[int, dict[str, bytes]]:
    """A generation with its blocks, or a full copy as it is; (how many blocks are missing, maps that were kept)."""
    shutil.copyfile(file, new)
    env = open_file(new)
    try:
        names = manifest_of(env)
        missing = _add_blocks(env, names, file.with_name(BLOCKS_FILE)) if names is not None else 0
        maps = take_maps(env)
        env.sync(True)
    finally:
        env.close()
    return missing, maps


def _add_blocks(env: lmdb.Environment, names: list[bytes], blocks_file: Path) -> int:
    if names and not is_plain(blocks_file):
        raise StoreError("backup_damaged", f"the blocks of this backup are missing: {blocks_file}")
    blocks, missing = env.open_db(b"blocks"), 0
    if names:
        kept = open_file(blocks_file, readonly=True)
        try:
            tree = kept.open_db(b"blocks", create=False)
            for name in names:
                key = name[: KEY.size]
                with kept.begin() as reading:
                    value = reading.get(name, db=tree)
                if value is None or name_of(key, value) != name:
                    missing += 1
                    continue
                with env.begin(write=True) as txn:
                    txn.put(key, value, db=blocks, append=True)
        finally:
            kept.close()
    with env.begin(write=True) as txn:
        txn.drop(env.open_db(MANIFEST, txn=txn), delete=True)
    return missing


def _swap(folder: Path, new: Path) -> Path | None:
    """At each moment there is a whole file under the store's name."""
    data, aside = folder / DATA, None
    if data.exists():
        numbers = [int(number) for _, number in _asides(folder)]
        aside = folder / f"{DATA}.aside-{max(numbers, default=0) + 1}"
        os.link(data, aside)
    os.replace(new, data)
    settle(folder)
    (folder / "lock.mdb").unlink(missing_ok=True)
    for old, _ in _asides(folder)[:-KEEP_ASIDE]:
        old.unlink()
    return aside


def _asides(folder: Path) -> list[tuple[Path, str]]:
    """Files put aside and their numbers, oldest first."""
    found = [(file, file.name.rpartition("-")[2]) for file in folder.glob(f"{DATA}.aside-*")]
    return sorted((pair for pair in found if pair[1].isdecimal()), key=lambda pair: int(pair[1]))


def _first(report: Report) -> str:
    return f"{report.complaints[0].where}: {report.complaints[0].what}"
