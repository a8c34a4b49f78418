from actors.bus.exchange import Blocking, Prompt
from drivers.steps import READ, without_waiting
from runtime.core.modbus.request import Request
from tests.actors.played_line import PlayedLine, registers
from tests.actors.stage import Stage

REQUEST = Request(1, 3, 0, 2)


def test_what_blocks_leaves_no_step_to_wait_in():
    exchange = Blocking(PlayedLine(Stage().clock))
    without_waiting(exchange.opening())
    assert exchange.line.is_open
    assert without_waiting(exchange.transact(REQUEST, 1.0)) == registers(REQUEST)


class Stepping:
    """A line whose answer has to be waited for."""

    def opening(self):
        yield from ()

    def steps(self, request, timeout_s):
        return (yield READ, timeout_s, request.count)


def test_what_is_prompt_leaves_the_waiting_to_others():
    steps = Prompt(Stepping()).transact(REQUEST, 1.0)
    assert next(steps) == (READ, 1.0, 2)
