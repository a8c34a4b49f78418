"""One device of every catalogue number in one server: how soon it serves, and whether it polls as fast as it can."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.bench.bench_polling import CORES
from tests.bench.bench_startup import Running
from tests.bench.players import catalogue
from tests.bench.table import Row, tell
from tests.key import key_to

FIRST_PORT = 22000
STARTS = 5
POLLED_S = 8


@contextmanager
def slaves() -> Iterator[None]:
    command = [sys.executable, "-m", "tests.bench.players.catalogue", "slaves", str(FIRST_PORT)]
    slave = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    os.sched_setaffinity(slave.pid, {CORES[-1]})
    try:
        assert slave.stdout is not None and slave.stdout.readline().strip() == "ready"
        yield
    finally:
        slave.terminate()
        slave.communicate(timeout=10)


@pytest.mark.bench
@pytest.mark.timeout(300)
def test_one_device_of_every_catalogue_number(tmp_path):
    gateways = catalogue.configure(tmp_path, FIRST_PORT)
    devices = len(catalogue.site(FIRST_PORT).devices)
    with slaves():
        key = key_to(tmp_path)
        start_s = statistics.median(_start_s(tmp_path, key) for _ in range(STARTS))
        polled = _polled()
    what = f"start to serving with one device of each of {devices} catalogue numbers on {gateways} gateways"
    tell(Row(what, "≤ 1.5 s", f"{start_s:.2f} s", start_s <= 1.5))
    ideal = gateways * 1000 / catalogue.TURNAROUND_MS
    share = polled["polls_per_s"] / ideal * 100
    measured = f"{polled['polls_per_s']:.0f}/s = {share:.1f} %, {polled['on']} of {polled['devices']} answer"
    what = f"polls/s of them, {catalogue.TURNAROUND_MS} ms each, recorder on (ideal {ideal:.0f})"
    tell(Row(what, "≥ 98 % of ideal", measured, share >= 98 and polled["on"] == polled["devices"]))


def _start_s(data, key) -> float:
    running = Running(data, key)
    try:
        return running.serving_after_s()
    finally:
        running.stop()


def _polled() -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.players.catalogue", "server", str(FIRST_PORT), str(POLLED_S)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {CORES[0]}),
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))
