"""The search for devices behind a bus that goes on polling."""

from __future__ import annotations

import pytest

from actors.mailbox.reply import answer, new_reply, refuse, wait_for
from actors.message.device import Perform
from actors.message.scan import CancelScan, StartScan
from actors.service.scanner import Scanner
from runtime.core.modbus.request import Request
from runtime.errors import LinkDown, NoAnswer, WattkeeperError
from runtime.plugin.plugins import load_plugins
from runtime.settings import default_plugins
from tests.actors.stage import Stage

MAPS = {id: found for id, found in load_plugins(default_plugins()).maps.items() if id == "eastron-sdm630"}


class Bus:
    """Answers each Perform in the asking thread, as a bus would later."""

    def __init__(self, there: tuple[int, ...], error: WattkeeperError | None = None) -> None:
        self.there, self.error, self.asked = there, error, []

    def post(self, message: Perform) -> bool:
        request: Request = message.request
        self.asked.append(request.unit)
        if self.error is not None:
            refuse(message.reply, self.error)
        elif request.unit in self.there:
            answer(message.reply, bytes(2 * request.count))
        else:
            refuse(message.reply, NoAnswer("no_answer", "silence"))
        return True


@pytest.fixture
def stage() -> Stage:
    return Stage()


def scanning(stage: Stage, bus: Bus | None, units=(1, 2, 3)) -> Scanner:
    actor = Scanner(stage.incarnation("scanner"), lambda: MAPS)
    stage.add(actor)
    if bus is not None:
        stage.directory.register("bus.4", bus)
    assert wait_for(start(stage, units), 0) is True
    return actor


def start(stage: Stage, units=(1, 2, 3)):
    reply = new_reply()
    stage.directory.post("scanner", StartScan(4, units, False, reply))
    stage.actors[0].on_receive(stage.actors[0].actor_inbox.poll())
    return reply


def goes_on(stage: Stage) -> None:
    stage.clock.advance(30.0)
    stage.play()


def view(stage: Stage):
    return stage.views.get("scan.4")


def test_units_that_answer_are_found_one_after_the_other(stage):
    scanning(stage, Bus((2,)))
    for _ in range(4):
        goes_on(stage)
    assert (view(stage).state, view(stage).asked, [found.unit for found in view(stage).found]) == ("done", 3, [2])


def test_between_two_units_the_bus_is_left_alone(stage):
    bus = Bus(())
    scanning(stage, bus)
    stage.play()
    assert (view(stage).asked, bus.asked) == (1, [1])
    stage.play()
    assert bus.asked == [1]


def test_one_search_at_a_time(stage):
    scanning(stage, Bus(()))
    with pytest.raises(WattkeeperError) as refusal:
        wait_for(start(stage), 0)
    assert refusal.value.code == "scan_busy"


def test_a_search_that_is_ended_keeps_what_it_found_and_another_may_begin(stage):
    scanning(stage, Bus((1,)))
    stage.play()
    stage.directory.post("scanner", CancelScan(4))
    stage.play()
    assert (view(stage).state, len(view(stage).found)) == ("cancelled", 1)
    assert wait_for(start(stage, (9,)), 0) is True
    goes_on(stage)
    goes_on(stage)
    assert (view(stage).state, view(stage).units) == ("done", (9,))


@pytest.mark.parametrize("bus", [None, Bus((), LinkDown("link_refused", "refused"))])
def test_a_bus_that_is_not_there_or_cannot_be_reached_ends_it(stage, bus):
    scanning(stage, bus)
    stage.play()
    assert (view(stage).state, view(stage).code) == ("failed", "link_refused" if bus else "gateway_off")


def test_what_is_interrupted_says_so(stage):
    actor = scanning(stage, Bus(()))
    actor.on_end()
    assert (view(stage).state, view(stage).code) == ("failed", "owner_restarted")
