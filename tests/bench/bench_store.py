"""What a cycle writes, how long charts and import take; SQLite with rollup tables beside, each in its own process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.table import Row, tell

PLAYERS = Path(__file__).parent / "players"
CYCLES, FILLED = 24, 72


def play(player: str, *arguments: object) -> dict:
    command = [sys.executable, str(PLAYERS / player), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.bench
def test_bytes_written_per_cycle(tmp_path):
    ours, peers = {}, {}
    for what in ("rows", "all"):
        (tmp_path / what).mkdir()
        ours[what] = play("cycle_store.py", tmp_path / what, CYCLES, FILLED, what)
    for what in ("blobs", "values"):
        (tmp_path / what).mkdir()
        peers[what] = play("cycle_sqlite.py", tmp_path / what, CYCLES, FILLED, what)
    beside = ", ".join(f"SQLite {what} {peer['kb']:,.0f} KB in {peer['ms']:.0f} ms" for what, peer in peers.items())
    what = "written per cycle of 255 × 40 quantities"
    rows_kb, all_kb = ours["rows"]["kb"], ours["all"]["kb"]
    tell(Row(f"{what}, rows alone", "≤ 140 KB", f"{rows_kb:.0f} KB", rows_kb <= 140))
    tell(Row(f"{what}, with ledger, bins and tariffs", "≤ 250 KB", f"{all_kb:.0f} KB", all_kb <= 250, beside))
    tell(Row("a cycle, processor and commit", "-", f"{ours['all']['cpu_ms']:.0f} ms, {ours['all']['ms']:.0f} ms", True))


@pytest.mark.bench
def test_charts_and_import(tmp_path):
    figures = play("charts.py", tmp_path)
    name, slowest = max(figures["charts_ms"].items(), key=lambda chart: chart[1])
    tell(Row("any chart of two years, 30 devices, warm", "≤ 10 ms", f"{slowest:.1f} ms ({name})", slowest <= 10))
    power = figures["samples_ms"]
    tell(Row("a day of one quantity at 10 min", "≤ 10 ms", f"{power:.1f} ms", power <= 10))
    took = figures["import_s"]
    tell(Row("two years of history for 30 devices", "≤ 20 s", f"{took:.1f} s", took <= 20))
