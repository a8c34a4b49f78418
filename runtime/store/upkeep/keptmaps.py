"""Maps that installers filled in (``FOLDER/maps``) go with each backup, and come back with it.

They lie in a tree of the backup's file. A file that is missing is put back; one that is there stays as it is: it may
have been mended since.
"""

from __future__ import annotations

import os
from pathlib import Path

import lmdb

from runtime.core.text.edge import text_fault
from runtime.process.namedpath import make_folder, read_plain, write_plain
from runtime.store.codec import Damaged, open_bytes, seal

MAPS = "maps"
_TREE = b"maps"
_LONGEST_NAME = 100
_MOST_BYTES = 1 << 20  # no form fills more: what is larger is none of ours


def keep_maps(folder: Path, env: lmdb.Environment) -> None:
    """Into the file of a backup, in one step. A file that cannot be read is left out: the server tells it anyway."""
    tree = env.open_db(_TREE)
    with env.begin(write=True) as txn:
        for file in sorted((folder / MAPS).glob("*.toml")):
            try:
                content = read_plain(file, _MOST_BYTES)
            except OSError:
                continue
            if content:
                key = file.name.encode()
                txn.put(key, seal(key, "map", content), db=tree)


def take_maps(env: lmdb.Environment) -> dict[str, bytes]:
    """Name -> content of those in the copy of a backup; they are no longer in it then."""
    try:
        tree = env.open_db(_TREE, create=False)
    except lmdb.NotFoundError:
        return {}  # from before maps were kept
    found = {}
    with env.begin(write=True) as txn:
        with txn.cursor(db=tree) as cursor:
            for key, value in cursor:
                name = bytes(key).decode(errors="surrogateescape")
                if text_fault(name, _LONGEST_NAME) or Path(name).name != name or not name.endswith(".toml"):
                    continue  # none that a server of ours kept
                try:
                    content = open_bytes(bytes(key), bytes(value), "map")
                except Damaged:
                    continue
                found[name] = content
        txn.drop(tree, delete=True)
    return found


def put_back_maps(found: dict[str, bytes], folder: Path) -> tuple[str, ...]:
    """Names of those that were missing and are there now, each whole and on the disk. Raises OSError."""
    missing = tuple(name for name in found if not os.path.lexists(folder / MAPS / name))
    if missing:
        make_folder(folder / MAPS)
    for name in missing:
        write_plain(folder / MAPS / name, found[name])
    return missing
