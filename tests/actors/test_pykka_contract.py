"""What actors/mailbox/base.py relies on inside Pykka. A release that changes it fails here and not in the field."""

from __future__ import annotations

import inspect
import logging
import queue
import threading
from typing import Any

import pykka
import pytest
from pykka import _actor, _threading
from pykka._envelope import Envelope
from pykka.messages import _ActorStop


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.CRITICAL, "pykka")


@pytest.fixture(autouse=True)
def _clean_registry():
    yield
    pykka.ActorRegistry.stop_all(timeout=60)


class Plain(pykka.ThreadingActor):
    use_daemon_thread = True

    def __init__(self, failing: str = "", error: type[BaseException] = RuntimeError) -> None:
        super().__init__()
        self.failing, self.error = failing, error
        self.calls: list[str] = []

    def _note(self, what: str) -> None:
        self.calls.append(what)
        if what == self.failing:
            raise self.error(what)

    def on_start(self) -> None:
        self._note("start")

    def on_receive(self, message: Any) -> Any:
        self._note("receive")
        return message

    def on_stop(self) -> None:
        self._note("stop")

    def on_failure(self, *_error: Any) -> None:
        self._note("failure")


class Threaded(Plain):
    """Keeps its thread, as our base does."""

    def _start_actor_loop(self) -> None:
        self.thread = threading.Thread(target=self._actor_loop, daemon=True)
        self.thread.start()


def started(*arguments: Any) -> Threaded:
    actor = Threaded(*arguments)
    actor._start_actor_loop()
    return actor


def test_the_private_methods_we_override_have_the_shape_we_know():
    shapes = {
        name: list(inspect.signature(getattr(pykka.ThreadingActor, name)).parameters)
        for name in ("_actor_loop", "_actor_loop_setup", "_actor_loop_running", "_start_actor_loop", "_stop")
    }
    assert shapes == dict.fromkeys(shapes, ["self"])
    assert list(inspect.signature(_actor.Actor._handle_receive).parameters) == ["self", "message"]
    assert list(inspect.signature(_actor.Actor._handle_failure).parameters)[1:] == [
        "exception_type",
        "exception_value",
        "traceback",
    ]
    assert isinstance(inspect.getattr_static(_threading.ThreadingActor, "_create_actor_inbox"), staticmethod)


def test_the_inbox_is_made_by_a_call_on_the_instance_in_the_constructor():
    made: list[object] = []

    class Owner(pykka.ThreadingActor):
        def _create_actor_inbox(self) -> Any:
            made.append(self)
            return pykka.ThreadingActor._create_actor_inbox()

    owner = Owner()
    assert made == [owner]


def test_an_actor_that_was_only_constructed_is_in_no_registry_and_has_no_thread():
    threads = threading.active_count()
    Plain()
    assert pykka.ActorRegistry.get_all() == []
    assert threading.active_count() == threads


def test_tell_and_ask_put_envelopes_into_the_inbox():
    actor = Plain()
    actor.actor_ref.tell("a")
    actor.actor_ref.ask("b", block=False)
    envelopes = [actor.actor_inbox.get(), actor.actor_inbox.get()]
    assert all(type(envelope) is Envelope for envelope in envelopes)
    assert [(envelope.message, envelope.reply_to is None) for envelope in envelopes] == [("a", True), ("b", False)]


def test_the_running_loop_takes_message_and_reply_box_from_whatever_the_inbox_gives():
    class Inbox:
        envelope = Envelope(None)
        messages = [_ActorStop(), "b", "a"]

        def get(self) -> Any:
            self.envelope.message = self.messages.pop()
            return self.envelope

    actor = Plain()
    actor.actor_inbox = Inbox()
    actor._actor_loop_running()
    assert actor.calls == ["receive", "receive", "stop"]


def test_the_loop_ends_when_the_stopped_flag_is_set_after_a_message():
    actor = Plain()
    actor.on_receive = lambda _message: actor.actor_stopped.set()
    actor.actor_ref.tell("a")
    actor.actor_ref.tell("b")
    actor._actor_loop_running()
    assert actor.actor_inbox.qsize() == 1


def test_a_failing_start_is_logged_and_nobody_is_told():
    actor = started("start")
    actor.thread.join(60)
    assert actor.calls == ["start"]


def test_a_failing_tell_calls_on_failure_and_not_on_stop():
    actor = started("receive")
    actor.actor_ref.tell("a")
    actor.thread.join(60)
    assert actor.calls == ["start", "receive", "failure"]


def test_a_failing_ask_leaves_the_actor_alive():
    actor = started("receive")
    with pytest.raises(RuntimeError):
        actor.actor_ref.ask("a", timeout=60)
    assert actor.thread.is_alive()
    actor.stop()
    actor.thread.join(60)


def test_a_system_exit_in_a_handler_stops_every_registered_actor():
    neighbour = Plain.start()
    actor = started("receive", SystemExit)
    actor.actor_ref.tell("a")
    actor.thread.join(60)
    assert not neighbour.is_alive()


def test_a_system_exit_in_on_start_leaves_the_loop():
    actor = Plain("start", SystemExit)
    with pytest.raises(SystemExit):
        actor._actor_loop_setup()


def test_a_stop_waits_behind_the_backlog():
    actor = Plain()
    actor.actor_ref.tell("a")
    actor.stop()
    assert [actor.actor_inbox.get().message for _ in range(2)] == ["a", _ActorStop()]


def test_an_actor_calls_itself_dead_while_it_still_releases():
    alive: list[bool] = []

    class Releasing(Threaded):
        def on_stop(self) -> None:
            alive.append(self.actor_ref.is_alive())

    actor = Releasing()
    actor._start_actor_loop()
    actor.stop()
    actor.thread.join(60)
    assert alive == [False]


def test_a_tell_to_a_dead_actor_raises():
    actor = started()
    actor.stop()
    actor.thread.join(60)
    with pytest.raises(pykka.ActorDeadError):
        actor.actor_ref.tell("a")


def test_unregistering_one_who_is_not_registered_is_allowed():
    pykka.ActorRegistry.unregister(Plain().actor_ref)


def test_a_future_is_filled_once():
    future = pykka.ThreadingFuture()
    future.set(1)
    with pytest.raises(queue.Full):
        future.set(2)
    with pytest.raises(queue.Full):
        future.set_exception((RuntimeError, RuntimeError(), None))
    assert future.get(timeout=0) == 1
