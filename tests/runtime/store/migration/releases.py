"""Data folders as releases left them: ``released/README.md`` says what is in them."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

from runtime.core.energy.bins import SLOTS
from runtime.store.energy.bins import KEY, get_cell
from runtime.store.env import Store

FOLDER = Path(__file__).with_name("released")
ALL = sorted(file.name.removeprefix("wattkeeper-").removesuffix(".tar.xz") for file in FOLDER.glob("*.tar.xz"))
ENDED = {"0.1.0": 1_785_191_400}  # version -> UTC s of its last sample


def unpack_release(version: str, folder: Path) -> dict[str, Any]:
    """The data folder of a release; what that release read there."""
    with tarfile.open(FOLDER / f"wattkeeper-{version}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    text = (folder / "expected.json").read_text(encoding="utf-8")
    (folder / "expected.json").unlink()
    expected: dict[str, Any] = json.loads(text)
    return expected


def unpack_phantoms(folder: Path) -> Path:
    """The data folder in which release 0.1.0 booked what nobody used."""
    with tarfile.open(FOLDER / "phantoms" / "phantoms-0.1.0.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


def plain(thing: Any) -> Any:
    """As JSON has it."""
    return json.loads(json.dumps(thing))


def cells_of(store: Store) -> list[Any]:
    """Every bin of every lane, as ``expected.json`` has them."""
    found = []
    with store.reading() as txn, txn.cursor(db=store.tree("bins")) as cursor:
        for key in cursor.iternext(values=False):
            at = KEY.unpack(key)
            cell = get_cell(store, txn, *at)
            values = {slot: cell.values_n[slot] for slot in range(SLOTS) if cell.known >> slot & 1}
            found.append([*at, values, cell.doubts])
    return plain(found)
