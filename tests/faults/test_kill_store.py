"""kill -9 in the middle of commits: what was acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading

import pytest

from runtime.core.quantity.catalogue import QUANTITIES as CATALOGUE
from runtime.store.energy.counters import get_ledgers
from runtime.store.env import open_store
from runtime.store.sample.rows import Rows
from tests.bench.table import Row, tell
from tests.faults.writer import DEVICES, QUANTITIES
from tests.runtime.store.site import STEP_S, T0, bins_as_stored, bins_from_rows, index_n
from tests.soak import FULL

KILLS = 200 if FULL else 20


def written_until_killed(folder, after_s):
    """Run the writer, kill it, and return the end of the last slot that it said was committed."""
    command = [sys.executable, "-m", "tests.faults.writer", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"open\n"
        threading.Timer(after_s, child.send_signal, (signal.SIGKILL,)).start()
        acknowledged = child.stdout.read().splitlines()
    assert child.returncode == -signal.SIGKILL
    return int(acknowledged[-1]) if acknowledged else T0


def check(folder, acknowledged_ts):
    store = open_store(folder)
    with store.reading() as txn:
        rows = {(row.start_ts, row.device) for row in Rows(store).scan(txn, 0, 1 << 40)}
        states = {device: get_ledgers(store, txn, device) for device in DEVICES}
    committed_ts = max((start_ts + STEP_S for start_ts, _ in rows), default=T0)
    assert committed_ts >= acknowledged_ts
    assert rows == {(ts, device) for ts in range(T0, committed_ts, STEP_S) for device in DEVICES}
    assert bins_as_stored(store) == bins_from_rows(store)
    for device in DEVICES if rows else ():
        expected_n = index_n(device, (committed_ts + 4) * 1000) - index_n(device, (T0 + 4) * 1000)
        assert {states[device][CATALOGUE[quantity].number].total_n for quantity in QUANTITIES} == {expected_n}
    assert not store.damaged
    store.close()
    return committed_ts


@pytest.mark.soak
@pytest.mark.faults
@pytest.mark.timeout(900)
def test_nothing_acknowledged_is_lost_and_no_energy_is_booked_twice(tmp_path):
    dice, last_ts = random.Random(4), T0
    for _ in range(KILLS):
        acknowledged_ts = written_until_killed(tmp_path, dice.uniform(0.0, 0.15))
        last_ts = max(last_ts, check(tmp_path, max(last_ts, acknowledged_ts)))
    assert last_ts > T0
    slots = (last_ts - T0) // STEP_S
    tell(Row(f"lost or doubled after {KILLS} kill -9 during commits", "0", f"0 in {slots} slots", True))
