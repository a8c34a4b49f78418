"""Writing the store's file anew without the room that became free in it: at a start, since nobody may have it open."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from runtime.errors import StoreError
from runtime.store.env import disk_left, lock_folder, translate_errors
from runtime.store.upkeep.backup import settle
from runtime.store.upkeep.child import run_job

log = logging.getLogger("wattkeeper.store")

DATA = "data.mdb"
MARK = "shrink.wanted"


def want(folder: Path) -> None:
    """Do it at the next start."""
    with translate_errors(folder):
        (folder / MARK).touch()


def is_wanted(folder: Path) -> bool:
    return (folder / MARK).exists()


def shrink_if_wanted(folder: Path) -> int:
    """Bytes that were freed; 0 when nobody wanted it, or when it failed: then all is as it was. Once only."""
    if not is_wanted(folder):
        return 0
    (folder / MARK).unlink()
    try:
        freed = shrink(folder)
    except StoreError as error:
        log.error("%s: %s", error.code, error.message)
        return 0
    log.info("the store was written anew: %d MB are free", freed >> 20)
    return freed


def shrink(folder: Path) -> int:
    """Bytes that were freed.

    raises  StoreError store_locked, store_missing, store_full, backup_damaged: nothing was changed then
    """
    data, new = folder / DATA, folder / f"{DATA}.new"
    if not data.exists():
        raise StoreError("store_missing", f"there is no store in {folder}")
    with lock_folder(folder), translate_errors(folder):
        before = data.stat().st_size
        if disk_left(folder) < before:
            raise StoreError("store_full", f"{before >> 20} MB are needed for the new file in {folder}")
        try:
            run_job("copy", folder, new)  # verified in the child
            os.replace(new, data)
            settle(folder)
            (folder / "lock.mdb").unlink(missing_ok=True)
        finally:
            new.unlink(missing_ok=True)
        return before - data.stat().st_size
