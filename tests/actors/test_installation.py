from __future__ import annotations

from dataclasses import replace

import pytest

from actors.installation import VIEW, InstallationActor, ReplaceInstallation
from actors.reply import new_reply, wait_for
from runtime.core.installation import DeviceSpec, Installation
from runtime.errors import WattkeeperError
from tests.actors.stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def replaced(stage: Stage, expected: int, installation: Installation) -> Installation:
    reply = new_reply()
    stage.directory.post("installation", ReplaceInstallation(expected, installation, reply))
    stage.play()
    return wait_for(reply, 0)


def test_what_is_configured_is_published(stage):
    site = Installation(version=3)
    stage.add(InstallationActor(stage.life("installation"), site))
    assert stage.views.get(VIEW) is site


def test_a_new_tree_is_published_told_and_answered(stage):
    told: list[Installation] = []
    stage.add(InstallationActor(stage.life("installation"), Installation(version=3), told.append))
    newer = Installation(version=4, site="Works")
    assert replaced(stage, 3, newer) == newer
    assert (stage.views.get(VIEW), told) == (newer, [newer])


@pytest.mark.parametrize(("expected", "new"), [(2, 4), (4, 5), (3, 3), (3, 1)])
def test_a_change_of_another_version_is_refused(stage, expected, new):
    site = Installation(version=3)
    stage.add(InstallationActor(stage.life("installation"), site))
    with pytest.raises(WattkeeperError) as refusal:
        replaced(stage, expected, Installation(version=new))
    assert refusal.value.code == "version_stale"
    assert stage.views.get(VIEW) is site


def test_a_restart_takes_no_accepted_change_back(stage):
    first = Installation(version=3)
    stage.add(InstallationActor(stage.life("installation"), first))
    newer = replaced(stage, 3, Installation(version=4))
    stage.actors.clear()
    stage.add(InstallationActor(stage.life("installation", 2), first))
    assert stage.views.get(VIEW) == newer


def test_a_changed_load_holds_from_the_next_hour(stage):
    stage.add(InstallationActor(stage.life("installation"), Installation(version=3)))
    before = Installation(version=4, devices=(DeviceSpec(1, "Oven", 1, 1, "m", load=1),))
    replaced(stage, 3, before)
    after = replaced(stage, 4, replace(before, version=5, devices=(replace(before.devices[0], load=2),)))
    assert [(row.from_ts > stage.clock.now_ts(), row.load) for row in after.assignments] == [(False, 1), (True, 2)]
    assert stage.views.get(VIEW) is after
