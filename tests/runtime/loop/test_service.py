"""A service is opened, watched, closed, and opened anew by itself when it fails."""

from __future__ import annotations

import asyncio
import logging

import pytest

from runtime.core.restarts import CORE, LEAF
from runtime.loop.service import Registration, ServiceRun


class Played:
    """A service; ``faults`` are what its starts fail with, one after the other."""

    def __init__(self, scene, fault):
        self.scene, self.fault, self.failed = scene, fault, None

    async def start(self, failed):
        self.failed = failed
        self.scene.log.append("start")
        if self.fault is not None:
            raise self.fault

    async def stop(self):
        self.scene.log.append("stop")


class Scene:
    def __init__(self, core=False, faults=()):
        self.loop = asyncio.new_event_loop()
        self.faults, self.log, self.states, self.gave_up, self.services = list(faults), [], [], [], []
        registration = Registration("played", self._make, core)
        self.run = ServiceRun(registration, self.loop, lambda: 0.0, self._note, self.gave_up.append)
        self.run.begin()
        self.settle()

    def _make(self, loop):
        self.services.append(Played(self, self.faults.pop(0) if self.faults else None))
        return self.services[-1]

    def _note(self):
        self.states.append(self.run.state().state)

    def settle(self):
        """Until nothing is due any more."""
        for _ in range(20):
            self.loop.run_until_complete(asyncio.sleep(0))

    def fails(self):
        self.services[-1].failed(RuntimeError("boom"))
        self.settle()


@pytest.fixture
def play(caplog):
    caplog.set_level(logging.CRITICAL + 1, "wattkeeper")
    scenes = []

    def made(**more):
        scenes.append(Scene(**more))
        return scenes[-1]

    yield made
    for scene in scenes:
        scene.loop.run_until_complete(scene.run.end())
        scene.loop.close()


def test_a_service_is_opened_and_closed_once(play):
    scene = play()
    assert scene.run.state().state == "running"
    scene.loop.run_until_complete(scene.run.end())
    assert scene.log == ["start", "stop"] and scene.run.state().state == "ended"


def test_one_that_fails_is_closed_and_opened_anew(play):
    scene = play()
    scene.fails()
    assert scene.log == ["start", "stop", "start"]
    state = scene.run.state()
    assert (state.state, state.restarts, state.error) == ("running", 1, "RuntimeError: boom")


def test_a_start_that_fails_is_tried_again(play):
    scene = play(faults=[OSError("port in use")])
    assert scene.log == ["start", "stop", "start"] and scene.run.state().state == "running"


def test_what_an_earlier_one_says_counts_no_more(play):
    scene = play()
    scene.fails()
    scene.services[0].failed(RuntimeError("late"))
    scene.settle()
    assert len(scene.services) == 2


def test_one_that_keeps_failing_is_put_in_quarantine(play):
    scene = play(faults=[OSError("no")] * 50)
    assert scene.run.state().state == "quarantined" and len(scene.services) == LEAF.crashes
    assert scene.gave_up == []


def test_a_core_one_that_keeps_failing_is_told(play):
    scene = play(core=True, faults=[OSError("no")] * 50)
    assert len(scene.services) == CORE.crashes and scene.gave_up == ["played keeps failing: OSError: no"]


def test_one_that_hangs_while_it_closes_is_given_up(play, monkeypatch):
    monkeypatch.setattr("runtime.loop.service.STOP_S", 0.01)
    scene = play()

    async def hang():
        await asyncio.Event().wait()

    scene.services[0].stop = hang
    scene.fails()
    scene.loop.run_until_complete(asyncio.sleep(0.02))
    scene.settle()
    assert len(scene.services) == 2 and scene.run.state().state == "running"
