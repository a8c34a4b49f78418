"""Guard against a boot loop: counts starts that failed, in a small file that survives a power cut."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from runtime.process.namedpath import read_plain

log = logging.getLogger("wattkeeper.bootguard")

MOST_STARTS = 5
FILE = "starts"
MOST_BYTES = 200


class BootGuard:
    """One start. ``safe_mode`` is True after five starts in a row that failed.

    A start has failed unless it came to ten minutes of health or an orderly end; or was well, for a minute or more,
    when the machine itself went down: power cuts are nobody's fault. In safe mode no bus is started.
    A folder that cannot be written to never keeps the server from starting.
    """

    def __init__(self, folder: Path, boot: str | None = None) -> None:
        """Counts this start at once, so that it counts even when it ends the process.

        boot  names the run of the machine, None = the one that the kernel names
        """
        self._file = folder / FILE
        self._boot = _boot_id() if boot is None else boot
        starts, boot_before, was_well = _read(self._file)
        cut_off = was_well and boot_before != self._boot
        self.failed_starts = max(0, starts - 1) if cut_off else starts
        self._write(self.failed_starts + 1)

    @property
    def safe_mode(self) -> bool:
        return self.failed_starts >= MOST_STARTS

    def was_well(self) -> None:
        """For a minute: if the machine goes down from now on, this start has not failed."""
        self._write(self.failed_starts + 1, "well")

    def came_to_health(self) -> None:
        """After ten minutes of it, or at an orderly end: the count starts anew."""
        self._write(0)

    def _write(self, starts: int, state: str = "begun") -> None:
        try:
            _write_through(self._file, f"{starts} {self._boot} {state}\n".encode())
        except OSError as error:
            log.error("%s: the count of starts cannot be kept: %s", self._file, error.strerror)


def _boot_id() -> str:
    try:
        return "".join(Path("/proc/sys/kernel/random/boot_id").read_text("ascii").split())
    except (OSError, UnicodeDecodeError):
        return "unknown"


def _read(file: Path) -> tuple[int, str, bool]:
    """(starts, the machine's run, whether the last one was well)."""
    try:
        words = read_plain(file, MOST_BYTES).decode("ascii", "replace").split()
    except OSError:
        return 0, "", False
    if not words or not words[0].isdecimal() or len(words[0]) > 6:
        return 0, "", False
    return int(words[0]), words[1] if len(words) > 1 else "", words[2:3] == ["well"]


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
