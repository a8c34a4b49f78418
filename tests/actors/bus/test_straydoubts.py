from actors.bus.straydoubts import StrayDoubts
from actors.message.device import PollBlock
from runtime.core.modbus.request import Request


class Doubting:
    """A line of which the test says what became suspect."""

    def __init__(self) -> None:
        self.is_suspect, self.stray = False, set()

    def take_stray(self):
        stray, self.stray = self.stray, set()
        return stray


def block(device, unit):
    return PollBlock(device, 0, Request(unit, 3, 0, 10), 1.0)


def test_a_line_whose_answers_name_their_requests_is_never_doubted():
    reported = []
    doubts = StrayDoubts(reported.append)
    doubts.watch(object())
    assert doubts.note_answer(block(7, 1)) is False
    doubts.look()
    assert reported == []


def test_the_newest_block_of_a_unit_whose_answer_became_suspect_is_reported_once():
    reported, line = [], Doubting()
    doubts = StrayDoubts(reported.append)
    doubts.watch(line)
    assert doubts.note_answer(block(7, 1)) is False
    line.stray, line.is_suspect = {1, 9}, True
    assert doubts.note_answer(block(8, 2)) is True
    line.stray = {1}
    doubts.look()
    assert [each.device for each in reported] == [7]


def test_blocks_of_a_former_plan_are_not_reported():
    reported, line = [], Doubting()
    doubts = StrayDoubts(reported.append)
    doubts.watch(line)
    doubts.note_answer(block(7, 1))
    doubts.forget()
    line.stray = {1}
    doubts.look()
    assert reported == []
