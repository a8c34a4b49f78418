import pytest

from actors.bus.buslog import BusLog
from actors.bus.exchange import Blocking
from actors.bus.link import Link
from actors.bus.orders import Orders
from actors.mailbox.reply import new_reply, wait_for
from actors.message.device import Perform, WriteNow
from drivers.steps import without_waiting
from runtime.core.modbus.request import Request
from runtime.errors import NoAnswer, WattkeeperError
from tests.actors.played_line import PlayedLine, registers
from tests.actors.stage import Stage

READ = Request(5, 3, 0, 2)


class Scene:
    def __init__(self):
        self.clock = Stage().clock
        self.line = PlayedLine(self.clock)
        self.later, self.reported, self.links = [], [], []
        link = Link(self.clock, lambda: 0.0, self.links.append, lambda: None)
        self.log = BusLog(self.clock, 10)
        self.orders = Orders(self.clock, link, self.log, self.comes_later, self.reported.append)

    def comes_later(self, delay_s, message):
        self.later.append((round(delay_s, 3), message))

    def asks(self, request=READ, *, within_s=5.0, exchange=True):
        message = Perform(request, 1.0, self.clock.monotonic() + within_s, new_reply())
        without_waiting(self.orders.perform(Blocking(self.line) if exchange else None, message))
        return message.reply

    def writes(self, *, exchange=True):
        message = WriteNow(1, (), (READ,), None, 1.0, self.clock.monotonic() + 5.0, 1)
        without_waiting(self.orders.write(Blocking(self.line) if exchange else None, message))


def refusal(reply):
    with pytest.raises(WattkeeperError) as caught:
        wait_for(reply, 1.0)
    return caught.value.code


def test_whoever_asks_is_answered_and_the_line_is_opened_for_it():
    scene = Scene()
    assert wait_for(scene.asks(), 1.0) == registers(READ)
    assert scene.line.is_open and scene.links[0].up
    assert scene.log.trace.since()[0].device == 0


def test_what_cannot_be_asked_is_refused_with_its_cause():
    scene = Scene()
    scene.line.answers[5] = lambda _: NoAnswer("no_answer", "silent")
    assert refusal(scene.asks()) == "no_answer"
    assert refusal(scene.asks(Request(5, 6, 0, 1))) == "write_not_permitted"
    assert refusal(scene.asks(exchange=False)) == "no_answer"
    assert refusal(scene.asks(within_s=0.0)) == "no_answer"


def test_a_unit_whose_answer_may_be_under_way_is_asked_later():
    scene = Scene()
    scene.line.late[5] = scene.clock.monotonic() + 1.5
    scene.asks()
    assert [delay_s for delay_s, _ in scene.later] == [1.5] and scene.line.asked == []


def test_what_was_written_is_reported_also_when_there_is_no_line():
    scene = Scene()
    scene.writes()
    assert scene.reported[0].payloads == (registers(READ),)
    scene.writes(exchange=False)
    assert (scene.reported[1].code, scene.reported[1].refused) == ("gateway_off", True)
