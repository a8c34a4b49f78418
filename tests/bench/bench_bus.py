"""One serial bus at 19200 baud with the time of a real wire, beside libmodbus and pymodbus; many gateways, some broken.

The slave is a small C program: each character arrives when its last bit has passed. Each client is a process.
"""

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.bench.bench_polling import CORES, FIRST_PORT, PLAYERS, ROUNDS, slaves
from tests.bench.table import Row, tell
from tests.drivers.adapters.peer import tcp_peer
from tests.faults.test_wireloop import WRONG

CHARACTER_MS = 11 / 19.2
TURNAROUND_US = 5000
# request, 3.5 characters of silence, turn-around, answer, and 3.5 again before the next request
LIMIT_MS = (8 + 3.5 + 125 + 3.5) * CHARACTER_MS + TURNAROUND_US / 1000
SECONDS = 15.0
GATEWAYS = 255


@contextmanager
def wire(folder: Path) -> Iterator[str]:
    """The path of a serial line with one slave, unit 1."""
    program = folder / "rtuslave"
    subprocess.run(["cc", "-O2", "-o", program, PLAYERS / "rtuslave.c"], check=True)
    slave = subprocess.Popen(
        [program, "19200", str(TURNAROUND_US)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    os.sched_setaffinity(slave.pid, {CORES[-1]})
    try:
        assert slave.stdout is not None
        yield slave.stdout.readline().strip()
    finally:
        slave.terminate()
        slave.communicate(timeout=5)


def played(player: str, *words: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(PLAYERS / player), *words], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.getcwd()}, preexec_fn=lambda: os.sched_setaffinity(0, {CORES[0]}),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def has_libmodbus() -> bool:
    try:
        ctypes.CDLL("libmodbus.so.5")
    except OSError:
        return False
    return True


def share(each_ms: float) -> str:
    return f"{each_ms:.1f} ms = {100 * LIMIT_MS / each_ms:.1f} %"


@pytest.mark.bench
def test_a_serial_bus_reaches_the_limit_of_its_wire_and_a_command_waits_for_one_transaction(tmp_path):
    assert shutil.which("cc"), "this benchmark needs a C compiler"
    with wire(tmp_path) as path:
        ours = played("bus_rtu.py", f"rtu://{path}?baudrate=19200&parity=N&stopbits=2", str(SECONDS))
    beside = []
    for name, player in (("libmodbus, no gap", "libmodbus_rtu.py"), ("pymodbus sync", "pymodbus_rtu.py")):
        if player.startswith("pymodbus") or has_libmodbus():
            with wire(tmp_path) as path:
                beside.append(f"{name}: {share(played(player, path, str(SECONDS))['each_ms'])}")
    what = f"RS485 19200 baud, 11 bits a character, 60 registers: ms a read (limit with t3.5 {LIMIT_MS:.1f})"
    reached = ours["each_ms"] <= LIMIT_MS / 0.99
    measured = f"{share(ours['each_ms'])}, {ours['cpu_us']:.0f} µs CPU a read"
    tell(Row(what, "≥ 99 % of the limit", measured, reached, "; ".join(beside)))
    waited = ours["longest_wait_ms"]
    what = "command on that busy bus: longest wait until it is on the wire"
    tell(Row(what, f"≤ one transaction ({LIMIT_MS:.1f} ms)", f"{waited:.1f} ms", waited <= LIMIT_MS * 1.02))
    assert ours["errors"] == 0


@contextmanager
def peers_that_go_wrong() -> Iterator[list[str]]:
    """Ports: they hang, reset, drip and flood."""
    with ExitStack() as stack:
        yield [str(stack.enter_context(tcp_peer(script)).port) for script in WRONG.values()]


@pytest.mark.bench
def test_healthy_gateways_keep_their_rate_beside_dead_devices_and_gateways_that_go_wrong():
    words = (str(GATEWAYS), str(FIRST_PORT), "8")
    with slaves(GATEWAYS), peers_that_go_wrong() as ports:
        rounds = [(played("rough_server.py", *words), played("rough_server.py", *words, *ports)) for _ in range(ROUNDS)]
    before, beside = (
        sorted(runs, key=lambda run: run["healthy_polls_per_s"])[ROUNDS // 2] for runs in zip(*rounds, strict=True)
    )
    kept = 100 * beside["healthy_polls_per_s"] / before["healthy_polls_per_s"]
    what = f"polls/s of the healthy among {GATEWAYS} gateways, 10 % with a dead device, 10 % hang, reset, drip or flood"
    measured = f"{kept:.1f} % ({beside['healthy_polls_per_s']:.0f}/s of {before['healthy_polls_per_s']:.0f}/s)"
    tell(Row(what, "≥ 97 % of their rate", measured, kept >= 97))
    assert beside["errors"] > 0
