from __future__ import annotations

import logging
import sys
import threading
from typing import Any

import pykka
import pytest

from actors.mailbox.base import Actor, ChildExit, Incarnation, launch
from actors.mailbox.incarnation import Beat, BeatAnswered
from actors.mailbox.reply import new_reply, wait_for
from actors.message.device import Begin, Minute
from runtime.errors import WattkeeperError
from tests.actors.stage import Do, Doer, LiveStage, Stage, eventually, heard, joined


@pytest.fixture
def stage() -> LiveStage:
    return LiveStage()


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.CRITICAL, "wattkeeper.actors")


class Diary(Actor):
    """Writes down what happens to it."""

    def __init__(self, incarnation: Incarnation, fails_at: str = "", error: type[BaseException] = RuntimeError) -> None:
        super().__init__(incarnation)
        self.lines: list[str] = []
        self.fails_at, self.error = fails_at, error

    def on_receive(self, message: Any) -> None:
        self._write("begin" if isinstance(message, Begin) else "message")

    def on_end(self) -> None:
        self._write("end")

    def _write(self, line: str) -> None:
        self.lines.append(line)
        if line == self.fails_at:
            raise self.error("as the test wants")


def exits(stage: LiveStage | Stage) -> list[ChildExit]:
    return [report for report in stage.reports if isinstance(report, ChildExit)]


# ---- every ending is reported once


def test_a_normal_stop_is_reported(stage):
    diary = stage.start(Diary(stage.incarnation("a", 3)))
    diary.ask_stop()
    assert joined(diary)
    assert exits(stage) == [ChildExit("a", 3, "normal")]
    assert diary.lines == ["begin", "end"]


@pytest.mark.parametrize("error", [RuntimeError, SystemExit, KeyboardInterrupt, GeneratorExit, MemoryError])
@pytest.mark.parametrize("where", ["begin", "message"])
def test_whatever_a_handler_raises_is_a_crash_of_that_actor(stage, where, error):
    diary = stage.start(Diary(stage.incarnation("a"), where, error))
    diary.post_self(Minute(0))
    assert joined(diary)
    assert exits(stage) == [ChildExit("a", 1, "crashed", f"{error.__name__}: as the test wants")]
    assert diary.lines[-1] == "end"


@pytest.mark.parametrize("error", [RuntimeError, SystemExit])
def test_a_failing_ending_is_a_crash_reported_once(stage, error):
    diary = stage.start(Diary(stage.incarnation("a"), "end", error))
    diary.ask_stop()
    assert joined(diary)
    assert exits(stage) == [ChildExit("a", 1, "crashed", f"{error.__name__}: as the test wants")]


@pytest.mark.parametrize("error", [RuntimeError, SystemExit])
def test_a_failing_on_start_is_a_crash(stage, error):
    class Stillborn(Diary):
        def on_start(self) -> None:
            raise error("as the test wants")

    diary = stage.start(Stillborn(stage.incarnation("a")))
    assert joined(diary)
    assert [exit.reason for exit in exits(stage)] == ["crashed"]
    assert diary.lines == ["end"]


def test_the_first_error_is_the_one_reported(stage):
    class Clumsy(Diary):
        def on_end(self) -> None:
            raise ValueError("second")

    diary = stage.start(Clumsy(stage.incarnation("a"), "message"))
    diary.post_self(Minute(0))
    assert joined(diary)
    assert [exit.error for exit in exits(stage)] == ["RuntimeError: as the test wants"]


def test_an_actor_that_stops_itself_ends_normally(stage):
    doer = stage.start(Doer(stage.incarnation("a")))
    doer.post_self(Do(lambda actor: actor.stop()))
    assert joined(doer)
    assert exits(stage) == [ChildExit("a", 1, "normal")]


def test_a_factory_that_fails_is_an_ending_too(stage):
    def factory(incarnation: Incarnation) -> Actor:
        raise OSError("no such port")

    assert launch(factory, stage.incarnation("a", 2)) == ChildExit("a", 2, "crashed", "OSError: no such port")


def test_an_actor_without_a_thread_to_be_had_is_an_ending_too(stage, monkeypatch):
    def no_thread(_self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    ended = launch(Diary, stage.incarnation("a"))
    assert ended == ChildExit("a", 1, "crashed", "RuntimeError: can't start new thread")
    assert stage.directory.names() == ()


def test_a_crash_is_logged_once_with_its_traceback(stage, caplog):
    caplog.set_level(logging.ERROR, "wattkeeper.actors")
    diary = stage.start(Diary(stage.incarnation("a"), "begin"))
    assert joined(diary)
    crashed = "a (incarnation 1) crashed"
    assert [(record.message, bool(record.exc_info)) for record in caplog.records] == [(crashed, True)]


def test_a_system_exit_in_one_actor_leaves_the_others_alone(stage):
    neighbour = stage.start(Diary(stage.incarnation("b")))
    diary = stage.start(Diary(stage.incarnation("a"), "begin", SystemExit))
    assert joined(diary)
    neighbour.post_self(Minute(0))
    assert eventually(lambda: neighbour.lines == ["begin", "message"])
    neighbour.ask_stop()
    assert joined(neighbour)


# ---- order


def test_begin_comes_before_what_was_posted_earlier(stage):
    diary = Diary(stage.incarnation("a"), "message")
    diary.post_self(Minute(0))
    stage.start(diary)
    assert joined(diary)
    assert diary.lines == ["begin", "message", "end"]


def test_a_stop_overtakes_the_backlog(stage):
    entered, go_on = threading.Event(), threading.Event()

    def wait(_actor: Actor) -> None:
        entered.set()
        go_on.wait(60)

    done: list[int] = []
    doer = stage.start(Doer(stage.incarnation("a")))
    doer.post_self(Do(wait))
    entered.wait(60)
    for number in range(100):
        doer.post_self(Do(lambda _actor, n=number: done.append(n)))
    doer.ask_stop()
    go_on.set()
    assert joined(doer)
    assert done == []


def test_a_beat_is_answered_ahead_of_the_backlog():
    stage = Stage()
    diary = Diary(stage.incarnation("a", 4))
    for _ in range(3):
        diary.post_self(Minute(0))
    diary.beat()
    message = diary.actor_inbox.poll()
    diary._handle_receive(message)
    assert message == Beat()
    assert stage.reports == [BeatAnswered("a", 4, 3)]


# ---- reply boxes


def test_a_crash_answers_the_request_in_hand_and_those_that_wait(stage):
    entered, go_on = threading.Event(), threading.Event()

    def fail(_actor: Actor) -> None:
        entered.set()
        go_on.wait(60)
        raise RuntimeError

    doer = stage.start(Doer(stage.incarnation("a")))
    replies = [new_reply(), new_reply()]
    doer.post_self(Do(fail, replies[0]))
    entered.wait(60)
    doer.post_self(Do(lambda _actor: None, replies[1]))
    go_on.set()
    for reply in replies:
        with pytest.raises(WattkeeperError) as refusal:
            wait_for(reply, 5)
        assert refusal.value.code == "owner_restarted"


def test_a_request_that_was_handled_may_be_answered_after_a_later_crash(stage):
    doer = stage.start(Doer(stage.incarnation("a")))
    reply = new_reply()
    doer.post_self(Do(lambda _actor: None, reply))
    doer.post_self(Do(lambda _actor: sys.exit()))
    assert joined(doer)
    with pytest.raises(WattkeeperError, match="no reply"):
        wait_for(reply, 0)


# ---- names, fencing, closing


def test_a_name_is_given_up_before_the_ending_is_reported(stage):
    seen: list[bool] = []
    incarnation = Incarnation(
        "a", 1, stage.directory, stage.clock, stage.views, lambda _r: seen.append("a" in stage.directory.names())
    )
    diary = stage.start(Diary(incarnation))
    diary.ask_stop()
    assert joined(diary)
    assert seen == [False]


def test_a_fenced_life_neither_posts_nor_publishes():
    stage = Stage()
    box = stage.mailbox("recorder")
    diary = stage.add(Diary(stage.incarnation("a")))
    stage.views.publish("a", "newer")
    diary.fence()
    assert not diary.post("recorder", Minute(0))
    diary.publish("a", "older")
    assert (heard(box), stage.views.get("a")) == ([], "newer")


def test_a_fenced_life_ends_when_it_wakes_up(stage):
    entered, go_on = threading.Event(), threading.Event()

    def sleep(_actor: Actor) -> None:
        entered.set()
        go_on.wait(60)

    doer = stage.start(Doer(stage.incarnation("a")))
    reply = new_reply()
    doer.post_self(Do(sleep, reply))
    entered.wait(60)
    doer.fence()
    assert stage.directory.names() == ()
    with pytest.raises(WattkeeperError):
        wait_for(reply, 0)
    go_on.set()
    assert joined(doer)
    assert exits(stage) == [ChildExit("a", 1, "normal")]


class Port:
    closed = 0

    def close(self) -> None:
        self.closed += 1
        raise OSError("already gone")


def test_what_is_held_is_closed_at_any_ending_even_if_closing_fails(stage):
    port, other = Port(), Port()

    def begin(actor: Actor) -> None:
        actor.hold(port)
        actor.hold(port)
        actor.hold(other)
        actor.let_go(other)
        raise RuntimeError

    doer = stage.start(Doer(stage.incarnation("a")))
    doer.post_self(Do(begin))
    assert joined(doer)
    assert (port.closed, other.closed) == (1, 0)
    assert len(exits(stage)) == 1


def test_an_actor_can_wake_itself_later(stage):
    woken = threading.Event()
    doer = stage.start(Doer(stage.incarnation("a")))
    doer.post_self(Do(lambda actor: actor.post_later(0.01, Do(lambda _actor: woken.set()))))
    assert woken.wait(60)
    doer.ask_stop()
    assert joined(doer)


def test_an_ended_actor_leaves_nothing_in_pykkas_registry(stage):
    reference = Diary.start(stage.incarnation("a"))
    assert reference in pykka.ActorRegistry.get_all()
    reference.stop()
    assert eventually(lambda: reference not in pykka.ActorRegistry.get_all())


def test_a_caller_of_pykkas_ask_is_told_of_the_crash(stage):
    reference = Diary.start(stage.incarnation("a"), "message")
    with pytest.raises(WattkeeperError, match="as the test wants"):
        reference.ask(Minute(0), timeout=60)
