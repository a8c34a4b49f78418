"""The recorder commits a slot once, answers after the commit, and survives a store that refuses."""

from __future__ import annotations

import pytest

from actors.mailbox.reply import new_reply, wait_for
from actors.message.device import EventReported, KeepRecords
from actors.message.history import Correct
from actors.recorder.recorder import Recorder
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.errors import StoreError, WattkeeperError
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.store.sample.rows import Rows
from tests.actors.stage import ManualClock, Stage
from tests.runtime.store.site import STEP_S, T0, bins_as_stored, bins_from_rows, sample

SITE = Installation(
    gateways=(GatewaySpec(1, "Hall", "tcp://hall:502"), GatewaySpec(2, "Off", "tcp://off:502", on=False)),
    devices=(
        DeviceSpec(1, "Main", 1, 1, "m"),
        DeviceSpec(2, "Oven", 1, 2, "m"),
        DeviceSpec(3, "Away", 1, 3, "m", on=False),
        DeviceSpec(4, "Elsewhere", 2, 4, "m"),
    ),
)


class Scene:
    """A recorder on a stage."""

    def __init__(self, path):
        self.store = open_store(path)
        self.stage = Stage(ManualClock(T0 + STEP_S))
        self.stage.views.publish("installation", SITE)
        self.recorder = self.stage.add(Recorder(self.stage.incarnation("recorder"), self.store))

    def tell(self, *messages):
        for message in messages:
            self.stage.directory.post("recorder", message)
        self.stage.play()

    def wait(self, seconds):
        self.stage.clock.advance(seconds)
        self.stage.play()

    @property
    def view(self):
        return self.stage.views.get("recorder")

    def rows(self):
        with self.store.reading() as txn:
            return [(row.start_ts, row.device) for row in Rows(self.store).scan(txn, 0, 1 << 40)]

    def codes(self):
        return [event.code for event in History(self.store).events()]


@pytest.fixture
def scene(tmp_path):
    scene = Scene(tmp_path / "store")
    yield scene
    scene.recorder.on_end()
    scene.store.close()


def test_a_slot_is_committed_once_all_due_devices_are_in(scene):
    scene.tell(sample(2, T0))
    assert scene.rows() == [] and scene.view.due_since_ms == (T0 + STEP_S) * 1000
    scene.tell(sample(1, T0))
    assert scene.rows() == [(T0, 1), (T0, 2)]
    assert (scene.view.commits, scene.view.rows, scene.view.due_since_ms) == (1, 2, 0)


def test_a_slot_is_committed_without_a_late_device_five_seconds_after_its_end(scene):
    scene.tell(sample(2, T0))
    scene.wait(4.9)
    assert scene.rows() == []
    scene.wait(0.2)
    assert scene.rows() == [(T0, 2)]


def test_a_latecomer_goes_with_the_next_commit(scene):
    scene.tell(sample(2, T0))
    scene.wait(6)
    scene.tell(sample(1, T0))
    scene.wait(5)
    assert scene.rows() == [(T0, 1), (T0, 2)]
    assert bins_as_stored(scene.store) == bins_from_rows(scene.store)


def test_a_sample_that_comes_twice_is_stored_once(scene):
    scene.tell(sample(1, T0), sample(2, T0))
    scene.tell(sample(1, T0))
    scene.wait(10)
    assert scene.view.rows == 2 and scene.rows() == [(T0, 1), (T0, 2)]


@pytest.mark.parametrize(
    ("start_ts", "code"),
    [(T0 + 10 * STEP_S, "sample_from_future"), (-STEP_S, "sample_before_1970"), (1 << 33, "sample_from_future")],
)
def test_a_sample_from_another_time_is_refused_with_an_event(scene, start_ts, code):
    scene.tell(sample(1, start_ts))
    scene.wait(10)
    assert scene.rows() == [] and scene.codes() == [code]


def test_a_clock_stepped_back_overwrites_nothing(scene):
    scene.tell(sample(1, T0), sample(2, T0))
    before = bins_as_stored(scene.store)
    scene.stage.clock.step(-3600)
    scene.tell(sample(1, T0 - 3600, index=lambda d, ts: 10**15), sample(2, T0 - 3600))
    scene.wait(10)
    assert bins_as_stored(scene.store) == before


def test_events_are_on_disk_within_a_second(scene):
    scene.tell(EventReported(5, "device.1", "communication_error"), EventReported(6, "server", "clock_trusted"))
    assert scene.codes() == []
    scene.wait(1.0)
    assert scene.codes() == ["clock_trusted", "communication_error"] and scene.view.commits == 1


def test_records_are_answered_after_their_commit_and_share_it(scene):
    replies = [new_reply(), new_reply()]
    scene.tell(
        KeepRecords((("user", 1, {"name": "a"}),), (EventReported(7, "device.1", "model_right"),), replies[0]),
        KeepRecords((("user", 2, {"name": "b"}),), reply=replies[1]),
    )
    assert [wait_for(reply, 0) for reply in replies] == [True, True]
    assert scene.store.records.get("user", 2) == {"name": "b"}
    assert scene.codes() == ["model_right"] and scene.view.commits == 1


def test_findings_of_the_ledger_become_events_of_the_device(scene):
    scene.tell(sample(1, T0), sample(2, T0))
    scene.wait(4 * STEP_S)
    scene.tell(sample(1, T0 + 4 * STEP_S), sample(2, T0 + 4 * STEP_S))
    events = History(scene.store).events(subject="device.2")
    assert [event.code for event in events] == ["counter_gap"]


def test_an_orderly_stop_loses_nothing(scene):
    scene.tell(sample(2, T0), EventReported(5, "server", "clock_trusted"))
    scene.recorder.on_end()
    assert scene.rows() == [(T0, 2)] and scene.codes() == ["clock_trusted"]


def test_what_waits_in_the_mailbox_when_it_is_stopped_is_written(scene):
    """Those who ended before it, such as the owner of the codes, left it there."""
    reply = new_reply()
    for message in (sample(2, T0), EventReported(5, "server", "clock_trusted"), KeepRecords((("user", 1, {}),))):
        scene.stage.directory.post("recorder", message)
    order = Correct(1, "active_energy_import_wh", T0, T0 + STEP_S, 5, "Ada", "a bad day", reply)
    scene.stage.directory.post("recorder", order)
    scene.recorder.ask_stop()
    scene.recorder._end()
    assert scene.rows() == [(T0, 2)] and scene.codes() == ["clock_trusted"]
    assert scene.store.records.get("user", 1) == {}
    with pytest.raises(WattkeeperError, match="ended before it answered"):
        wait_for(reply, 0)


def test_what_the_store_refuses_is_kept_told_and_written_later(scene, monkeypatch):
    def full():
        raise StoreError("store_full", "no room left")

    reply = new_reply()
    with monkeypatch.context() as patched:
        patched.setattr(scene.store, "writing", full)
        scene.tell(sample(1, T0), sample(2, T0), EventReported(5, "server", "clock_trusted"))
        scene.tell(KeepRecords((("user", 1, {}),), reply=reply))
        with pytest.raises(StoreError):
            wait_for(reply, 0)
        assert scene.view.trouble.code == "store_full"
    scene.wait(5)
    assert scene.rows() == [(T0, 1), (T0, 2)] and scene.codes() == ["clock_trusted"]
    assert scene.view.trouble is None
