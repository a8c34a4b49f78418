"""Writes on a bus: with a permit only, once only, read back at once."""

import pytest

from actors.message.device import BlockRead, LinkChanged, PlanChanged, WriteNow, Written
from runtime.core.device.permit import permit_for
from runtime.core.modbus.request import Request
from runtime.errors import LinkDown, NoAnswer, Refused
from tests.actors.bus.test_bus import Scene, block, of

WRITE = Request(7, 6, 10, 1, b"\0\1")
READ = Request(7, 3, 10, 1)
SILENT = NoAnswer("no_answer", "silent")


class Device:
    id, unit, model, name, trial_until_ts = 9, 7, "known", "Door", 0


def permit():
    return permit_for(Device, 7, "published", 0, demo=False)


def ask(scene, *, writes=(WRITE,), reads=(READ,), allowed="yes", within_s=5.0, incarnation=1, serial=1):
    deadline = scene.stage.clock.monotonic() + within_s
    given = permit() if allowed == "yes" else allowed
    scene.bus.post_self(WriteNow(serial, writes, reads, given, 1.0, deadline, incarnation))


def written(scene, seconds=0.2):
    (found,) = of(Written, scene.run(seconds))
    return found


def acknowledged(request):
    return b"" if request.function > 4 else b"\0\1"


def test_a_write_goes_ahead_of_polling_and_is_read_back_before_anything_else():
    scene = Scene(block(1), block(2))
    scene.line.answers[7] = acknowledged
    ask(scene)
    found = written(scene)
    assert (found.sent, found.payloads, found.code) == (1, (b"\0\1",), "")
    assert scene.line.asked[:2] == [WRITE, READ] and len(scene.line.asked) == 4


def test_without_a_permit_nothing_is_written():
    scene = Scene()
    ask(scene, allowed=None)
    found = written(scene)
    assert (found.sent, found.code, found.refused) == (0, "write_not_permitted", True)
    assert scene.line.asked == []


def test_a_permit_for_another_unit_is_none():
    scene = Scene()
    ask(scene, writes=(WRITE, Request(8, 6, 10, 1, b"\0\1")))
    assert written(scene).code == "write_not_permitted"
    assert scene.line.asked == []


def test_a_permit_that_ended_while_the_bus_was_busy_is_none():
    class Trial(Device):
        trial_until_ts = 0

    scene = Scene()
    Trial.trial_until_ts = scene.stage.clock.now_ts() + 60
    until = permit_for(Trial, 7, "provisional", scene.stage.clock.now_ts(), demo=False)
    scene.stage.clock.advance(61)
    ask(scene, allowed=until)
    assert written(scene).code == "write_not_permitted"
    assert scene.line.asked == []


def test_a_write_does_not_hide_among_reads():
    scene = Scene()
    ask(scene, writes=(), reads=(READ, WRITE), allowed=None)
    assert written(scene).code == "write_not_permitted"
    assert scene.line.asked == []


def test_a_write_whose_time_is_up_never_reaches_the_wire():
    scene = Scene()
    ask(scene, within_s=-0.1)
    found = written(scene)
    assert (found.sent, found.code, found.refused) == (0, "command_late", True)
    assert scene.line.asked == []


def test_reading_back_needs_no_permit():
    scene = Scene()
    scene.line.answers[7] = acknowledged
    ask(scene, writes=(), allowed=None)
    assert written(scene).payloads == (b"\0\1",)


def test_a_write_that_the_device_refuses_is_told_and_what_it_is_now_is_read():
    scene = Scene()
    scene.line.answers[7] = lambda request: Refused(3, "no") if request.function == 6 else b"\0\0"
    ask(scene)
    found = written(scene)
    assert (found.sent, found.code, found.refused, found.payloads) == (1, "exception_3", True, (b"\0\0",))


def test_a_write_without_an_answer_is_not_sent_again():
    scene = Scene()
    scene.line.answers[7] = lambda request: SILENT if request.function == 6 else b"\0\1"
    ask(scene, writes=(WRITE, Request(7, 6, 11, 1, b"\0\1")))
    found = written(scene, 3)
    assert (found.sent, found.code, found.refused, found.payloads) == (1, "no_answer", False, (b"\0\1",))
    assert [request for request in scene.line.asked if request.function == 6] == [WRITE]


def test_what_cannot_be_read_back_is_no_payload():
    scene = Scene()
    scene.line.answers[7] = lambda request: b"" if request.function == 6 else SILENT
    ask(scene)
    assert written(scene, 3).payloads == (None,)


def test_time_that_is_up_between_two_writes_ends_them():
    scene = Scene()
    scene.line.answers[7] = acknowledged
    scene.line.takes_s = 0.5
    ask(scene, writes=(WRITE, WRITE, WRITE), within_s=0.8)
    found = written(scene, 3)
    assert (found.sent, found.code, found.refused) == (2, "command_late", False)


def test_a_write_that_no_frame_can_hold_is_refused_and_the_bus_lives():
    def impossible(request):
        raise ValueError("count 126")

    scene = Scene(block(1))
    scene.line.answers[7] = impossible
    ask(scene, reads=())
    said = scene.run(1)
    assert of(Written, said)[0].code == "request_invalid"
    assert of(BlockRead, said)


@pytest.mark.parametrize("polled", [True, False])
def test_without_a_link_nothing_is_sent_and_that_is_certain(polled):
    scene = Scene(*[block(1)] * polled)
    scene.line.down = LinkDown("link_refused", "refused")
    ask(scene)
    said = scene.run(0.1)
    found = of(Written, said)[0]
    assert (found.sent, found.code, found.refused) == (0, "link_refused", True)
    assert [told.up for told in of(LinkChanged, said)] == [False]


def test_a_write_waits_for_a_unit_whose_late_answer_may_come():
    scene = Scene()
    scene.line.answers[7] = acknowledged
    scene.line.late[7] = scene.stage.clock.monotonic() + 2.0
    ask(scene)
    assert not of(Written, scene.run(1.9))
    assert written(scene, 0.3).code == ""


def test_a_gateway_that_was_replaced_writes_no_more():
    scene = Scene()
    scene.bus.post_self(PlanChanged(5, ()))
    scene.run(0.1)
    ask(scene, incarnation=4)
    assert not of(Written, scene.run(1))
    assert scene.line.asked == []
