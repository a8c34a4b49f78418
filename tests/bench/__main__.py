"""``make bench``: every bench_*.py in a process of its own, then the table in docs/measured.md."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.table import ROWS_FILE, TABLE, Row, kept_soak, rows_in

HERE = Path(__file__).parent
HEAD = """# Measured

Written by `make bench` on {machine}. Shared virtual machines are noisy: read the ratios, not the absolute times.
Each part ran in a process of its own; "beside" was measured in the same run.

| what | goal | measured | reached | beside |
|---|---|---|---|---|
"""


def main() -> int:
    failed = []
    rows: list[tuple[str, list[Row]]] = []
    for bench in sorted(HERE.glob("bench_*.py")):
        print(f"== {bench.stem}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            kept = Path(folder) / "rows"
            command = [sys.executable, "-m", "pytest", "-q", "-s", "-m", "bench", "-o", "addopts=", str(bench)]
            done = subprocess.run(command, env={**os.environ, ROWS_FILE: str(kept)}, check=False)
            rows.append((bench.stem, rows_in(kept)))
        if done.returncode:
            failed.append(bench.stem)
    TABLE.write_text(_page(rows), encoding="utf-8")
    print(f"written {TABLE.name}" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


def _page(rows: list[tuple[str, list[Row]]]) -> str:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    lines = [row.line() for _, part in rows for row in part]
    return HEAD.format(machine=machine) + "\n".join(lines) + "\n" + kept_soak(TABLE)


if __name__ == "__main__":
    sys.exit(main())
