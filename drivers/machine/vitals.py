"""How the machine is doing, from the kernel's files."""

from __future__ import annotations

import os
from pathlib import Path

from runtime.core.machine import Vitals

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def look(data: Path, before: Vitals, elapsed_s: float, proc: Path = PROC) -> Vitals:
    """What ``proc`` and the file system of ``data`` tell; the load is that since ``before``, ``elapsed_s`` ago."""
    busy_s, booted_ts = _processor(proc)
    memory = _memory(proc)
    disk = os.statvfs(data)
    known = elapsed_s > 0 and before.busy_s > 0
    return Vitals(
        cpu_pct=round(min(100.0, 100 * (busy_s - before.busy_s) / elapsed_s / _cores()), 1) if known else None,
        busy_s=busy_s,
        memory_bytes=memory.get("MemTotal"),
        memory_free_bytes=memory.get("MemAvailable"),
        own_bytes=_kilobytes(proc / "self" / "status").get("VmRSS"),
        disk_bytes=disk.f_frsize * disk.f_blocks,
        disk_free_bytes=disk.f_frsize * disk.f_bavail,
        booted_ts=booted_ts,
    )


def _cores() -> int:
    return os.cpu_count() or 1


def _processor(proc: Path) -> tuple[float, int | None]:
    """Seconds that all cores together were busy since the boot, and when that was."""
    busy_s, booted_ts = 0.0, None
    for line in _lines(proc / "stat"):
        word, *rest = line.split()
        if word == "cpu":
            user, nice, system, _idle, _waiting, *interrupts = (int(ticks) for ticks in rest[:8])
            busy_s = (user + nice + system + sum(interrupts)) / _TICKS_PER_S
        elif word == "btime":
            booted_ts = int(rest[0])
    return busy_s, booted_ts


def _memory(proc: Path) -> dict[str, int]:
    return _kilobytes(proc / "meminfo")


def _kilobytes(file: Path) -> dict[str, int]:
    found = {}
    for line in _lines(file):
        key, _, value = line.partition(":")
        words = value.split()
        if len(words) == 2 and words[1] == "kB":
            found[key] = 1024 * int(words[0])
    return found


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []
