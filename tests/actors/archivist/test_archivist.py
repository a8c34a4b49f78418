"""At night the archivist backs up, verifies and makes blocks; by day it leaves everybody alone."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from actors.archivist.archivist import Archivist
from actors.archivist.compacting import ROWS_AT_ONCE
from actors.jobs.jobs import Jobs
from actors.mailbox.reply import new_reply
from actors.message.archive import BackUpNow, BlockKept, KeepBlock, Optimise, SetMedium, SweepRows, Verify
from actors.message.device import Minute
from actors.message.job import JobEnded
from actors.recorder.recorder import Recorder
from runtime.core.clock.timegrid import DAY_S
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.errors import StoreError
from runtime.store.energy.checkpoints import checkpoint_before
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.store.sample.blocks import Blocks
from runtime.store.sample.retention import RECORD
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.backup import list_generations
from runtime.store.upkeep.backupmedium import PLACE, Medium, copies
from runtime.store.upkeep.child import Job
from tests.actors.stage import ManualClock, Stage, heard
from tests.runtime.store.site import STEP_S, T0, book, sample

SITE = Installation(gateways=(GatewaySpec(1, "Hall", "tcp://hall:502"),), devices=(DeviceSpec(1, "Main", 1, 1, "m"),))
PARIS = ZoneInfo("Europe/Paris")
NIGHT = int(datetime.datetime(2026, 8, 20, 2, 11, tzinfo=PARIS).timestamp())


def waited(*arguments):
    job = Job(*arguments)
    job.wait(60)
    return job


class Scene:
    """Recorder and archivist on a stage, months after the first samples."""

    def __init__(self, path, with_recorder=True):
        self.store, self.stage = open_store(path), Stage(ManualClock(NIGHT - 3 * 3600))
        self.stage.views.publish("installation", SITE)
        if with_recorder:
            self.stage.add(Recorder(self.stage.incarnation("recorder"), self.store))
        self.jobs = self.stage.add(Jobs(self.stage.incarnation("jobs"), waited))
        self.archivist = self.stage.add(Archivist(self.stage.incarnation("archivist"), self.store))

    def it_is(self, ts):
        self.stage.clock.step(ts - self.stage.clock.now_ts())
        self.stage.directory.post("archivist", Minute(ts))
        self.stage.play()
        for _ in range(6):  # the children are over, but looked at later
            self.stage.clock.advance(1)
            self.stage.play()

    @property
    def view(self):
        return self.stage.views.get("archivist")

    def rows(self):
        with self.store.reading() as txn:
            return list(Rows(self.store).scan(txn, 0, 1 << 40))


@pytest.fixture
def scene(tmp_path):
    made = Scene(tmp_path / "store")
    book(made.store, [sample(device, T0 + i * STEP_S) for i in range(3 * ROWS_AT_ONCE) for device in (1, 2)])
    yield made
    made.jobs.on_end()
    made.store.close()


def test_by_day_nothing_happens(scene):
    scene.it_is(NIGHT - 1200)
    assert list_generations(scene.store.path) == () and scene.view.blocks == 0


def test_each_night_there_is_a_verified_backup_and_rows_become_blocks(scene):
    before = scene.rows()
    scene.it_is(NIGHT)
    assert scene.view.blocks == 2 and scene.rows() == before
    with scene.store.reading() as txn:
        assert list(Blocks(scene.store).devices(txn)) == [1, 2] and txn.stat(scene.store.tree("rows"))["entries"] == 0
    assert scene.view.backup_ms and scene.view.verified_ms and scene.view.trouble is None
    assert len(list_generations(scene.store.path)) == 1
    scene.it_is(NIGHT + 60)
    assert len(list_generations(scene.store.path)) == 1
    scene.it_is(NIGHT + DAY_S)
    assert len(list_generations(scene.store.path)) == 2


def test_a_night_that_the_machine_was_off_is_made_up_for(scene):
    scene.it_is(NIGHT + 9 * 3600)
    assert len(list_generations(scene.store.path)) == 1


def test_a_restart_does_not_back_up_again(scene):
    scene.it_is(NIGHT)
    scene.archivist.on_end()
    scene.stage.actors.remove(scene.archivist)
    scene.archivist = scene.stage.add(Archivist(scene.stage.incarnation("archivist", 2), scene.store))
    scene.it_is(NIGHT + 3600)
    assert len(list_generations(scene.store.path)) == 1


def test_each_day_has_a_checkpoint_of_the_ledgers(scene):
    scene.it_is(NIGHT)
    with scene.store.reading() as txn:
        ts, ledgers = checkpoint_before(scene.store, txn, 1, NIGHT)
    assert NIGHT - ts == 2 * 3600 + 660 and ledgers


def test_damage_is_told_and_so_is_a_backup_that_failed(scene):
    with scene.store.writing() as txn:
        txn.put(b"\0\1", b"\1" * 50, db=scene.store.tree("ledger"))
    scene.it_is(NIGHT)
    codes = [event.code for event in History(scene.store).events(subject="server")]
    assert sorted(codes) == ["backup_failed", "verify_complained"]
    assert scene.view.trouble.code == "verify_complained" and "ledger: device 1" in scene.view.trouble.message
    assert list_generations(scene.store.path) == ()


def test_a_full_copy_goes_to_the_medium_when_it_is_due(scene, tmp_path):
    reply = new_reply()
    scene.stage.directory.post("archivist", SetMedium(Medium(str(tmp_path), 7, 2), "Ada", reply))
    scene.it_is(NIGHT - 1200)
    assert reply.get() is True and copies(str(tmp_path)) == ()
    for night in (0, 1, 7):
        scene.it_is(NIGHT + night * DAY_S)
    assert len(copies(str(tmp_path))) == 2 and scene.view.copied_ms
    assert [event.code for event in History(scene.store).events(subject="server")] == ["medium_set"]


def test_a_medium_that_is_not_there_is_told_each_night_and_mends_itself(scene, tmp_path):
    reply = new_reply()
    scene.stage.directory.post("archivist", SetMedium(Medium(str(tmp_path), 1, 2), "Ada", reply))
    scene.it_is(NIGHT - 1200)
    (tmp_path / PLACE).rename(tmp_path / "pulled out")
    scene.it_is(NIGHT)
    assert scene.view.trouble.code == "medium_missing" and scene.view.last("backup").code == ""
    (tmp_path / "pulled out").rename(tmp_path / PLACE)
    scene.it_is(NIGHT + DAY_S)
    assert scene.view.trouble is None and len(copies(str(tmp_path))) == 1


def test_a_folder_that_cannot_be_a_medium_is_refused(scene, tmp_path):
    reply = new_reply()
    scene.stage.directory.post("archivist", SetMedium(Medium(str(tmp_path / "none"), 1, 2), "Ada", reply))
    scene.stage.play()
    with pytest.raises(StoreError, match="there is no folder"):
        reply.get()


def test_a_backup_a_check_and_packing_can_be_asked_for_by_day(scene):
    for asked in (BackUpNow(), Verify(), Optimise()):
        scene.stage.directory.post("archivist", asked)
    scene.it_is(NIGHT - 1200)
    assert len(list_generations(scene.store.path)) == 1 and scene.view.last("verify").code == ""
    assert scene.view.blocks == 2 and not scene.view.packs and not scene.view.shrinks


def test_how_jobs_ended_is_known_after_a_restart(scene):
    scene.it_is(NIGHT)
    outcomes = scene.view.outcomes
    scene.archivist.on_end()
    scene.stage.actors.remove(scene.archivist)
    scene.archivist = scene.stage.add(Archivist(scene.stage.incarnation("archivist", 2), scene.store))
    assert scene.view.outcomes == outcomes and len(outcomes) == 2 and scene.view.verified_ms == outcomes[0].at_ms


def test_what_is_written_is_weighed(scene):
    scene.it_is(NIGHT - 1200)
    assert scene.view.written[0] >= 0


def test_retention_never_drops_energy(scene):
    with scene.store.writing() as txn:
        scene.store.records.put(txn, *RECORD, {"months": 1})
    energies = [(row.device, row.start_ts, row.values_n[-1]) for row in scene.rows()]
    scene.it_is(NIGHT)
    scene.it_is(NIGHT + DAY_S)
    rows = scene.rows()
    assert {column[1] for row in rows for column in row.columns} == {"index", "energy"}
    assert [(row.device, row.start_ts, row.values_n[-1]) for row in rows] == energies
    assert scene.view.trouble is None


def test_a_slice_is_short_and_a_block_is_handed_over_once(tmp_path):
    scene = Scene(tmp_path / "store", with_recorder=False)
    book(scene.store, [sample(1, T0 + i * STEP_S) for i in range(3 * ROWS_AT_ONCE)])
    recorder = scene.stage.mailbox("recorder")
    scene.it_is(NIGHT)
    (handed,) = [message for message in heard(recorder) if isinstance(message, KeepBlock)]
    scene.it_is(NIGHT + 60)
    assert not [message for message in heard(recorder) if isinstance(message, KeepBlock)]
    scene.stage.directory.post("archivist", BlockKept(handed.made.device, handed.made.start_ts, False))
    scene.stage.play()
    again = [message for message in heard(recorder) if isinstance(message, KeepBlock | SweepRows)]
    assert isinstance(again[-1], SweepRows | KeepBlock)
    scene.jobs.on_end()
    scene.store.close()


def test_a_night_without_a_queue_waits_for_it(scene):
    scene.stage.directory.unregister("jobs", scene.jobs.actor_inbox)
    scene.it_is(NIGHT)
    assert list_generations(scene.store.path) == ()
    scene.stage.directory.register("jobs", scene.jobs.actor_inbox)
    scene.it_is(NIGHT + 60)
    assert len(list_generations(scene.store.path)) == 1 and scene.view.verified_ms


def test_a_job_that_was_cancelled_is_no_failure(scene):
    scene.stage.directory.post("archivist", JobEnded("backup", "cancelled"))
    scene.stage.play()
    assert scene.view.trouble is None and scene.view.outcomes == ()
