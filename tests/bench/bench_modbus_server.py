"""The Modbus TCP server beside libmodbus' and pymodbus': 64 clients that read 60 registers each, again and again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench.table import Row, tell

pytestmark = pytest.mark.bench

PLAYERS = Path(__file__).parent / "players"
CLIENTS, MANY, COUNT, SECONDS, ROUNDS = 64, 500, 60, 2.0, 3
LEAST_OF_LIBMODBUS, LEAST_OF_PYMODBUS = 0.8, 4.0
WHAT = "Modbus TCP server, 64 clients reading 60 registers"


@contextmanager
def served(*command: object) -> Iterator[int]:
    environ = {**os.environ, "PYTHONPATH": os.getcwd()}
    process = subprocess.Popen([str(each) for each in command], stdout=subprocess.PIPE, text=True, env=environ)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate(timeout=10)


def built(folder: Path, name: str, *flags: str) -> Path | None:
    """The program of a player in C; None where it cannot be built here."""
    program = folder / name
    done = subprocess.run(["cc", "-O2", "-o", program, PLAYERS / f"{name}.c", *flags], capture_output=True)
    return program if done.returncode == 0 else None


def rate(load: Path, port: int, clients: int = CLIENTS) -> float:
    command = [str(each) for each in (load, port, clients, 246, 0, COUNT, SECONDS)]
    answers, wrong = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert wrong == "0"
    return int(answers) / SECONDS


def test_the_server_beside_its_peers(tmp_path: Path) -> None:
    assert shutil.which("cc"), "this benchmark needs a C compiler"
    load = built(tmp_path, "modbusload")
    assert load is not None
    peer = built(tmp_path, "modbus_server", "-I/usr/include/modbus", "-lmodbus")
    python = (sys.executable, PLAYERS / "modbus_server.py")
    ours, theirs, others = [], [], []
    for _ in range(ROUNDS):
        with served(*python, "OURS") as port:
            ours.append(rate(load, port))
        with served(*python, "PYMODBUS") as port:
            theirs.append(rate(load, port))
        if peer is not None:
            with served(peer) as port:
                others.append(rate(load, port))
    best, pymodbus = max(ours), max(theirs)
    figure = f"{best:,.0f} answers/s, {best / pymodbus:.1f}x"
    tell(
        Row(
            WHAT,
            f">= {LEAST_OF_PYMODBUS:g}x pymodbus",
            figure,
            best >= LEAST_OF_PYMODBUS * pymodbus,
            f"pymodbus {pymodbus:,.0f}/s",
        )
    )
    if others:
        figure = f"{best / max(others):.2f}x"
        reached = best >= LEAST_OF_LIBMODBUS * max(others)
        tell(Row(WHAT, f">= {LEAST_OF_LIBMODBUS:g}x libmodbus", figure, reached, f"libmodbus {max(others):,.0f}/s"))
    else:
        tell(Row(WHAT, f">= {LEAST_OF_LIBMODBUS:g}x libmodbus", "not measured: libmodbus-dev is missing", False))


def test_500_connections_are_held(tmp_path: Path) -> None:
    load = built(tmp_path, "modbusload")
    assert load is not None
    with served(sys.executable, PLAYERS / "modbus_server.py", "OURS") as port:
        many = rate(load, port, MANY)
    tell(Row("Modbus TCP server, 500 clients", "all are held and answered", f"{many:,.0f} answers/s", many > MANY))
