"""The owner of the event loop crashes with it, so that its supervisor makes both anew."""

from __future__ import annotations

import logging

import pytest

from actors.loop.loop import LOOK_S, SILENT_S, Loop
from runtime.core.view import LoopView
from runtime.errors import InvariantBroken
from runtime.loop.loop import ProcessLoop
from tests.actors.stage import ManualClock, Stage, eventually


class Scene:
    def __init__(self):
        self.stage = Stage(ManualClock())
        self.process_loop = ProcessLoop(self.stage.views, self.stage.clock.monotonic)
        self.loop = self.stage.add(Loop(self.stage.incarnation("loop"), self.process_loop))

    def wait(self, seconds):
        for _ in range(round(seconds / LOOK_S)):
            self.stage.clock.advance(LOOK_S)
            self.stage.play()


@pytest.fixture
def scene(caplog):
    caplog.set_level(logging.CRITICAL + 1, "wattkeeper")
    made = Scene()
    assert eventually(lambda: made.stage.views.get("loop") is not None)
    yield made
    made.loop.on_end()


def test_it_runs_until_its_owner_ends(scene):
    scene.loop.on_end()
    assert not scene.loop._serving.is_alive()


def test_a_loop_whose_thread_ends_crashes_its_owner(scene):
    def die():
        raise SystemExit("shot")

    scene.loop._run.post(die)
    scene.loop._serving.join(60)
    with pytest.raises(InvariantBroken, match="SystemExit: shot"):
        scene.stage.play()


def test_a_loop_that_hangs_crashes_its_owner(scene):
    scene.loop._run.stop()
    scene.loop._serving.join(60)
    assert scene.loop.actor_inbox.poll() is not None  # that it ended: here it shall be silence
    scene.stage.views.publish("loop", LoopView(scene.stage.clock.monotonic()))
    scene.wait(SILENT_S)
    with pytest.raises(InvariantBroken, match="hangs"):
        scene.wait(3)


def test_a_process_that_stood_still_is_no_loop_that_hangs(scene):
    scene.stage.clock.advance(SILENT_S * 3)
    scene.stage.play()
    scene.stage.views.publish("loop", LoopView(scene.stage.clock.monotonic()))
    scene.wait(2)
