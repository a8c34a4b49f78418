"""A listener with a played feed and told time: its thread is the test."""

import pytest

from actors.bus.listener import HAND_S, HEAR_S, MOST_AT_ONCE, Listener
from actors.mailbox.reply import new_reply, wait_for
from actors.message.device import (
    BlockFailed,
    BlockRead,
    BlocksDue,
    LinkChanged,
    Perform,
    PlanChanged,
    PlanWanted,
    PollBlock,
    WriteNow,
    Written,
)
from drivers.feed import Frame
from runtime.core.modbus.request import Request
from runtime.core.source.query import Expected
from runtime.errors import BadAnswer, ConfigError, Fault, LinkDown, WattkeeperError
from tests.actors.stage import Stage, heard

REFUSED, LOST = LinkDown("link_refused", "refused"), LinkDown("link_lost", "lost")
PERIOD_S = 10.0


class PlayedFeed:
    """``coming``: what comes next, each after ``every_s`` of told time."""

    def __init__(self, clock):
        self.clock, self.coming, self.every_s = clock, [], 0.05
        self.is_open, self.opened, self.closed, self.down = False, 0, False, None

    def open(self):
        if self.down is not None:
            raise self.down
        self.is_open = True
        self.opened += 1

    def hear(self, timeout_s):
        if not self.coming:
            self.clock.advance(timeout_s)
            return None
        self.clock.advance(self.every_s)
        next_one = self.coming.pop(0)
        if isinstance(next_one, LinkDown):
            self.is_open = False
        if isinstance(next_one, WattkeeperError):
            raise next_one
        return next_one

    def hang_up(self):
        self.is_open = False

    def close(self):
        self.closed = True


def block(device, unit=None, name="", *, number=0, period_s=PERIOD_S):
    return PollBlock(device, number, Expected(unit or device, name, period_s), period_s)


class Scene:
    def __init__(self, *blocks, make=None):
        self.stage = Stage()
        self.gateway = self.stage.mailbox("gateway.1")
        self.feed = PlayedFeed(self.stage.clock)
        self.listener = Listener(
            self.stage.incarnation("bus.1"), 1, "s0://x", make or (lambda url, clock: self.feed), jitter=lambda: 0.0
        )
        self.stage.add(self.listener)
        self.began = heard(self.gateway)
        self.plan(*blocks)

    def plan(self, *blocks, incarnation=1):
        self.listener.post_self(PlanChanged(incarnation, blocks))

    def run(self, seconds):
        """Returns what the gateway was told meanwhile; at the end nothing is on its way."""
        clock = self.stage.clock
        until = clock.monotonic() + seconds
        while clock.monotonic() < until:
            if not self.stage._turn(self.listener):
                clock.advance(0.01)
        return heard(self.gateway)

    def hears(self, *frames, seconds=1.0):
        self.feed.coming += frames
        return self.run(seconds)

    def ask(self, wanted, *, timeout_s=1.0, within_s=30.0):
        reply = new_reply()
        self.listener.post_self(Perform(wanted, timeout_s, self.stage.clock.monotonic() + within_s, reply))
        return reply

    @property
    def view(self):
        return self.stage.views.get("bus.1")

    @property
    def trace(self):
        return self.stage.views.get("trace.1").since()


def of(kind, messages):
    return [message for message in messages if isinstance(message, kind)]


def test_it_asks_for_its_plan_like_any_bus():
    assert Scene().began == [PlanWanted()]


def test_a_frame_goes_to_the_device_that_sent_it_with_the_time_it_came():
    scene = Scene(block(7, unit=3), block(8, unit=4))
    scene.run(1)
    now_ms = scene.stage.clock.now_ms()
    (read,) = of(BlockRead, scene.hears(Frame(4, "", b"12")))
    assert (read.device, read.block, read.payload, read.incarnation) == (8, 0, b"12", 1)
    assert now_ms <= read.ts_ms <= now_ms + 1000


def test_kinds_of_frames_are_told_apart_by_their_name():
    scene = Scene(block(7, 3, "index"), block(7, 3, "power", number=1))
    reads = of(BlockRead, scene.hears(Frame(3, "power", b"p"), Frame(3, "index", b"i"), Frame(3, "other", b"o")))
    assert {(read.block, read.payload) for read in reads} == {(1, b"p"), (0, b"i")}


def test_of_a_flood_only_the_newest_is_handed_on_and_none_is_lost_at_its_end():
    scene = Scene(block(7))
    scene.feed.every_s = 0.001
    reads = of(BlockRead, scene.hears(*(Frame(7, "", b"%d" % n) for n in range(500)), seconds=2.0))
    assert 2 <= len(reads) <= 12
    assert reads[-1].payload == b"499"


def test_who_floods_is_slowed_down():
    scene = Scene(block(7))
    scene.feed.every_s = 0.0
    scene.feed.coming = [Frame(7, "", b"1")] * 100_000
    scene.run(5.0)
    taken = 100_000 - len(scene.feed.coming)
    assert 0.8 * 5.0 * MOST_AT_ONCE / HAND_S <= taken <= 1.1 * 5.0 * MOST_AT_ONCE / HAND_S


def test_who_falls_silent_fails_once_a_period_and_is_told_when_it_speaks_again():
    scene = Scene(block(7), block(8))
    said = scene.run(3.5 * PERIOD_S)
    failures = of(BlockFailed, said)
    assert [failure.device for failure in failures] == [7, 8, 7, 8, 7, 8]
    assert {failure.code for failure in failures} == {"frame_silent"}
    assert "address 7 for 10 s" in failures[0].detail
    assert scene.view.errors == {"frame_silent": 6}
    assert of(BlockRead, scene.hears(Frame(7, "", b"1")))


def test_while_frames_come_in_time_nobody_fails():
    scene = Scene(block(7))
    said = []
    for _ in range(20):
        said += scene.hears(Frame(7, "", b"1"), seconds=PERIOD_S - 1)
    assert not of(BlockFailed, said)
    (age,) = scene.view.ages
    assert age.device == 7 and age.promised_s >= PERIOD_S


def test_a_damaged_frame_is_counted_and_shown_and_nothing_else():
    scene = Scene(block(7))
    said = scene.hears(BadAnswer("frame_damaged", "check is wrong"))
    assert not of(BlockRead, said) and not of(BlockFailed, said)
    assert scene.view.errors == {"frame_damaged": 1}
    assert [(each.device, each.code) for each in scene.trace] == [(0, "frame_damaged")]


def test_the_trace_shows_who_spoke_also_who_is_not_configured():
    scene = Scene(block(7, unit=3))
    scene.hears(Frame(3, "", b"a"), Frame(9, "", b"b"))
    assert [(each.device, each.request.unit, each.received()) for each in scene.trace] == [(7, 3, b"a"), (0, 9, b"b")]


def test_a_link_that_breaks_is_mended_quietly():
    scene = Scene(block(7))
    scene.hears(Frame(7, "", b"1"))
    assert of(LinkChanged, scene.hears(LOST)) == []
    assert scene.feed.opened == 2


def test_a_link_on_which_nothing_is_ever_heard_is_tried_less_and_less():
    scene = Scene(block(7))
    scene.feed.coming = [LOST] * 1000
    changes = of(LinkChanged, scene.run(120))
    assert scene.feed.opened < 20
    assert (False, "link_lost") in {(change.up, change.code) for change in changes}


def test_a_gateway_that_cannot_be_reached_is_told_and_no_device_blamed():
    scene = Scene(block(7))
    scene.feed.down = REFUSED
    scene.run(1)
    said = scene.run(60)
    assert not of(BlockFailed, said)
    assert (scene.view.connected, scene.view.trouble.code) == (False, "link_refused")
    scene.feed.down = None
    assert [change.up for change in of(LinkChanged, scene.run(35))] == [True]


def test_without_anybody_to_hear_the_port_is_free_for_others():
    scene = Scene(block(7))
    scene.run(1)
    scene.plan()
    scene.run(1)
    assert not scene.feed.is_open and not scene.view.connected


def test_who_watches_changes_nothing():
    scene = Scene(block(7))
    said = []
    for _ in range(12):
        said += scene.run(PERIOD_S / 4)
        scene.plan(block(7))
    assert of(BlockFailed, said)


def test_a_plan_of_a_gateway_that_was_replaced_is_ignored():
    scene = Scene()
    scene.plan(block(7), incarnation=5)
    scene.plan(block(8), incarnation=4)
    reads = of(BlockRead, scene.hears(Frame(7, "", b"1"), Frame(8, "", b"1")))
    assert {read.device for read in reads} == {7}


def test_a_test_gets_the_newest_frame_or_waits_for_the_next():
    scene = Scene(block(7))
    scene.run(1)
    waiting = scene.ask(Expected(7, "", PERIOD_S))
    scene.hears(Frame(7, "", b"1"))
    assert wait_for(waiting, 0.1) == b"1"
    known = scene.ask(Expected(7, "", PERIOD_S))
    scene.run(HEAR_S)
    assert wait_for(known, 0.1) == b"1"


def test_a_test_of_who_is_silent_ends_with_that():
    scene = Scene(block(7))
    reply = scene.ask(Expected(7, "", PERIOD_S))
    scene.run(PERIOD_S + 1)
    with pytest.raises(WattkeeperError) as refusal:
        wait_for(reply, 0.1)
    assert refusal.value.code == "frame_silent"


def test_a_test_says_why_there_is_no_link_also_without_devices():
    scene = Scene()
    scene.feed.down = REFUSED
    reply = scene.ask(Expected(1))
    scene.run(1)
    with pytest.raises(WattkeeperError) as refusal:
        wait_for(reply, 0.1)
    assert refusal.value.code == "link_refused"


def test_it_can_neither_be_asked_nor_told():
    scene = Scene(block(7))
    reply = scene.ask(Request(7, 3, 0, 1))
    scene.listener.post_self(WriteNow(5, (Request(7, 6, 0, 1, b"\0\1"),), (), None, 1.0, 1e9, 1))
    scene.listener.post_self(BlocksDue(1, ((7, 0),)))
    (written,) = of(Written, scene.run(1))
    assert (written.serial, written.sent, written.refused) == (5, 0, True)
    with pytest.raises(WattkeeperError) as refusal:
        wait_for(reply, 0.1)
    assert refusal.value.code == "request_invalid"


def test_an_address_that_cannot_be_used_is_told():
    def make(url, clock):
        raise ConfigError([Fault(url, "", "names no host", "", "url_invalid")])

    scene = Scene(make=make)
    assert [(change.up, change.code) for change in of(LinkChanged, scene.began)] == [(False, "url_invalid")]


def test_its_end_frees_the_port_and_tells_who_waits():
    scene = Scene(block(7))
    reply = scene.ask(Expected(7, "", PERIOD_S))
    scene.run(1)
    scene.listener.close_held()
    scene.listener.on_end()
    assert scene.feed.closed and not scene.feed.is_open
    with pytest.raises(WattkeeperError) as refusal:
        wait_for(reply, 0.1)
    assert refusal.value.code == "owner_restarted"
