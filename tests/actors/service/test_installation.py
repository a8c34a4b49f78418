"""The owner of the installation: kept first, then shown, followed and answered; one edit at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actors.mailbox.reply import answer, new_reply, refuse, wait_for
from actors.message.device import KeepRecords
from actors.message.edit import Edited, EditInstallation, Expected, UndoEdit
from actors.service.installation import InstallationActor
from runtime.core.edit import edits
from runtime.core.site.audit import AuditEntry, entry_of
from runtime.core.site.defaults import complete
from runtime.core.site.diff import etag_of
from runtime.core.site.hardware import DEVICE
from runtime.core.site.installation import INSTALLATION_VIEW, DeviceSpec, GatewaySpec, Installation, from_record
from runtime.errors import ConfigError, Fault, StoreError, WattkeeperError
from tests.actors.stage import Stage, heard

SITE = complete(
    Installation(
        version=3,
        gateways=(GatewaySpec(1, "Hall", "tcp://h"),),
        devices=(DeviceSpec(1, "Main", 1, 1, "m"), DeviceSpec(2, "Oven", 1, 2, "m")),
    )
)
RENAMED = edits.patch(DEVICE, 1, {"name": "Incomer"})


class Owner:
    """The actor on a stage, with a recorder that writes when it is told."""

    def __init__(self, site: Installation = SITE, last: AuditEntry | None = None) -> None:
        self.stage = Stage()
        self.recorder = self.stage.mailbox("recorder")
        self.kept, self.last = site, last
        self.followed: list[Installation] = []
        self.faults: list[Fault] = []
        self.doubted: tuple[int, ...] = ()
        self.starts()

    def starts(self, incarnation: int = 1) -> None:
        self.stage.actors.clear()
        actor = InstallationActor(
            self.stage.incarnation("installation", incarnation),
            lambda: (self.kept, self.last),
            lambda site: self.faults if site.site == "bad" else [],
            self.followed.append,
            lambda site: replace(site, doubted=self.doubted),
        )
        self.actor = self.stage.add(actor)

    def asked(self, edit, expected=None):
        reply = new_reply()
        self.stage.directory.post("installation", EditInstallation(edit, "Anna", reply, expected))
        self.stage.play()
        return reply

    def undo(self, version=0):
        reply = new_reply()
        self.stage.directory.post("installation", UndoEdit("Ben", reply, version))
        self.stage.play()
        return reply

    def writes(self, error: Exception | None = None) -> list[KeepRecords]:
        messages = heard(self.recorder)
        for message in messages:
            if error is not None:
                refuse(message.reply, error)
                continue
            for kind, _, record in message.records:
                if kind == "installation":
                    self.kept = from_record(record)
                elif record is not None:
                    self.last = entry_of(record)
            answer(message.reply, True)
        self.stage.play()
        return messages

    @property
    def view(self) -> Installation:
        return self.stage.views.get(INSTALLATION_VIEW)


@pytest.fixture
def owner() -> Owner:
    return Owner()


def test_what_the_store_holds_is_published(owner):
    assert owner.view is SITE


def test_an_edit_is_kept_before_anybody_sees_it(owner):
    reply = owner.asked(RENAMED)
    assert (owner.view, owner.followed) == (SITE, [])
    owner.writes()
    done = wait_for(reply, 0)
    assert owner.view is done.installation
    assert owner.followed == [done.installation]
    assert (done.installation.version, done.installation.device(1).name) == (4, "Incomer")


def test_the_trail_tells_who_what_and_when_in_the_same_transaction(owner):
    owner.asked(RENAMED)
    (message,) = owner.writes()
    assert [(kind, key) for kind, key, _ in message.records] == [("installation", "now"), ("audit", 4)]
    assert (owner.last.author, owner.last.ts_ms) == ("Anna", owner.stage.clock.now_ms())
    assert owner.last.changes[0].fields == {"name": ("Main", "Incomer")}


def test_what_cannot_be_kept_did_not_happen(owner):
    reply = owner.asked(RENAMED)
    owner.writes(StoreError("store_full", "no room"))
    with pytest.raises(StoreError):
        wait_for(reply, 0)
    assert (owner.view, owner.followed) == (SITE, [])
    owner.asked(RENAMED)
    owner.writes()
    assert owner.view.device(1).name == "Incomer"


def test_an_edit_that_changes_nothing_writes_nothing(owner):
    reply = owner.asked(edits.patch(DEVICE, 1, {"name": "Main"}))
    assert wait_for(reply, 0) == Edited(SITE)
    assert heard(owner.recorder) == []


def test_two_editors_of_different_objects_both_get_through(owner):
    first = owner.asked(RENAMED, Expected("device", 1, etag_of(SITE.devices[0])))
    second = owner.asked(edits.patch(DEVICE, 2, {"name": "Kiln"}), Expected("device", 2, etag_of(SITE.devices[1])))
    owner.writes()
    owner.writes()
    assert (wait_for(first, 0).entry.version, wait_for(second, 0).entry.version) == (4, 5)
    assert [device.name for device in owner.view.devices] == ["Incomer", "Kiln"]


def test_the_slower_of_two_editors_of_one_object_is_refused(owner):
    seen = Expected("device", 1, etag_of(SITE.devices[0]))
    owner.asked(RENAMED, seen)
    slower = owner.asked(edits.patch(DEVICE, 1, {"name": "Other"}), seen)
    owner.writes()
    with pytest.raises(WattkeeperError) as refusal:
        wait_for(slower, 0)
    assert refusal.value.code == "version_stale"
    assert owner.view.device(1).name == "Incomer"


def test_faults_of_the_whole_are_refused_and_old_ones_do_not_keep_from_mending_others(owner):
    owner.faults = [Fault("edit", "device 2.model", "no such model", "", "model_unknown", "device", 2, "model")]
    with pytest.raises(ConfigError) as refusal:
        wait_for(owner.asked(edits.settings({"name": "bad"})), 0)
    assert refusal.value.faults == tuple(owner.faults)
    owner = Owner(replace(SITE, site="bad"))
    owner.faults = [Fault("edit", "device 2.model", "no such model", "", "model_unknown", "device", 2, "model")]
    owner.asked(RENAMED)
    owner.writes()
    assert owner.view.device(1).name == "Incomer"
    with pytest.raises(ConfigError):
        wait_for(owner.asked(edits.patch(DEVICE, 2, {"name": "Kiln"})), 0)


def test_the_last_edit_is_taken_back_and_that_as_well(owner):
    owner.asked(RENAMED)
    owner.writes()
    reply = owner.undo()
    owner.writes()
    entry = wait_for(reply, 0).entry
    assert (owner.view.device(1).name, entry.undoes, entry.author) == ("Main", 4, "Ben")
    owner.undo(5)
    owner.writes()
    assert owner.view.device(1).name == "Incomer"


def test_undo_works_after_a_restart(owner):
    owner.asked(RENAMED)
    owner.writes()
    again = Owner(owner.kept, owner.last)
    again.undo()
    again.writes()
    assert again.view.device(1).name == "Main"


@pytest.mark.parametrize(("version", "code"), [(0, "undo_empty"), (3, "undo_empty")])
def test_without_a_last_edit_there_is_nothing_to_take_back(owner, version, code):
    with pytest.raises(WattkeeperError) as refusal:
        wait_for(owner.undo(version), 0)
    assert refusal.value.code == code


def test_an_undo_of_what_is_not_the_last_any_more_is_refused(owner):
    owner.asked(RENAMED)
    owner.writes()
    with pytest.raises(WattkeeperError) as refusal:
        wait_for(owner.undo(3), 0)
    assert refusal.value.code == "version_stale"


def test_an_undo_that_would_break_a_rule_is_refused(owner):
    owner.kept = replace(SITE, site="bad")
    owner.last = AuditEntry(3, 0, "", ())
    owner.starts(2)
    owner.writes()
    owner.asked(edits.settings({"name": "good"}))
    owner.writes()
    owner.faults = [Fault("edit", "site", "bad", "", "name_taken", "site", 0, "name")]
    with pytest.raises(ConfigError):
        wait_for(owner.undo(), 0)


def test_a_restart_waits_for_what_an_earlier_life_gave_to_the_recorder(owner):
    reply = owner.asked(RENAMED)
    owner.actor._end()
    with pytest.raises(WattkeeperError) as refusal:
        wait_for(reply, 0)
    assert refusal.value.code == "owner_restarted"
    owner.starts(2)
    late = owner.asked(edits.patch(DEVICE, 2, {"name": "Kiln"}))
    assert owner.view is SITE
    owner.writes()  # the tree of the first life, then the question of the second
    assert (owner.view.version, owner.followed[-1].device(1).name) == (4, "Incomer")
    owner.writes()
    assert wait_for(late, 0).entry.version == 5
    assert [device.name for device in owner.view.devices] == ["Incomer", "Kiln"]


def test_a_changed_load_holds_from_the_next_hour(owner):
    owner.asked(edits.patch(DEVICE, 1, {"load": owner.view.loads[1].id}))
    owner.writes()
    rows = [(row.from_ts > owner.stage.clock.now_ts(), row.load) for row in owner.view.assignments]
    assert rows == [(False, 0), (True, owner.view.loads[1].id)]


def test_maps_that_changed_under_it_are_followed_without_an_entry_of_anybody(owner):
    owner.doubted = (1,)
    reply = owner.asked(lambda site: site)
    (message,) = owner.writes()
    assert [(kind, key) for kind, key, _ in message.records] == [("installation", "now")]
    assert wait_for(reply, 0).installation is owner.view
    assert (owner.view.doubted, owner.view.version) == ((1,), 4)
    assert owner.followed == [owner.view]
    assert wait_for(owner.asked(lambda site: site), 0).entry is None
    assert owner.writes() == []
