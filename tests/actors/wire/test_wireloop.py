"""Actors that live on one thread: their messages, timers and endings, and what becomes of them when the thread ends."""

import threading

import pytest

from actors.bus.bus import Bus
from actors.mailbox.base import Actor, ChildExit
from actors.mailbox.incarnation import BeatAnswered
from actors.mailbox.reply import new_reply, wait_for
from actors.message.device import BlockRead, Perform, PlanChanged, PollBlock
from actors.wire.wireloop import WireHost, WireLoop
from drivers.gateways.modbus import TCP
from runtime.core.modbus.request import Request
from runtime.errors import InvariantBroken, WattkeeperError
from tests.actors.stage import Do, LiveStage, eventually, heard, joined
from tests.drivers.adapters.peer import registers, tcp_peer, tcp_reply


class Guest(Actor):
    """Does what it is given; notes in which thread."""

    def __init__(self, incarnation, host):
        super().__init__(incarnation, host)
        self.threads = []
        self.ended = False

    def on_receive(self, message):
        self.threads.append(threading.current_thread().name)
        if isinstance(message, Do):
            message.action(self)

    def on_end(self):
        self.ended = True


class Scene(LiveStage):
    def __init__(self):
        super().__init__()
        self.host = WireHost()
        self.loop = self.start(WireLoop(self.incarnation("wire"), self.host))

    def guest(self, name):
        return self.start(Guest(self.incarnation(name), self.host))

    def bus(self, id, port):
        self.peer = self.mailbox(f"gateway.{id}")
        return self.start(Bus(self.incarnation(f"bus.{id}"), id, f"tcp://127.0.0.1:{port}", TCP.prompt, host=self.host))

    def mailbox(self, name):
        from actors.mailbox.mailbox import Mailbox

        box = Mailbox(self.clock, owner=name)
        self.directory.register(name, box)
        return box

    def exits(self):
        return {report.name: report for report in self.reports if isinstance(report, ChildExit)}

    def close(self):
        self.loop.ask_stop()
        assert joined(self.loop, 5.0)


@pytest.fixture
def scene():
    scene = Scene()
    yield scene
    scene.close()


def test_actors_without_a_thread_are_served_by_the_loops(scene):
    guests = [scene.guest(f"guest.{number}") for number in range(50)]
    before = threading.active_count()
    for guest in guests:
        guest.post_self(Do(lambda actor: None))
    assert eventually(lambda: all(len(guest.threads) == 2 for guest in guests), 5)
    assert {name for guest in guests for name in guest.threads} == {"wire"}
    assert threading.active_count() == before


def test_what_is_posted_for_later_comes_then(scene):
    guest, came = scene.guest("guest"), []
    guest.post_self(Do(lambda actor: actor.post_later(0.02, Do(lambda _: came.append(1)))))
    assert eventually(lambda: came, 5)


def test_timers_do_not_pile_up_behind_one_that_is_far_off(scene):
    guest, rang = scene.guest("guest"), []
    guest.post_self(Do(lambda actor: actor.post_later(600.0, Do(lambda _: None))))

    def ring(actor):
        rang.append(1)
        if len(rang) < 200:
            actor.post_later(0.001, Do(ring))

    guest.post_self(Do(ring))
    assert eventually(lambda: len(rang) == 200, 20)
    assert len(scene.loop._timers) <= 2


def test_it_says_that_it_is_alive(scene):
    guest = scene.guest("guest")
    guest.beat()
    scene.loop.beat()
    assert eventually(
        lambda: {each.name for each in scene.reports if isinstance(each, BeatAnswered)} == {"guest", "wire"}
    )


def test_one_that_crashes_takes_no_other_along(scene):
    one, other = scene.guest("one"), scene.guest("other")
    one.post_self(Do(lambda actor: 1 / 0))
    assert joined(one, 5.0)
    assert scene.exits()["one"].reason == "crashed" and one.ended
    other.post_self(Do(lambda actor: None))
    assert eventually(lambda: len(other.threads) == 2, 5)
    other.ask_stop()
    assert joined(other, 5.0) and scene.exits()["other"].reason == "normal"


def test_one_that_is_given_up_is_put_out_and_says_nothing_more(scene):
    guest, box = scene.guest("guest"), scene.mailbox("peer")
    guest.fence()
    assert joined(guest, 5.0)
    assert not guest.post("peer", "hello") and heard(box) == []


def test_when_the_thread_ends_all_that_live_on_it_end_and_can_begin_on_the_next(scene):
    guest = scene.guest("guest")
    scene.loop.post_self(object())  # nothing that it knows: a bug
    assert joined(scene.loop, 5.0) and joined(guest, 5.0)
    assert {name: report.reason for name, report in scene.exits().items()} == {"wire": "crashed", "guest": "crashed"}
    with pytest.raises(InvariantBroken):
        scene.guest("guest")
    scene.loop = scene.start(WireLoop(scene.incarnation("wire", 2), scene.host))
    again = scene.guest("guest")
    again.post_self(Do(lambda actor: None))
    assert eventually(lambda: len(again.threads) == 2, 5)


def test_a_thread_that_is_killed_ends_them_too(scene):
    guest = scene.guest("guest")

    def die(_actor):
        raise SystemExit

    scene.loop._take_in = die  # in the loop itself, outside any actor's messages
    guest.post_self(Do(lambda actor: None))
    assert joined(scene.loop, 5.0)
    assert eventually(lambda: not guest.thread.is_alive(), 5)
    scene.loop = scene.start(WireLoop(scene.incarnation("wire", 2), scene.host))


def test_a_bus_reads_and_hands_over(scene):
    with tcp_peer(lambda request: [tcp_reply(request)]) as peer:
        bus = scene.bus(1, peer.port)
        block = PollBlock(7, 0, Request(5, 3, 100, 10), 0.0, 1.0)
        scene.directory.post("bus.1", PlanChanged(1, (block,)))
        reads = []
        assert eventually(
            lambda: reads.extend(m for m in heard(scene.peer) if isinstance(m, BlockRead)) or len(reads) > 2
        )
        assert {read.payload for read in reads} == {registers(100, 10)}
        reply = new_reply()
        scene.directory.post("bus.1", Perform(Request(5, 3, 0, 2), 1.0, scene.clock.monotonic() + 5, reply))
        assert wait_for(reply, 5.0) == registers(0, 2)
        bus.ask_stop()
        assert joined(bus, 5.0)


def test_the_loop_sleeps_while_a_bus_waits_though_something_was_posted_for_later(scene):
    with tcp_peer(lambda request: []) as peer:
        bus, turns = scene.bus(1, peer.port), []
        bus.post_self(Perform(Request(5, 3, 0, 2), 30.0, scene.clock.monotonic() + 30, new_reply()))
        assert eventually(lambda: peer.heard, 5)
        bus.actor_inbox.later(0.0, PlanChanged(1, ()))
        turn = scene.loop._turn
        scene.loop._turn = lambda: (turns.append(1), turn())
        for _ in range(3):
            scene.loop.beat()
            assert eventually(lambda: scene.loop.actor_inbox.empty(), 5)
        assert len(turns) < 20
        bus.close_held()


def test_whoever_waits_for_an_answer_is_told_when_the_loop_ends(scene):
    with tcp_peer(lambda request: []) as peer:
        scene.bus(1, peer.port)
        reply = new_reply()
        scene.directory.post("bus.1", Perform(Request(5, 3, 0, 2), 30.0, scene.clock.monotonic() + 30, reply))
        assert eventually(lambda: peer.heard, 5)
        scene.loop.ask_stop()
        with pytest.raises(WattkeeperError) as caught:
            wait_for(reply, 5.0)
        assert caught.value.code == "owner_restarted"
