"""Full backups on another medium: a stick, a disk, a share that is mounted somewhere.

Copies go into a folder of their own on it. That folder is made when the medium is chosen: where it is not there later,
the medium is not there either, and nothing is written into an empty mount point.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from runtime.errors import StoreError
from runtime.process.namedpath import is_plain, is_straight, make_folder, try_writing
from runtime.store.env import Store, disk_left, translate_errors
from runtime.store.records import expect_known
from runtime.store.upkeep.backup import copy_whole

RECORD = ("settings", "medium")
PLACE = "wattkeeper-backup"
EVERY_DAYS = (1, 7, 30)
MOST_KEPT = 100
_LONGEST_TS = 12  # digits


@dataclass(frozen=True, slots=True)
class Medium:
    """Where full copies go, how often, and how many of them stay. ``folder`` "" = nowhere."""

    folder: str = ""
    every_days: int = 7
    keep: int = 4


@dataclass(frozen=True, slots=True)
class Copy:
    """A full backup on the medium."""

    file: Path
    ts: int


def medium_of(store: Store) -> Medium:
    record = store.records.get(*RECORD)
    with expect_known("the choice of a medium"):
        return Medium(**record) if isinstance(record, dict) else Medium()


def as_record(medium: Medium) -> dict[str, Any] | None:
    """None where there is none to keep."""
    return asdict(medium) if medium.folder else None


def prepare(data: Path, folder: str) -> None:
    """Make a folder the place of backups. Raises StoreError medium_missing, medium_inside, medium_unwritable."""
    target = Path(folder)
    if not is_straight(target) or not target.is_dir():
        raise StoreError("medium_missing", f"there is no folder {folder}, or a link leads there")
    if target.resolve().is_relative_to(data.resolve()):
        raise StoreError("medium_inside", f"{folder} lies in the data folder itself")
    try:
        make_folder(target / PLACE)
        try_writing(target / PLACE)
    except OSError as error:
        raise StoreError("medium_unwritable", f"cannot write in {folder}: {error.strerror}") from error


def copies(folder: str) -> tuple[Copy, ...]:
    """Full backups on a medium, newest first; none where it is not there, or where links lead there."""
    found: list[Copy] = []
    if not is_straight(Path(folder) / PLACE):
        return ()
    for file in (Path(folder) / PLACE).glob("full-*.mdb"):
        ts = file.stem.partition("-")[2]
        if ts.isdecimal() and ts.isascii() and len(ts) <= _LONGEST_TS and is_plain(file):
            found.append(Copy(file, int(ts)))
    return tuple(sorted(found, key=lambda copy: -copy.ts))


def copy_to(data: Path, folder: str, now_ts: int, *, keep: int) -> Copy:
    """A full compact copy, verified and on the medium; older ones beyond ``keep`` go.

    raises  StoreError medium_missing, medium_full, and what ``copy_whole`` raises
    """
    place = Path(folder) / PLACE
    if not is_straight(place) or not place.is_dir():
        raise StoreError("medium_missing", f"{folder} is not there, or is not the medium that was chosen")
    with translate_errors(place):
        needed, left = (data / "data.mdb").stat().st_size, disk_left(place)
        if left < needed:
            raise StoreError("medium_full", f"{folder} has {left >> 20} MB left, {needed >> 20} MB may be needed")
        made = Copy(place / f"full-{now_ts}.mdb", now_ts)
        copy_whole(data, made.file)
        for old in copies(folder)[max(1, keep) :]:
            old.file.unlink()
    return made
