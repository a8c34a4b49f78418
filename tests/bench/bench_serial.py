"""How much of an RS485 line is used: 60-register reads at 19200 baud, 11 bits a character, against the limit of it.

A read takes its request, a turn-around of 5 ms, its answer, and the silence of 3.5 characters before the next request.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench.table import Row, tell

PLAYERS = Path(__file__).parent / "players"
BAUDRATE, TURNAROUND_S = 19200, 0.005
CHARACTER_MS = 11 / BAUDRATE * 1000
LIMIT_MS = (8 + 125 + 3.5) * CHARACTER_MS + TURNAROUND_S * 1000
CORES = sorted(os.sched_getaffinity(0))


def player(name: str, *arguments: object) -> list[str]:
    return [sys.executable, str(PLAYERS / name), *map(str, arguments)]


@contextmanager
def slave(path: Path) -> Iterator[None]:
    command = player("serial_slave.py", path, BAUDRATE, TURNAROUND_S)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
    os.sched_setaffinity(process.pid, {CORES[-1]})
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        yield
    finally:
        process.terminate()
        process.communicate(timeout=10)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.getcwd()}


def cycle(who: str, path: Path) -> dict[str, float]:
    done = subprocess.run(
        player("serial_master.py", who, path, BAUDRATE, 100),
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
        preexec_fn=lambda: os.sched_setaffinity(0, {CORES[0]}),
    )
    return dict(json.loads(done.stdout))


@pytest.mark.bench
def test_a_serial_line_is_used_to_its_limit(tmp_path):
    with slave(tmp_path / "tty"):
        ours, peer = cycle("ours", tmp_path / "tty"), cycle("pymodbus", tmp_path / "tty")
    share, beside = (LIMIT_MS / each["cycle_ms"] * 100 for each in (ours, peer))
    tell(
        Row(
            f"RTU, 60 registers a read at 19200 baud (limit with 3.5 characters of silence {LIMIT_MS:.1f} ms)",
            "≥ 99 % of the limit",
            f"{ours['cycle_ms']:.1f} ms = {share:.1f} %, {ours['cpu_us']:.0f} µs CPU a read",
            share >= 99,
            f"pymodbus's client, no silence kept: {peer['cycle_ms']:.1f} ms = {beside:.1f} %, {peer['cpu_us']:.0f} µs",
        )
    )
