"""One loop for all services of the process, and the next one when it crashed."""

from __future__ import annotations

import logging
import threading

import pytest

from runtime.loop.loop import ProcessLoop
from runtime.viewboard import Views
from tests.actors.stage import eventually


class Played:
    def __init__(self, scene, name, loop):
        self.scene, self.name, self.loop, self.failed = scene, name, loop, None

    async def start(self, failed):
        self.failed = failed
        self.scene.open[self.name] = self

    async def stop(self):
        self.scene.open.pop(self.name, None)


class Scene:
    def __init__(self):
        self.views, self.open, self.threads, self.endings = Views(), {}, [], []
        self.process_loop = ProcessLoop(self.views, lambda: 7.0)

    def add(self, name):
        self.process_loop.add(name, lambda loop: Played(self, name, loop))

    def start(self):
        self.run = self.process_loop.fresh()
        self.threads.append(threading.Thread(target=self._serve, args=(self.run,), daemon=True))
        self.threads[-1].start()

    def _serve(self, run):
        try:
            run.run()
            self.endings.append("stopped")
        except SystemExit:
            self.endings.append("crashed")

    def serves(self, *names):
        return eventually(lambda: set(self.open) == set(names))

    def crash(self):
        def die():
            raise SystemExit("shot")

        self.run.post(die)
        self.threads[-1].join(60)


@pytest.fixture
def scene(caplog):
    caplog.set_level(logging.CRITICAL + 1, "wattkeeper")
    made = Scene()
    yield made
    made.run.stop()
    for thread in made.threads:
        thread.join(60)
        assert not thread.is_alive()


def test_services_that_came_before_the_loop_are_served_by_it(scene):
    scene.add("front")
    scene.start()
    assert scene.serves("front")
    assert eventually(lambda: [each.state for each in scene.views.get("loop").services] == ["running"])
    assert scene.views.get("loop").at == 7.0


def test_a_service_may_come_and_go_while_it_runs(scene):
    scene.start()
    scene.add("front")
    scene.add("modbus")
    assert scene.serves("front", "modbus")
    scene.process_loop.remove("front")
    assert set(scene.open) == {"modbus"}
    scene.process_loop.remove("nobody")


def test_another_of_the_same_name_takes_its_place(scene):
    scene.start()
    scene.add("front")
    assert scene.serves("front")
    before = scene.open["front"]
    scene.add("front")
    assert eventually(lambda: scene.open.get("front") not in (None, before))


def test_a_crash_closes_all_and_a_fresh_loop_serves_all_again(scene):
    scene.add("front")
    scene.add("modbus")
    scene.start()
    assert scene.serves("front", "modbus")
    scene.crash()
    assert scene.endings == ["crashed"] and scene.open == {}
    scene.start()
    assert scene.serves("front", "modbus")


def test_one_service_that_fails_leaves_the_others_alone(scene):
    scene.add("front")
    scene.add("modbus")
    scene.start()
    assert scene.serves("front", "modbus")
    front, modbus = scene.open["front"], scene.open["modbus"]
    scene.run.post(modbus.failed, RuntimeError("boom"))
    assert eventually(lambda: scene.open.get("modbus") not in (None, modbus))
    assert scene.open["front"] is front


def test_a_loop_that_was_replaced_while_it_hung_ends_when_it_wakes_up(scene):
    scene.start()
    hangs, first = threading.Event(), scene.threads[0]
    scene.run.post(hangs.wait)
    scene.start()
    scene.add("front")
    assert scene.serves("front")
    hangs.set()
    first.join(60)
    assert not first.is_alive() and set(scene.open) == {"front"}


def test_a_loop_that_is_stopped_before_it_ran_ends_at_once(scene):
    scene.run = scene.process_loop.fresh()
    scene.run.stop()
    scene.run.run()
    assert not scene.run.post(print)
