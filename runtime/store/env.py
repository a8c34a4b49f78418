"""The LMDB environment: one folder, one writer, short reads.

``sync=True`` and no writemap: after a power cut the last commit is there, whole. The map is huge from the start, so it
is never grown under open readers. Read transactions last milliseconds; everything handed out is a copy.
"""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import lmdb

from runtime.errors import StoreError
from runtime.store.records import Records

MAP_BYTES = 1 << 40 if sys.maxsize > 1 << 32 else 1 << 30  # address space only: the file grows as it is filled
TREES = ("rows", "blocks", "schemas", "ledger", "checkpoints", "bins", "records", "events")
LOCK_FILE = "writer.lock"
_NO_ROOM = tuple(os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_HARDLY_ANY = 1 << 20  # a write that was cut short for want of room is told by LMDB as an input/output error
_FORBIDDEN = tuple(os.strerror(number) for number in (errno.EACCES, errno.EROFS, errno.EPERM))


class Store:
    """An open environment. ``records`` reads by itself; rows, ledger and bins are read inside ``reading()``."""

    def __init__(self, path: Path, env: lmdb.Environment, lock: int | None, *, writable: bool) -> None:
        self.path = path
        self.env = env
        self.map_bytes: int = env.info()["map_size"]
        self._lock = lock
        self._trees = {name: env.open_db(name.encode(), create=writable) for name in TREES}
        self.damaged: set[tuple[str, bytes]] = set()  # (tree, key) of values whose check sum was wrong
        self.touched: dict[tuple[int, int], int] = {}  # (device, block start) -> last transaction that put a row there
        self.records = Records(self)

    def tree(self, name: str) -> lmdb._Database:
        return self._trees[name]

    def trees(self) -> tuple[str, ...]:
        return tuple(self._trees)

    @contextmanager
    def reading(self) -> Iterator[lmdb.Transaction]:
        """A consistent moment; keep it for milliseconds and copy what you need."""
        with translate_errors(self.path), self.env.begin(buffers=False) as txn:
            yield txn

    @contextmanager
    def writing(self) -> Iterator[lmdb.Transaction]:
        """All or nothing: committed and on disk when the block ends well, else as if it had not begun."""
        with translate_errors(self.path), self.env.begin(write=True) as txn:
            yield txn

    def note_damage(self, tree: str, key: bytes) -> None:
        """A value did not match its check sum and was left out."""
        if len(self.damaged) < 10_000:
            self.damaged.add((tree, key))

    def close(self) -> None:
        self.env.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def open_store(path: Path, *, readonly: bool = False, create: bool = True) -> Store:
    """Open the store in a folder.

    path      the folder; read only also a single file, as a backup is
    readonly  beside a server that has it open; nothing is locked
    create    make what is not there
    raises    StoreError store_locked, store_unwritable, store_missing, store_full, store_damaged
    """
    if not create and not path.is_file() and not (path / "data.mdb").exists():
        raise StoreError("store_missing", f"there is no store in {path}")
    if readonly:
        with translate_errors(path):
            return Store(path, _open(path, readonly=True), None, writable=False)
    lock = _lock(path)
    try:
        with translate_errors(path):
            return Store(path, _open(path, readonly=False), lock, writable=True)
    except BaseException:
        os.close(lock)
        raise


def _open(path: Path, *, readonly: bool) -> lmdb.Environment:
    env = lmdb.open(
        str(path), map_size=MAP_BYTES, max_dbs=16, max_readers=128, readonly=readonly, subdir=not path.is_file(),
        lock=not path.is_file(), sync=True, metasync=True, writemap=False, create=not readonly, lib_version=0,
    )  # fmt: skip
    env.reader_check()  # slots of readers that were killed keep old pages from being reused
    return env


def _lock(path: Path) -> int:
    """Hold the folder as its only writer; the kernel lets go of it when the process ends, however it ends."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = os.open(path / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError("store_unwritable", f"cannot write in {path}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(lock, 20).decode(errors="replace").strip()
        os.close(lock)
        raise StoreError("store_locked", f"{path} is in use by another server (process {holder or '?'})") from error
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def disk_left(path: Path) -> int:
    """Bytes that a store's file can grow by: what the disk has left, or the limit of file sizes."""
    folder = path if path.is_dir() else path.parent
    disk, data = os.statvfs(folder), folder / "data.mdb"
    left = disk.f_bavail * disk.f_frsize
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit != resource.RLIM_INFINITY:
        left = min(left, limit - (data.stat().st_size if data.exists() else 0))
    return max(0, left)


@contextmanager
def lock_folder(path: Path) -> Iterator[None]:
    """Be the folder's only writer for a while. Raises StoreError store_locked."""
    lock = _lock(path)
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Say LMDB's troubles in our words."""
    try:
        yield
    except (lmdb.MapFullError, lmdb.DiskError) as error:
        raise StoreError("store_full", f"no room left for {path}: {error}") from error
    except (lmdb.CorruptedError, lmdb.InvalidError, lmdb.PageNotFoundError, lmdb.VersionMismatchError) as error:
        raise StoreError("store_damaged", f"{path} is damaged: {error}") from error
    except lmdb.NotFoundError as error:
        raise StoreError("store_older", f"{path} is of an older version: let the server open it once") from error
    except lmdb.ReadonlyError as error:
        raise StoreError("store_unwritable", f"cannot write in {path}: {error}") from error
    except (lmdb.Error, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        cut_short = str(reason).endswith(os.strerror(errno.EIO)) and disk_left(path) < _HARDLY_ANY
        if cut_short or str(reason).endswith(_NO_ROOM):
            raise StoreError("store_full", f"no room left for {path}: {reason}") from error
        if isinstance(error, OSError) or str(reason).endswith(_FORBIDDEN):
            raise StoreError("store_unwritable", f"cannot write in {path}: {reason}") from error
        raise
