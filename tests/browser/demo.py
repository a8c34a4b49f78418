"""Starts packaging/demo.py and ends it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def demo(folder: Path, *, history_days: int, site: str = "factory") -> Iterator[str]:
    """The address of its pages, once they are there."""
    command = [sys.executable, "packaging/demo.py", "--port", "0", "--dir", str(folder), "--modbus", "127.0.0.1:0"]
    child = subprocess.Popen(
        [*command, "--history-days", str(history_days), "--scenario", site], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        yield address_of(child)
    finally:
        child.terminate()
        child.wait(timeout=60)
        assert child.stdout is not None
        child.stdout.close()


def address_of(child: subprocess.Popen[str]) -> str:
    """What a started server prints; RuntimeError when it ends instead."""
    assert child.stdout is not None
    url = ""
    for line in child.stdout:
        if line.startswith("web "):
            url = line.split()[1]
        if line.strip() == "ready" and url:
            return url
    raise RuntimeError(f"it ended with {child.wait()} before it was ready")
