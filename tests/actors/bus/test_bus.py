import pytest

from actors.bus.bus import Bus
from actors.mailbox.reply import Forwarded, new_reply, wait_for
from actors.message.device import (
    BlockFailed,
    BlockRead,
    BlocksDue,
    LinkChanged,
    PassThrough,
    Perform,
    PlanChanged,
    PlanWanted,
    PollBlock,
)
from runtime.core.device.permit import Permit
from runtime.core.modbus.request import Request
from runtime.core.poll.schedule import LIVE
from runtime.core.wire.rest import Rests
from runtime.errors import BadAnswer, ConfigError, Fault, LinkDown, NoAnswer, Refused, WattkeeperError
from tests.actors.played_line import PlayedLine, registers
from tests.actors.stage import Stage, heard

SILENT = NoAnswer("no_answer", "silent")
REFUSED = LinkDown("link_refused", "refused")


def block(device, number=0, *, period_s=10.0, unit=None, rank=LIVE):
    return PollBlock(device, number, Request(unit or device, 3, 100 * number, 10), period_s, 1.0, rank)


class Scene:
    """A bus with a played line and a played gateway; its thread is the test."""

    def __init__(self, *blocks, factory=None):
        self.stage = Stage()
        self.gateway = self.stage.mailbox("gateway.1")
        self.line = PlayedLine(self.stage.clock)
        self.bus = Bus(
            self.stage.incarnation("bus.1"), 1, "tcp://x", factory or (lambda url, clock: self.line), jitter=lambda: 0.0
        )
        self.stage.add(self.bus)
        self.said = heard(self.gateway)
        self.plan(*blocks)

    def plan(self, *blocks, incarnation=1):
        self.bus.post_self(PlanChanged(incarnation, blocks))
        return self

    def run(self, seconds):
        """Let time pass in small steps; returns what the gateway was told."""
        clock = self.stage.clock
        until = clock.monotonic() + seconds
        self.stage.play()
        while clock.monotonic() < until:
            clock.advance(0.01)
            self.stage.play()
        return heard(self.gateway)

    def ask(self, request, *, timeout_s=1.0, within_s=5.0):
        reply = new_reply()
        self.bus.post_self(Perform(request, timeout_s, self.stage.clock.monotonic() + within_s, reply))
        return reply

    @property
    def view(self):
        return self.stage.views.get("bus.1")


def of(kind, messages):
    return [message for message in messages if isinstance(message, kind)]


def test_a_bus_that_begins_asks_for_its_plan():
    assert Scene().said == [PlanWanted()]


def test_the_plan_runs_unprompted_and_tells_the_gateway():
    scene = Scene(block(1), block(2))
    reads = of(BlockRead, scene.run(35))
    assert [read.device for read in reads[:2]] == [1, 2]
    assert len(reads) in (7, 8)
    assert reads[0].payload == registers(Request(1, 3, 0, 10))
    assert reads[0].incarnation == 1
    assert reads[0].took_ms == 50


def test_a_reading_has_the_time_of_the_middle_of_its_transaction():
    scene = Scene()
    began_ms = scene.stage.clock.now_ms()
    scene.plan(block(1))
    (read,) = of(BlockRead, scene.run(0.1))
    assert read.ts_ms == began_ms + 25


def test_a_plan_of_a_gateway_that_was_replaced_is_ignored():
    scene = Scene().plan(block(1), incarnation=5).plan(block(2), incarnation=4)
    assert {read.device for read in of(BlockRead, scene.run(20))} == {1}


def test_without_anything_to_poll_the_line_is_free_for_others():
    scene = Scene(block(1))
    scene.run(5)
    scene.plan()
    scene.run(1)
    assert not scene.line.is_open
    assert not scene.view.connected


def test_a_silent_device_is_told_and_probed_less_and_less():
    scene = Scene(block(1), block(2))
    scene.line.answers[2] = lambda request: SILENT
    said = scene.run(600)
    assert len(of(BlockRead, said)) >= 55
    assert 10 <= len(of(BlockFailed, said)) <= 16
    assert of(BlockFailed, said)[0].code == "no_answer"
    assert scene.view.errors == {"no_answer": len(of(BlockFailed, said))}


def test_the_time_out_is_learnt_from_good_answers():
    scene = Scene(block(1, period_s=1.0))
    scene.run(40)
    assert scene.line.timeouts_s[0] == 1.0
    assert scene.line.timeouts_s[-1] == 0.25


def test_a_unit_is_not_asked_before_its_late_answers_are_over():
    scene = Scene(block(1, period_s=1.0))
    scene.line.answers[1] = lambda request: SILENT
    scene.line.late[1] = scene.stage.clock.monotonic() + 5.0
    scene.run(4.8)
    assert len(scene.line.asked) == 1


def test_a_block_that_is_refused_is_not_asked_again_soon_and_the_others_go_on():
    scene = Scene(block(1, 0), block(1, 1))
    scene.line.answers[1] = lambda request: Refused(2, "no such register") if request.at else registers(request)
    said = scene.run(55)
    assert [failed.block for failed in of(BlockFailed, said)] == [1]
    assert len(of(BlockRead, said)) >= 5


def test_a_busy_device_is_asked_again_soon():
    scene = Scene(block(1, period_s=60.0))
    scene.line.answers[1] = lambda request: Refused(6, "busy")
    scene.run(3)
    scene.line.answers.clear()
    assert of(BlockRead, scene.run(70))


def test_a_command_overtakes_polling():
    scene = Scene(*(block(device) for device in range(1, 50)))
    scene.line.answers[1] = lambda request: scene.ask(Request(99, 3, 7, 1)) and registers(request)
    scene.run(1)
    assert [request.unit for request in scene.line.asked[:2]] == [1, 99]


def test_the_reply_to_a_command_is_what_was_read():
    scene = Scene()
    reply = scene.ask(Request(7, 3, 0, 2))
    scene.run(0.1)
    assert wait_for(reply, 0) == registers(Request(7, 3, 0, 2))


@pytest.mark.parametrize(
    "error", [SILENT, Refused(2, "no"), BadAnswer("bad_crc", "garbled"), LinkDown("link_lost", "gone")]
)
def test_a_command_that_fails_says_why(error):
    scene = Scene()
    scene.line.answers[7] = lambda request: error
    reply = scene.ask(Request(7, 3, 0, 2))
    scene.run(0.1)
    with pytest.raises(type(error)):
        wait_for(reply, 0)


def test_a_command_that_no_frame_can_hold_is_refused_and_the_bus_lives():
    def impossible(request):
        raise ValueError("count 126")

    scene = Scene(block(1))
    scene.line.answers[7] = impossible
    reply = scene.ask(Request(7, 3, 0, 126))
    assert of(BlockRead, scene.run(1))
    with pytest.raises(WattkeeperError, match="count 126"):
        wait_for(reply, 0)


def test_an_expired_command_never_reaches_the_wire():
    scene = Scene()
    reply = scene.ask(Request(7, 3, 0, 1), within_s=-0.1)
    scene.run(0.1)
    assert scene.line.asked == []
    with pytest.raises(WattkeeperError):
        wait_for(reply, 0)


def test_what_is_asked_without_a_permit_never_writes():
    scene = Scene()
    reply = scene.ask(Request(7, 6, 0, 1, b"\0\1"))
    scene.run(0.1)
    assert scene.line.asked == []
    with pytest.raises(WattkeeperError, match="permit"):
        wait_for(reply, 0)


def test_a_command_waits_for_a_unit_whose_late_answer_may_come():
    scene = Scene()
    scene.line.late[7] = scene.stage.clock.monotonic() + 2.0
    reply = scene.ask(Request(7, 3, 0, 1))
    scene.run(1.9)
    assert scene.line.asked == []
    scene.run(0.3)
    assert wait_for(reply, 0)


def test_a_link_that_is_down_is_told_once_and_tried_again_after_longer_and_longer_waits():
    scene = Scene()
    scene.line.down = REFUSED
    scene.plan(block(1))
    said = scene.run(120)
    assert [(m.up, m.code) for m in of(LinkChanged, said)] == [(False, "link_refused")]
    assert not of(BlockFailed, said)
    assert scene.view.trouble.code == "link_refused"


def test_a_link_that_comes_back_is_told_and_polled_at_once():
    scene = Scene()
    scene.line.down = REFUSED
    scene.plan(block(1))
    scene.run(60)
    scene.line.down = None
    said = scene.run(31)
    assert [m.up for m in of(LinkChanged, said)] == [True]
    assert of(BlockRead, said)
    assert scene.view.connected
    assert scene.view.trouble is None


def test_a_connection_that_breaks_is_made_anew_quietly():
    scene = Scene(block(1, period_s=1.0))
    scene.run(5)
    scene.line.answers[1] = lambda request: LinkDown("link_lost", "reset")
    scene.run(1)
    scene.line.answers.clear()
    said = scene.run(10)
    assert not of(LinkChanged, said)
    assert len(of(BlockRead, said)) >= 8


def test_an_address_that_makes_no_line_is_a_state_and_no_crash():
    def factory(url, clock):
        raise ConfigError([Fault(url, "port", "is wrong", code="url_invalid")])

    scene = Scene(block(1), factory=factory)
    assert [m.code for m in of(LinkChanged, scene.said)] == ["url_invalid"]
    reply = scene.ask(Request(7, 3, 0, 1))
    scene.run(1)
    with pytest.raises(WattkeeperError):
        wait_for(reply, 0)


def test_after_an_edge_the_blocks_that_are_due_come_first():
    scene = Scene(*(block(device, number, period_s=60.0) for device in range(1, 20) for number in (0, 1)))
    scene.run(70)
    scene.line.asked.clear()
    scene.bus.post_self(BlocksDue(1, tuple((device, 1) for device in range(1, 20))))
    scene.run(1)
    assert {request.at for request in scene.line.asked[:19]} == {100}


def test_a_bus_tells_how_busy_its_line_is():
    scene = Scene(block(1, period_s=0.1))
    scene.run(60)
    assert 45 <= scene.view.utilisation_pct <= 55
    assert scene.view.round_s == 0.05
    assert scene.view.polls > 500


def test_ending_hangs_up():
    scene = Scene(block(1))
    scene.run(1)
    scene.bus.on_end()
    assert not scene.line.is_open


def test_the_last_transactions_can_be_looked_at_with_their_errors_and_commands():
    scene = Scene(block(1), block(2))
    scene.line.answers[2] = lambda request: SILENT
    scene.run(1)
    scene.ask(Request(1, 3, 5, 1))
    scene.run(0.5)
    seen = scene.stage.views.get("trace.1").since()
    first, second, *_ = seen
    assert (first.device, first.payload, first.code) == (1, registers(Request(1, 3, 0, 10)), "")
    assert (second.device, second.payload, second.code) == (2, None, "no_answer")
    assert first.took_s == pytest.approx(0.05)
    command = next(each for each in seen if each.request.at == 5)
    assert (command.device, command.payload) == (0, registers(Request(1, 3, 5, 1)))


def test_the_bus_tells_how_old_values_get_as_promised_and_as_measured():
    scene = Scene(block(1, period_s=1.0), block(2, period_s=1.0))
    scene.run(60)
    ages = {age.device: age for age in scene.view.ages}
    assert ages[1].promised_s == pytest.approx(1.25, abs=0.01)
    assert 0.9 < ages[1].measured_s < ages[1].promised_s


def test_a_budget_of_polls_is_kept_and_a_command_does_not_wait_for_it():
    scene = Scene(block(1, period_s=0.0))
    scene.line.poll_gap_s = 0.5
    scene.bus._begin()
    scene.plan(block(1, period_s=0.0))
    scene.run(1.0)
    scene.line.asked.clear()
    scene.run(10.0)
    assert 19 <= len(scene.line.asked) <= 21
    reply = scene.ask(Request(9, 3, 0, 2))
    scene.stage.play()
    assert wait_for(reply, 1.0) == registers(Request(9, 3, 0, 2))


def test_what_was_learnt_of_rests_goes_to_the_recorder():
    stage, line = Stage(), PlayedLine(Stage().clock)
    recorder = stage.mailbox("recorder")
    line.rests = Rests({})
    line.answers[1] = lambda request: line.rests.recall({1: 50}) or SILENT
    bus = Bus(stage.incarnation("bus.1"), 1, "tcp://x", lambda url, clock: line, known_rests=lambda: None)
    stage.add(bus)
    bus.post_self(PlanChanged(1, (block(1),)))
    stage.play()
    (kept,) = heard(recorder)
    assert kept.records == (("rests", 1, {"url": "tcp://x", "rests_ms": [(1, 50)]}),)


class Masters:
    """Other masters that have one request after the other for the bus, so many in all."""

    def __init__(self, scene, *masters, each=10):
        self.scene, self.left = scene, dict.fromkeys(masters, each)
        self.replies = []
        for master in masters:
            self._ask(master)

    def _ask(self, master):
        if self.left[master]:
            self.left[master] -= 1
            deadline = self.scene.stage.clock.monotonic() + 5.0
            box = Forwarded(lambda payload: self._answered(master, None), lambda error: self._answered(master, error))
            self.scene.bus.post_self(PassThrough(master, Request(99, 3, 0, 2), 1.0, deadline, box))

    def _answered(self, master, error):
        self.replies.append((master, error))
        self._ask(master)


def many(count, period_s=10.0):
    return tuple(block(device, period_s=period_s) for device in range(1, count + 1))


def test_other_masters_and_our_own_polls_take_turns():
    scene = Scene(*many(20))
    masters = Masters(scene, "a", "b")
    scene.run(3)
    foreign = [request.unit == 99 for request in scene.line.asked]
    assert len(foreign) == 40 and all(one != other for one, other in zip(foreign, foreign[1:], strict=False))
    served = [who for who, _ in masters.replies]
    assert all(one != other for one, other in zip(served, served[1:], strict=False))


def test_a_command_goes_before_what_other_masters_wait_for():
    scene = Scene(*many(20))
    Masters(scene, *(f"m{number}" for number in range(20)), each=1)
    reply = scene.ask(Request(70, 3, 0, 1))
    scene.run(3)
    assert wait_for(reply, 0.0) and 70 in [request.unit for request in scene.line.asked[:2]]


def test_where_nothing_is_due_or_polled_other_masters_are_served_at_once():
    for blocks in ((block(1, period_s=1000.0),), ()):
        scene = Scene(*blocks)
        scene.run(1)
        began = scene.stage.clock.monotonic()
        masters = Masters(scene, "a", each=20)
        scene.stage.play()
        assert len(masters.replies) == 20 and scene.stage.clock.monotonic() - began < 1.1


def test_a_line_that_is_lost_is_said_to_other_masters():
    scene = Scene(block(1))
    scene.run(1)
    scene.line.down, scene.line.is_open = REFUSED, False
    masters = Masters(scene, "a", each=3)
    scene.run(5)
    assert len(masters.replies) == 3 and all(isinstance(error, LinkDown) for _, error in masters.replies)


def passed_write(scene, permit, unit=1):
    reply, deadline = new_reply(), scene.stage.clock.monotonic() + 5.0
    scene.bus.post_self(PassThrough("a", Request(unit, 6, 7, 1, b"\0\1"), 1.0, deadline, reply, permit))
    return reply


def test_a_write_of_another_master_needs_a_permit_for_its_unit():
    scene = Scene(block(1, period_s=1000.0))
    scene.run(1)
    replies = [passed_write(scene, permit) for permit in (None, Permit(0, 2))]
    scene.run(1)
    assert {request.function for request in scene.line.asked} == {3}
    for reply in replies:
        with pytest.raises(WattkeeperError, match="permit"):
            wait_for(reply, 0)


def test_what_another_master_wrote_to_is_read_again_at_once():
    scene = Scene(block(1, period_s=1000.0), block(2, period_s=1000.0))
    scene.run(1)
    before = len(scene.line.asked)
    reply = passed_write(scene, Permit(0, 1))
    scene.run(1)
    wait_for(reply, 0)
    assert [(each.unit, each.function) for each in scene.line.asked[before:]] == [(1, 6), (1, 3)]


def test_a_command_goes_before_the_writes_of_others_and_they_take_turns_with_our_polls():
    scene = Scene(*many(20))
    for _ in range(8):
        passed_write(scene, Permit(0, 99), 99)
    reply = scene.ask(Request(70, 3, 0, 1))
    scene.run(3)
    units = [request.unit for request in scene.line.asked]
    assert wait_for(reply, 0.0) and 70 in units[:2] and units.count(99) == 8
    assert all((one, other) != (99, 99) for one, other in zip(units, units[1:], strict=False))
