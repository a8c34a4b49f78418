"""The supervisor: a plain thread that starts, watches, restarts and stops the actors. It never waits for one of them.

What is decided is in ``nursery.py`` and ``runtime/core/restarts.py``; here it is carried out.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from actors.mailbox.base import Actor, launch
from actors.mailbox.directory import Directory
from actors.mailbox.incarnation import BeatAnswered, ChildExit, Incarnation
from actors.message.device import EventReported
from actors.supervision.child import Fatal, Handle, Launch, Note
from actors.supervision.childspec import ChildSpec, check_specs
from actors.supervision.decisions import Decisions
from runtime.clock import Clock
from runtime.core.view import SUPERVISOR_VIEW, ChildState, SupervisorView
from runtime.errors import InvariantBroken
from runtime.viewboard import Views

__all__ = ["ChildSpec", "Supervisor", "check_specs"]

IDLE_S = 2.0  # looks around at least that often, so that its own silence is noticed

log = logging.getLogger("wattkeeper.supervisor")


class Supervisor:
    """Children, in the order of their start.

    on_fatal  called once from the supervisor's thread with a code ("core_crashed", "core_stuck", "too_many_abandoned",
              "supervisor_died") and a sentence when the process cannot go on; must return at once and not call ``stop``
    random    source of the jitter
    events    name that gets an EventNoted when a child is quarantined, stuck, abandoned or well again
    """

    def __init__(
        self,
        directory: Directory,
        clock: Clock,
        views: Views,
        on_fatal: Callable[[str, str], None],
        *,
        random: Random | None = None,
        events: str = "recorder",
    ) -> None:
        self._directory, self._clock, self._views = directory, clock, views
        self._on_fatal, self._events = on_fatal, events
        self._inbox: queue.SimpleQueue[tuple[Callable[[Any, float], None], Any]] = queue.SimpleQueue()
        self._nursery = Decisions((random or Random()).random)
        self._actors: dict[tuple[str, int], Actor] = {}
        self._names: set[str] = set()
        self._names_lock = threading.Lock()
        self._view = SupervisorView()
        self._fatal = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    # ---- any thread

    def start(self, specs: Sequence[ChildSpec] = ()) -> None:
        """Start the children in their order; each begins in its own thread and is not waited for."""
        self.take_in(specs)
        self._thread.start()

    def take_in(self, specs: Sequence[ChildSpec]) -> None:
        """Several children at once; when one spec is faulty, none is taken. Raises InvariantBroken."""
        with self._names_lock:
            check_specs(specs, self._names)
            self._names.update(spec.name for spec in specs if spec.restart != "temporary")
        for spec in specs:
            self._inbox.put((self._nursery.add, spec))

    def add(self, spec: ChildSpec) -> None:
        """Start one more child, behind its kind or as the last. Raises InvariantBroken."""
        self.take_in((spec,))

    def remove(self, name: str) -> None:
        """Stop a child and forget it; nothing happens when there is none."""
        with self._names_lock:
            self._names.discard(name)
        self._inbox.put((self._nursery.remove, name))

    def replace(self, spec: ChildSpec) -> None:
        """Stop the child of that name and start the new one in its place. Raises InvariantBroken."""
        check_specs((spec,))
        with self._names_lock:
            self._names.add(spec.name)
        self._inbox.put((self._nursery.replace, spec))

    def stop(self, timeout_s: float = 60.0) -> bool:
        """End all children, the last started first. True when every thread ended within its deadline."""
        if threading.current_thread() is self._thread:
            raise InvariantBroken("stop_from_inside", "the supervisor's own thread cannot wait for itself")
        self._inbox.put((self._nursery.stop_all, None))
        if not self._thread.is_alive():
            return self._nursery.finished
        return self._ended.wait(timeout_s) and self._nursery.clean

    def children(self) -> tuple[ChildState, ...]:
        """As the view has them: at most one look old."""
        return self._view.children

    # ---- the supervisor's thread

    def _run(self) -> None:
        try:
            while not self._nursery.finished:
                self.step(self._wait_s())
        finally:
            if not self._nursery.finished:
                self._carry_out_fatal(Fatal("supervisor_died", "the supervisor's thread ended by an error"))
            self._ended.set()

    def _wait_s(self) -> float:
        return min(max(0.0, self._nursery.next_due() - self._clock.monotonic()), IDLE_S)

    def step(self, wait_s: float = 0.0) -> None:
        """Take in what happened (waiting for it at most that long), do what is due, publish what has become of it."""
        if wait_s > 0:
            try:
                happened = self._inbox.get(timeout=wait_s)
            except queue.Empty:
                pass
            else:
                self._take_up(happened)
        for _ in range(self._inbox.qsize()):  # what comes meanwhile waits for the next step: deadlines come first
            self._take_up(self._inbox.get_nowait())
        self._nursery.tick(self._clock.monotonic())
        self._carry_out()
        self._publish()

    def _take_up(self, happened: tuple[Callable[[Any, float], None], Any]) -> None:
        handler, subject = happened
        handler(subject, self._clock.monotonic())
        self._carry_out()

    def _publish(self) -> None:
        now = self._clock.monotonic()
        if self._nursery.changed or now - self._view.at >= IDLE_S / 2:
            self._view = SupervisorView(now, self._nursery.states(), self._nursery.abandoned())
            self._views.publish(SUPERVISOR_VIEW, self._view)

    def _carry_out(self) -> None:
        for command in self._nursery.take():
            match command:
                case Launch():
                    self._launch(command)
                case Handle():
                    self._handle(command)
                case Note():
                    self._note(command)
                case Fatal():
                    self._carry_out_fatal(command)

    def _launch(self, command: Launch) -> None:
        name, number = command.spec.name, command.incarnation
        incarnation = Incarnation(name, number, self._directory, self._clock, self._views, self._report)
        actor = launch(command.spec.factory, incarnation)
        if isinstance(actor, ChildExit):
            self._report(actor)
        else:
            self._actors[name, number] = actor

    def _report(self, report: ChildExit | BeatAnswered) -> None:
        """In the child's thread."""
        if isinstance(report, ChildExit):
            self._inbox.put((self._bury, report))
        else:
            self._inbox.put((self._nursery.answered, report))

    def _bury(self, ending: ChildExit, now: float) -> None:
        actor = self._actors.pop((ending.name, ending.incarnation), None)
        if actor is not None and actor.thread is not None:
            actor.thread.join(1.0)  # reporting was the last thing it did
        self._nursery.exited(ending, now)

    def _handle(self, command: Handle) -> None:
        actor = self._actors.get((command.name, command.incarnation))
        if actor is None:  # has ended; its report is on the way
            return
        match command.what:
            case "ask_stop":
                actor.ask_stop()
            case "beat" if actor.thread is not None and not actor.thread.is_alive():
                self._report(ChildExit(command.name, command.incarnation, "crashed", "its thread ended without a word"))
            case "beat":
                actor.beat()
            case "close_held":
                threading.Thread(target=actor.close_held, name=f"close {command.name}", daemon=True).start()
            case "fence":
                actor.fence()

    def _note(self, note: Note) -> None:
        log.warning("%s: %s (%s)", note.name, note.code, note.detail)
        self._directory.post(self._events, EventReported(self._clock.now_ms(), note.name, note.code, note.detail))

    def _carry_out_fatal(self, fatal: Fatal) -> None:
        log.critical("%s: %s", fatal.code, fatal.detail)
        if not self._fatal:
            self._fatal = True
            self._on_fatal(fatal.code, fatal.detail)
