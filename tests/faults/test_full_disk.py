"""A disk that fills up: samples stop first, energy goes on, nothing is lost, and all comes back by itself."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from actors.message.device import EventReported
from actors.recorder.recorder import Recorder
from runtime.core.energy.bins import Period
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.store import env
from runtime.store.energy.counters import get_ledgers
from runtime.store.env import open_store
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.child import verify_in_child
from runtime.store.upkeep.room import room_left
from tests.actors.stage import ManualClock, Stage
from tests.runtime.store.site import STEP_S, T0, bin_n, index_n, sample

DEVICES = tuple(range(1, 21))
SITE = Installation(
    gateways=(GatewaySpec(1, "Hall", "tcp://hall:502"),),
    devices=tuple(DeviceSpec(id, str(id), 1, id, "m") for id in DEVICES),
)


class Scene:
    """A recorder with twenty devices on a stage."""

    def __init__(self, folder):
        self.store, self.stage = open_store(folder), Stage(ManualClock(T0 + STEP_S))
        self.stage.views.publish("installation", SITE)
        self.recorder = self.stage.add(Recorder(self.stage.incarnation("recorder"), self.store))
        self.slot = 0

    def cycle(self):
        start_ts = T0 + self.slot * STEP_S
        self.stage.clock.step(start_ts + STEP_S - self.stage.clock.now_ts())
        for device in DEVICES:
            self.stage.directory.post("recorder", sample(device, start_ts))
        self.stage.play()
        self.slot += 1

    @property
    def trouble(self):
        found = self.stage.views.get("recorder").trouble
        return found.code if found else ""

    def cycles_until(self, trouble, most=3000):
        for _ in range(most):
            if self.trouble == trouble:
                return
            assert self.trouble != "store_full" or most < 10
            self.cycle()
        raise AssertionError(f"never {trouble!r}, but {self.trouble!r}")

    def fill(self):
        """Events take what room there is; one cycle more finds none."""
        for round in range(2000):
            if self.trouble == "store_full":
                return
            for _ in range(40):
                event = EventReported(round, "server", "clock_set", "x" * 400)
                self.stage.directory.post("recorder", event)
            self.stage.clock.advance(1.1)
            self.stage.play()
        raise AssertionError("never full")

    def rows(self):
        with self.store.reading() as txn:
            return sum(1 for _ in Rows(self.store).scan(txn, 0, 1 << 40))

    def check(self):
        """No energy was lost or booked twice, whatever happened to the rows."""
        for device in DEVICES:
            with self.store.reading() as txn:
                (state,) = get_ledgers(self.store, txn, device).values()
            assert state.total_n == index_n(device, state.ts_ms) - index_n(device, (T0 + 4) * 1000)
            assert state.edge_total_n == bin_n(self.store, Period.YEAR, T0, device)

    def end(self):
        self.recorder.on_end()
        self.store.close()


def freed(store):
    with store.writing() as txn:
        txn.drop(store.tree("rows"), delete=False)


@pytest.mark.faults
def test_a_full_map_stops_samples_first_and_energy_last(tmp_path, monkeypatch):
    monkeypatch.setattr(env, "MAP_BYTES", 1 << 21)
    scene = Scene(tmp_path)
    scene.cycles_until("recording_paused")
    kept, paused_at = scene.rows(), scene.slot
    assert room_left(scene.store) > 100_000 and kept == 20 * (paused_at - 1)
    scene.stage.directory.post("recorder", EventReported(5, "server", "medium_set"))
    for _ in range(30):
        scene.cycle()
    assert scene.rows() == kept and scene.trouble == "recording_paused"
    scene.check()
    scene.fill()
    scene.cycle()
    assert scene.trouble == "store_full"
    scene.end()

    monkeypatch.setattr(env, "MAP_BYTES", 1 << 30)  # as a bigger disk
    again = Scene(tmp_path)
    again.slot = scene.slot
    again.cycle()
    assert again.trouble == "" and again.rows() > kept
    again.check()
    again.end()
    assert verify_in_child(tmp_path).ok


def play_under_a_limit(folder: str) -> None:
    """In a child: a file may grow to so many bytes, then to more."""
    scene = Scene(Path(folder))
    told = {}
    size = os.stat(Path(folder) / "data.mdb").st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + (33 << 20), resource.RLIM_INFINITY))
    scene.cycles_until("recording_paused")
    told["paused"] = [scene.slot, scene.rows()]
    resource.setrlimit(resource.RLIMIT_FSIZE, (os.stat(Path(folder) / "data.mdb").st_size, resource.RLIM_INFINITY))
    scene.fill()
    scene.cycle()
    told["full"] = [scene.slot, scene.rows()]
    waiting = len(scene.recorder._events)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    scene.stage.clock.advance(6)
    scene.stage.play()
    told["again"] = [scene.trouble, waiting, len(scene.recorder._events)]
    scene.cycle()
    scene.check()
    scene.end()
    print(json.dumps(told))


@pytest.mark.faults
def test_a_limit_of_the_file_is_felt_as_a_full_disk_and_its_end_is_noticed(tmp_path):
    program = f"from tests.faults.test_full_disk import play_under_a_limit as play; play({str(tmp_path)!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["paused"][0] > 1 and told["full"][1] == told["paused"][1]
    trouble, waited, wait = told["again"]
    assert trouble == "" and waited >= 20 and wait == 0
    assert verify_in_child(tmp_path).ok
