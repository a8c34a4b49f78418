"""Guard against a boot loop: counts starts that did not come to health, in a small file that survives a power cut."""

from __future__ import annotations

import logging
import os
from pathlib import Path

log = logging.getLogger("wattkeeper.bootguard")

MOST_STARTS = 5
FILE = "starts"


class BootGuard:
    """One start. ``safe_mode`` is True after five starts in a row without ten minutes of health or an orderly end.

    In safe mode the server shows pages for diagnosis and restore only and starts no bus.
    A folder that cannot be written to never keeps the server from starting.
    """

    def __init__(self, folder: Path) -> None:
        """Counts this start at once, so that it counts even when it ends the process."""
        self._file = folder / FILE
        self.failed_starts = _read(self._file)
        self._write(self.failed_starts + 1)

    @property
    def safe_mode(self) -> bool:
        return self.failed_starts >= MOST_STARTS

    def came_to_health(self) -> None:
        """After ten minutes of it, or at an orderly end: the count starts anew."""
        self._write(0)

    def _write(self, starts: int) -> None:
        try:
            _write_through(self._file, f"{starts}\n".encode())
        except OSError as error:
            log.error("%s: the count of starts cannot be kept: %s", self._file, error.strerror)


def _read(file: Path) -> int:
    try:
        text = file.read_bytes()[:16].decode("ascii", "replace").strip()
    except OSError:
        return 0
    return int(text) if text.isdecimal() else 0


def _write_through(file: Path, content: bytes) -> None:
    """Old or new content after a power cut, nothing in between."""
    new = file.with_suffix(".new")
    with new.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(file)
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
