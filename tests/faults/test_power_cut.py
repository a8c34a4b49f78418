"""The power fails at any moment of a commit: what was acknowledged is there, whole, and recording goes on."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.table import Row, tell
from tests.faults.powercut.replay import MODES, SYNC, WRITE, crash_states, read_journal
from tests.soak import FULL

HERE = Path(__file__).parent / "powercut"
STATES = 300 if FULL else 30
SLOTS = 60


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    assert shutil.which("gcc"), "this test needs a C compiler (Debian package gcc)"
    built = tmp_path_factory.mktemp("shim") / "shim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-o", built, HERE / "shim.c", "-ldl"], check=True)
    return built


@pytest.fixture(scope="module")
def journal(shim, tmp_path_factory):
    """What a recorder wrote, synced and acknowledged."""
    folder = tmp_path_factory.mktemp("journaled")
    watched, journal = folder / "store" / "data.mdb", folder / "journal"
    environment = {**os.environ, "LD_PRELOAD": str(shim), "POWERCUT_FILE": str(watched)}
    environment["POWERCUT_JOURNAL"] = str(journal)
    command = [sys.executable, "-m", "tests.faults.powercut.writer", str(folder / "store"), str(SLOTS)]
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return read_journal(journal)


class Checker:
    """The child that opens crash states; a new one when one did not survive."""

    def __init__(self):
        self._child = self._start()

    def _start(self):
        command = [sys.executable, "-m", "tests.faults.powercut.check"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def verdict(self, folder, acknowledged_ts):
        self._child.stdin.write(f"{folder} {acknowledged_ts}\n")
        self._child.stdin.flush()
        told = self._child.stdout.readline().strip()
        if not told:
            told = f"died with exit code {self.end()}"
            self._child = self._start()
        return told

    def end(self):
        self._child.stdin.close()
        self._child.stdout.close()
        return self._child.wait(60)


@pytest.fixture
def checker():
    made = Checker()
    yield made
    made.end()


@pytest.mark.faults
def test_the_journal_shows_what_the_store_promises(journal):
    """Data first and synced, then the meta page through a descriptor that writes through, then the acknowledgement."""
    writes = [entry for entry in journal if entry.kind == WRITE]
    metas = [entry for entry in writes if entry.dsync]
    assert len(metas) >= SLOTS and all(entry.offset < 2 * 4096 for entry in metas)
    assert sum(entry.kind == SYNC for entry in journal) >= SLOTS
    unsynced = 0
    for entry in journal:
        if entry.kind == SYNC:
            unsynced = 0
        elif entry.kind == WRITE and entry.dsync:
            assert unsynced == 0
        elif entry.kind == WRITE:
            unsynced += 1


@pytest.mark.soak
@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_no_crash_state_loses_what_was_acknowledged_or_is_damaged(journal, checker, tmp_path):
    wrong, modes = [], dict.fromkeys(MODES, 0)
    for state in crash_states(journal, STATES, random.Random(STATES)):
        folder = tmp_path / "state"
        folder.mkdir()
        (folder / "data.mdb").write_bytes(state.content)
        told = checker.verdict(folder, state.acknowledged_ts)
        if told != "whole":
            wrong.append((state.mode, state.at, told))
        modes[state.mode] += 1
        shutil.rmtree(folder)
    told = f"{len(wrong)} of {STATES}"
    tell(Row("crash states of a power cut that lost an acknowledged row or were damaged", "0", told, not wrong))
    assert wrong == [] and sum(modes.values()) == STATES and min(modes.values()) == STATES // len(MODES)


@pytest.mark.faults
def test_the_harness_finds_a_store_that_does_not_sync(journal, checker, tmp_path):
    """Without the syncs the same writer would lose data, so the check would see it if ours did."""
    unsynced = [entry for entry in journal if entry.kind != SYNC]
    lost = 0
    for state in crash_states(unsynced, 10, random.Random(1)):
        folder = tmp_path / f"state{state.at}"
        folder.mkdir(exist_ok=True)
        (folder / "data.mdb").write_bytes(state.content)
        lost += checker.verdict(folder, state.acknowledged_ts) != "whole"
    assert lost >= 5
