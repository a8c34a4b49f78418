"""The base of all actors: Pykka's thread and loop, our mailbox, and an ending that is always reported.

Pykka 4.5 by itself does not report a failing start, lets a SystemExit in one actor stop all, queues ``stop`` behind the
backlog and calls itself dead while it still releases its port. The private methods overridden here are pinned by
``tests/actors/test_pykka_contract.py``.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, TypeVar

import pykka
from pykka.messages import _ActorStop

from actors.mailbox.flag import Flag
from actors.mailbox.incarnation import Beat, BeatAnswered, ChildExit, Incarnation
from actors.mailbox.mailbox import COMMAND, CONTROL, IDLE, ORDINARY, Mailbox
from actors.mailbox.reply import describe_restart, refuse
from actors.message.device import Begin
from runtime.clock import Clock
from runtime.errors import InvariantBroken, WattkeeperError
from runtime.viewboard import ViewKey

__all__ = ["COMMAND", "CONTROL", "IDLE", "ORDINARY", "Actor", "ChildExit", "Closable", "Incarnation", "launch"]

V = TypeVar("V")

log = logging.getLogger("wattkeeper.actors")

_OWN: Mapping[type, int] = MappingProxyType({Begin: CONTROL, Beat: CONTROL, _ActorStop: CONTROL})
_STOP = _ActorStop()
_BEAT = Beat()
_BEGIN = Begin()


class Closable(Protocol):
    def close(self) -> None: ...


class Running(Protocol):
    """A thread, or a stay on somebody else's."""

    def is_alive(self) -> bool: ...
    def join(self, timeout: float | None = None) -> None: ...


class Host(Protocol):
    """A thread that reads the mailboxes of many actors."""

    def admit(self, actor: Actor) -> Running:
        """Read its mailbox from now on. Raises InvariantBroken when there is no such thread at the moment."""

    def call(self, actor: Actor) -> None:
        """Something is in its mailbox. From any thread."""


class Actor(pykka.ThreadingActor):
    """One thread, one mailbox; one with a ``host`` lives on the host's thread. Subclasses write ``on_receive`` and
    ``on_end`` and leave Pykka's hooks alone.

    A bug in either crashes the actor, unless it ``outlives`` that message: its mailbox is dropped, reply boxes are told
    ``owner_restarted``, the supervisor decides. Expected trouble is a message, never an exception.
    """

    use_daemon_thread = True  # a stuck one must not keep the process alive
    work: Any = None  # steps in hand of one that lives with others (``drivers.steps``), and the wire they wait for
    wire: Any = None
    may_leave_work = True  # a stop need not wait for them
    PRIORITY: ClassVar[Mapping[type, int]] = MappingProxyType({})
    _ranks: ClassVar[Mapping[type, int]] = _OWN

    def __init_subclass__(cls, **wanted: Any) -> None:
        super().__init_subclass__(**wanted)
        cls._ranks = {**cls.PRIORITY, **_OWN}

    def __init__(self, incarnation: Incarnation, host: Host | None = None) -> None:
        self.incarnation = incarnation
        self.clock: Clock = incarnation.clock
        self.host = host
        super().__init__()
        stopped: Any = Flag()
        self.actor_stopped = self._actor_ref.actor_stopped = stopped
        self.thread: Running | None = None
        self._held: list[Closable] = []
        self._fenced = False
        self._in_hand: Any = None
        self._error = ""

    # ---- for subclasses

    def on_receive(self, message: Any) -> None:
        """Handle one message; the first is always ``Begin``."""
        raise NotImplementedError

    def on_end(self) -> None:
        """Release what is owned. Called once, in this thread, at any ending - also before ``Begin`` was handled."""

    def outlives(self, _message: Any) -> bool:
        """Whether its own state is beyond doubt although handling a message failed. A leaf starts anew instead; a
        core actor, which would take the process along, says yes wherever it can: that message is refused and reported.
        """
        return False

    def attempt(self, work: Callable[[], V], *, quiet: bool = False) -> V | WattkeeperError:
        """What it gives, or its error; what it raises beside comes back as message_failed, and is a line of the log."""
        try:
            return work()
        except WattkeeperError as error:
            return error
        except Exception as error:
            return _refusal(error) if quiet else self._report_failure("what it was given", error)

    def post(self, name: str, message: object) -> bool:
        """Tell a peer; False when nobody reads it. A fenced incarnation says nothing any more."""
        return not self._fenced and self.incarnation.directory.post(name, message)

    def post_self(self, message: object) -> None:
        self.actor_inbox.post(message)

    def post_later(self, delay_s: float, message: object) -> None:
        """Tell oneself after a while. Only from this actor's own thread."""
        self.actor_inbox.later(delay_s, message)

    def publish(self, key: ViewKey[V], view: V) -> None:
        """Pin a view to the board, unless a newer incarnation has taken over."""
        if not self._fenced:
            self.incarnation.views.publish(key, view)

    @property
    def has_crashed(self) -> bool:
        """Whether what is in hand cannot be relied on; asked by ``on_end``."""
        return bool(self._error)

    def waiting(self) -> bool:
        """Is something better than an idle message in the mailbox?"""
        return self.actor_inbox.waiting()

    def hold(self, closable: Closable) -> None:
        """Let the supervisor close this from outside, to wake a call that blocks on it; the ending closes it too."""
        if closable not in self._held:
            self._held.append(closable)

    def let_go(self, closable: Closable) -> None:
        """Undo ``hold``."""
        if closable in self._held:
            self._held.remove(closable)

    # ---- for the supervisor, from its thread

    def ask_stop(self) -> None:
        """Stop after the message in hand, ahead of the backlog."""
        self.actor_inbox.post(_STOP)

    def beat(self) -> None:
        self.actor_inbox.post(_BEAT)

    def close_held(self) -> None:
        """Close what the actor may be blocked on. Runs in a thread of its own, since closing may block as well."""
        for closable in tuple(self._held):
            try:
                closable.close()
            except Exception:
                log.exception("%s: closing %r from outside failed", self.incarnation.name, closable)

    def fence(self) -> None:
        """Give up this incarnation: it may run on, but nothing it posts or publishes arrives, and its name is free."""
        self._fenced = True
        self.actor_stopped.set()
        self.incarnation.directory.unregister(self.incarnation.name, self.actor_inbox)
        self._refuse_in_hand(describe_restart(self.incarnation.name))
        self.actor_inbox.close()
        if self.host is not None:
            self.host.call(self)  # to be put out

    # ---- Pykka's private side

    actor_inbox: Mailbox

    def _create_actor_inbox(self) -> Mailbox:  # type: ignore[override]  # Pykka's is static but called on the instance
        return Mailbox(self.incarnation.clock, self._ranks, self.incarnation.name, self._posted())

    def _posted(self) -> Callable[[], None] | None:
        """What the mailbox calls after each post."""
        host = self.host
        return None if host is None else lambda: host.call(self)

    def _start_actor_loop(self) -> None:
        self.incarnation.directory.register(self.incarnation.name, self.actor_inbox)
        if self.host is not None:
            self.thread = self.host.admit(self)
            return
        thread = self.thread = threading.Thread(
            target=self._actor_loop, name=self.incarnation.name, daemon=self.use_daemon_thread
        )
        thread.start()

    def _actor_loop(self) -> None:
        try:
            self._actor_loop_setup()
            self._actor_loop_running()
        except BaseException as error:  # a SystemExit from an overridden on_start
            self._crash(error)
        finally:
            self._end()

    def on_start(self) -> None:
        self.actor_inbox.first(_BEGIN)

    def _handle_receive(self, message: Any) -> None:
        if type(message) is Beat:
            self.incarnation.report(
                BeatAnswered(self.incarnation.name, self.incarnation.number, self.actor_inbox.depth())
            )
            return
        if type(message) is _ActorStop:
            self._stop()
            return
        self._in_hand = message
        try:
            self.on_receive(message)
        except BaseException as error:  # SystemExit too: Pykka would stop every actor of the process
            if not (isinstance(error, Exception) and self.outlives(message)):
                self._crash(error)
                raise InvariantBroken("actor_crashed", self._error) from error  # for a caller of Pykka's ask
            self._refuse_in_hand(self._report_failure(type(message).__name__, error))
        self._in_hand = None

    def _report_failure(self, what: str, error: Exception) -> WattkeeperError:
        """In one line: what came from outside is no reason for a traceback."""
        refused = _refusal(error)
        last = traceback.extract_tb(error.__traceback__)[-1:]
        where = "".join(f" ({Path(frame.filename).name}:{frame.lineno})" for frame in last)
        log.error("%s refused %s: %s%s", self.incarnation.name, what, refused.message, where)
        return refused

    def _handle_failure(self, _kind: Any, error: BaseException | None, _traceback: Any) -> None:
        self._crash(error)

    def _crash(self, error: BaseException | None) -> None:
        self.actor_stopped.set()
        if not self._error:  # Pykka's loop comes by here once more with our own InvariantBroken
            self._error = f"{type(error).__name__}: {error}"
            log.error("%s (incarnation %d) crashed", self.incarnation.name, self.incarnation.number, exc_info=error)

    def _end(self) -> None:
        """The one way out: give up the name, release, tell those who wait, report."""
        self.incarnation.directory.unregister(self.incarnation.name, self.actor_inbox)
        try:
            self.on_end()
        except BaseException as error:
            self._crash(error)
        self.close_held()
        if self._error:
            self._refuse_in_hand(describe_restart(self.incarnation.name))
        self.actor_inbox.close()
        pykka.ActorRegistry.unregister(self.actor_ref)
        reason = "crashed" if self._error else "normal"
        self.incarnation.report(ChildExit(self.incarnation.name, self.incarnation.number, reason, self._error))

    def _refuse_in_hand(self, error: WattkeeperError) -> None:
        reply: Any = getattr(self._in_hand, "reply", None)
        if hasattr(reply, "set_exception"):
            refuse(reply, error)


def _refusal(error: Exception) -> WattkeeperError:
    if isinstance(error, WattkeeperError):
        return error
    return WattkeeperError("message_failed", f"{type(error).__name__}: {error!s:.200}")


def launch(factory: Callable[[Incarnation], Actor], incarnation: Incarnation) -> Actor | ChildExit:
    """Make and start one incarnation. A factory that fails is an ending like any other."""
    actor = None
    try:
        actor = factory(incarnation)
        actor._start_actor_loop()
    except Exception as error:
        if actor is not None:
            actor.fence()  # no thread to be had
        log.exception("%s (incarnation %d) could not be made", incarnation.name, incarnation.number)
        return ChildExit(incarnation.name, incarnation.number, "crashed", f"{type(error).__name__}: {error}")
    return actor
