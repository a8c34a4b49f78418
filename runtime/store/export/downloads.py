"""The folder of data downloads: what was asked for, and the file once it is there. It outlives every restart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runtime.core.export.download import Download, download_of
from runtime.errors import StoreError
from runtime.store.env import open_store
from runtime.store.export.datadownload import write_download
from runtime.store.object.site import known_part_of

FOLDER = "downloads"
MOST = 10  # the oldest go first
KEPT_MS = 7 * 86_400_000
_ID = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class KeptDownload:
    """``file`` None = not made yet, ``error`` why it could not be made."""

    id: str
    asked_ms: int
    by: str
    wanted: Download
    file: Path | None
    error: str


class Downloads:
    """Those of one data folder. Each is ``ID.json``, then ``ID.zip`` or ``ID.error`` beside it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._folder = data / FOLDER

    def ask(self, wanted: Download, by: str, now_ms: int) -> str:
        """Its id. What is too old, or too much, goes. Raises OSError."""
        self._folder.mkdir(exist_ok=True)
        known = self.all()
        for number, old in enumerate(known):
            if number >= MOST - 1 or now_ms - old.asked_ms > KEPT_MS:
                self.remove(old.id)
        id = str(max([now_ms, *(int(each.id) + 1 for each in known)]))
        record = {"asked_ms": now_ms, "by": by, "wanted": wanted.to_json()}
        self._path(id, "json").write_text(json.dumps(record), encoding="utf-8")
        return id

    def all(self) -> list[KeptDownload]:
        """The newest first."""
        found = self._folder.glob("*.json") if self._folder.is_dir() else ()
        kept = (self.get(file.stem) for file in found)
        return sorted((each for each in kept if each is not None), key=lambda each: -int(each.id))

    def get(self, id: str) -> KeptDownload | None:
        if not _ID.fullmatch(id):
            return None
        try:
            record = json.loads(self._path(id, "json").read_text(encoding="utf-8"))
            wanted, asked_ms, by = download_of(record["wanted"]), int(record["asked_ms"]), str(record["by"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        error, file = self._path(id, "error"), self._path(id, "zip")
        why = error.read_text(encoding="utf-8") if error.exists() else ""
        return KeptDownload(id, asked_ms, by, wanted, file if file.exists() else None, why)

    def remove(self, id: str) -> None:
        for file in self._files(id):
            file.unlink(missing_ok=True)

    def zip_of(self, id: str) -> Path:
        """Where the file of this download is to be."""
        return self._path(id, "zip")

    def note_error(self, id: str, why: str) -> None:
        self._path(id, "error").write_text(why, encoding="utf-8")

    def _files(self, id: str) -> Iterator[Path]:
        return (self._path(id, suffix) for suffix in ("zip", "error", "json"))

    def _path(self, id: str, suffix: str) -> Path:
        return self._folder / f"{id}.{suffix}"


def make_download(downloads: Downloads, id: str, progress: Callable[[int], None]) -> Path:
    """Write what was asked for, beside a server that goes on writing. Raises StoreError, which is noted with it."""
    asked = downloads.get(id)
    if asked is None:
        raise StoreError("export_missing", f"nobody asked for the download {id}")
    try:
        store = open_store(downloads.data, readonly=True, create=False)
        try:
            write_download(store, known_part_of(store), asked.wanted, downloads.zip_of(id), progress)
        finally:
            store.close()
    except Exception as error:
        downloads.note_error(
            id, error.message if isinstance(error, StoreError) else f"a fault of the program: {error!r}"
        )
        raise
    return downloads.zip_of(id)
