"""A store with all there is to back up: blocks, rows that are still warm, ledgers, bins, an installation."""

from __future__ import annotations

from pathlib import Path

from runtime.core.site.installation import Installation
from runtime.store.env import open_store
from runtime.store.object.site import save_installation
from runtime.store.sample import compaction
from tests.runtime.store.site import STEP_S, T0, book, sample

LATER = T0 + 90 * 86_400
HOT = LATER - LATER % STEP_S
DEVICES = (1, 2, 130)


def archive(folder: Path) -> Path:
    """Some hours, a gap of three months, and an hour; all but the last weeks are blocks."""
    store = open_store(folder)
    save_installation(store, Installation(zone="Europe/Paris"))
    book(store, [sample(device, T0 + i * STEP_S) for i in range(30) for device in DEVICES])
    book(store, [sample(device, HOT + i * STEP_S) for i in range(6) for device in DEVICES])
    compaction.compact(store, LATER)
    store.close()
    return folder
