"""How long charts of 255 devices with tariffs take, in a process of their own; SQLite with rollup tables beside."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.table import Row, tell

PLAYERS = Path(__file__).parent / "players"


def play(player: str, folder: Path) -> dict[str, float]:
    folder.mkdir()
    command = [sys.executable, str(PLAYERS / player), str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": os.getcwd()}
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.bench
def test_charts_of_all_loads(tmp_path):
    ours, peer = play("loads.py", tmp_path / "ours"), play("loads_sqlite.py", tmp_path / "sqlite")
    for name, what in (("month", "month of 255 devices by 14 loads"), ("decade", "ten years of them by year")):
        took = ours[f"by load, {name}"]
        beside = f"SQLite {peer[name]:.2f} ms, without money"
        tell(Row(f"{what}, with money, warm", "≤ 1 ms", f"{took:.2f} ms", took <= 1, beside))
    warm = {name: took for name, took in ours.items() if "cold" not in name}
    name, slowest = max(warm.items(), key=lambda figure: figure[1])
    tell(Row("any chart of 255 devices with money, warm", "≤ 10 ms", f"{slowest:.1f} ms ({name})", slowest <= 10))
    name, slowest = max(ours.items(), key=lambda figure: figure[1])
    tell(Row("the first time after a start", "-", f"{slowest:.1f} ms ({name})", True))
