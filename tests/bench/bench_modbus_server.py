"""The Modbus TCP server beside libmodbus' and pymodbus': 64 clients that read 60 registers each, again and again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench.bench_polling import CORES, FIRST_PORT, slaves
from tests.bench.table import Row, tell

pytestmark = pytest.mark.bench

PLAYERS = Path(__file__).parent / "players"
CLIENTS, MANY, COUNT, SECONDS, ROUNDS = 64, 500, 60, 2.0, 3
GATEWAYS, LEAST_POLLS_PCT = 255, 97
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


def test_masters_that_read_without_a_pause_beside_255_gateways(tmp_path: Path) -> None:
    """Polls as fast as the gateways answer, alone and while 64 clients ask without a pause."""
    load = built(tmp_path, "modbusload")
    assert load is not None
    with slaves(GATEWAYS):
        command = [sys.executable, PLAYERS / "server_read.py", GATEWAYS, FIRST_PORT, 5, load, CLIENTS, COUNT]
        environ = {**os.environ, "PYTHONPATH": os.getcwd()}
        done = subprocess.run(
            [str(each) for each in command], capture_output=True, text=True, check=True, env=environ,
            preexec_fn=lambda: os.sched_setaffinity(0, {CORES[0]}),
        )  # fmt: skip
    measured = json.loads(done.stdout.splitlines()[-1])
    kept = 100 * measured["beside"] / measured["alone"]
    figure = f"{kept:.1f} % ({measured['beside']:.0f}/s of {measured['alone']:.0f}/s)"
    tell(
        Row(
            f"polls/s over {GATEWAYS} gateways while {CLIENTS} Modbus clients read {COUNT} registers without a pause",
            f">= {LEAST_POLLS_PCT} %",
            figure,
            kept >= LEAST_POLLS_PCT,
            f"{measured['answers_per_s']:.0f} answers/s beside",
        )
    )
