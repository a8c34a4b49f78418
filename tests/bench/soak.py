"""``make soak``: every check marked ``soak`` in full, then its part of the table in docs/measured.md."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.table import ROWS_FILE, SOAK_MARK, TABLE, rows_in

HEAD = """
Written by `make soak`: {outcome} in {minutes:.0f} minutes.

| what | goal | measured | reached | beside |
|---|---|---|---|---|
"""


ALONE = ("tests/bench",)  # what measures times has the machine for itself
BESIDE = ("tests", "--ignore=tests/bench", f"--numprocesses={os.cpu_count() or 1}", "--dist=worksteal")


def main() -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "rows"
        ended = [run(arguments, kept) for arguments in (ALONE, BESIDE)]
        rows = rows_in(kept)
    outcome = "; ".join(last for _, last in ended)
    head = HEAD.format(outcome=outcome, minutes=(time.monotonic() - began) / 60)
    before = TABLE.read_text(encoding="utf-8") if TABLE.exists() else "# Measured\n"
    page = before.partition(SOAK_MARK)[0] + SOAK_MARK + head + "\n".join(row.line() for row in rows) + "\n"
    TABLE.write_text(page, encoding="utf-8")
    return max(code for code, _ in ended)


def run(arguments: tuple[str, ...], kept: Path) -> tuple[int, str]:
    """The checks of these folders: exit code, and what their last line says; their rows go to ``kept``."""
    marked = ("-m", "soak and not bench", "--timeout", "3600", "--durations=20")
    command = [sys.executable, "-m", "pytest", "-v", *marked, *arguments]
    environ = {**os.environ, ROWS_FILE: str(kept), "WATTKEEPER_SOAK": "full"}
    last = ""
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for last in child.stdout:
            print(last, end="", flush=True)
    return child.returncode, last.strip("= \n").partition(" in ")[0]


if __name__ == "__main__":
    sys.exit(main())
