"""The supervisor's decisions: what happened goes in, what is to be done comes out. No threads, no clock, no actors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from actors.mailbox.incarnation import BeatAnswered, ChildExit
from actors.supervision.child import Child, Command, Fatal, Handle, Launch, Note
from actors.supervision.childspec import ChildSpec
from actors.supervision.childtable import ChildTable
from runtime.core.restarts import Escalate, Leave, Record, Rest, StartAgain, after_exit, began, is_stable, release
from runtime.core.view import ChildState

GRACE_S = 1.0  # between closing what a child holds and giving it up
MOST_ABANDONED = 8

_ALIVE = ("running", "stuck", "stopping", "closing")


class Decisions:
    """All children in the order of their start.

    jitter  gives 0..1; spreads restarts and beats
    """

    def __init__(self, jitter: Callable[[], float]) -> None:
        self._jitter = jitter
        self._table = ChildTable()
        self._lives: dict[str, int] = {}  # name -> last incarnation ever; numbers are not used twice
        self._abandoned: dict[tuple[str, int], None] = {}
        self._out: list[Command] = []
        self.stopping = False
        self.clean = True  # nobody was abandoned on the way out

    # ---- what happened

    def add(self, spec: ChildSpec, now: float) -> None:
        """A new child, behind its kind or at the end. One of that name that is still leaving goes first."""
        if self.stopping:
            return
        child = self._table.get(spec.name)
        if child is not None:
            child.successor = spec
            self._leave(child, now)
            return
        self._settle(Child(spec), now)

    def replace(self, spec: ChildSpec, now: float) -> None:
        """End the incarnation there is and start one of the new spec in the same place."""
        self.add(spec, now)

    def remove(self, name: str, now: float) -> None:
        child = self._table.get(name)
        if child is not None:
            child.successor = None
            self._leave(child, now)

    def stop_all(self, _argument: None, now: float) -> None:
        """End all, the last started first; children of one kind together."""
        self.stopping = True
        for child in list(self._table):
            if child.state in _ALIVE:
                child.successor, child.leaving = None, True
            else:
                self._table.forget(child.spec.name)
        self._stop_next(now)

    def exited(self, ending: ChildExit, now: float) -> None:
        name = ending.name
        self._abandoned.pop((name, ending.incarnation), None)
        child = self._table.get(name)
        if child is None:
            return
        if child.state == "abandoned":
            if not self._hangs(name):
                self._decide(child, True, now)
        elif child.incarnation == ending.incarnation and child.state in _ALIVE:
            child.error = ending.error or child.error
            if child.leaving:
                self._gone(child, now)
            else:
                self._decide(child, ending.reason == "crashed" or child.state == "stuck", now)

    def answered(self, answer: BeatAnswered, now: float) -> None:
        child = self._table.get(answer.name)
        if child is None or child.incarnation != answer.incarnation:
            return
        child.asked_at, child.answered_at, child.depth = None, now, answer.depth
        if child.state == "stuck":
            self._table.enter(child, "running", now + child.spec.beat_s)
            self._out.append(Note(answer.name, "child_woke", "it answers again"))
        self._table.touch(answer.name)

    def tick(self, now: float) -> None:
        """Do what is due."""
        while (child := self._table.take_due(now)) is not None:
            self._on_due(child, now)

    # ---- what is to be done, and what there is

    def take(self) -> list[Command]:
        commands, self._out = self._out, []
        return commands

    def next_due(self) -> float:
        """Monotonic seconds of the next deadline; it may turn out to be outdated."""
        return self._table.next_due()

    @property
    def finished(self) -> bool:
        return self.stopping and not self._table

    @property
    def changed(self) -> bool:
        return self._table.changed

    def states(self) -> tuple[ChildState, ...]:
        return self._table.states()

    def abandoned(self) -> tuple[str, ...]:
        return tuple(f"{name} (incarnation {incarnation})" for name, incarnation in self._abandoned)

    # ---- turns of one child

    def _on_due(self, child: Child, now: float) -> None:
        match child.state:
            case "waiting":
                self._launch(child, began(child.record, now), now)
            case "quarantined":
                self._launch(child, release(child.record, now), now)
            case "running":
                self._check(child, now)
            case "stopping":
                self._handle("close_held", child)
                self._table.enter(child, "closing", now + GRACE_S)
            case "stuck" | "closing":
                self._abandon(child, now)

    def _launch(self, child: Child, record: Record, now: float) -> None:
        child.incarnation += 1
        self._lives[child.spec.name] = child.incarnation
        child.record, child.asked_at, child.answered_at, child.depth = record, None, now, 0
        self._table.enter(child, "running", now + child.spec.beat_s * (0.5 + 0.5 * self._jitter()))
        self._out.append(Launch(child.spec, child.incarnation))

    def _check(self, child: Child, now: float) -> None:
        """Ask for a sign of life, or conclude from its absence."""
        if child.asked_at is None:
            child.asked_at = now
            self._handle("beat", child)
            self._end_trial(child, now)
        deadline = child.asked_at + child.spec.stuck_s
        if now < deadline:  # compared as set: a difference of the two may round to no time at all
            self._table.enter(child, "running", min(now + child.spec.beat_s, deadline))
            return
        child.error = f"no sign of incarnation for {now - child.asked_at:.0f} s"
        self._out.append(Note(child.spec.name, "child_stuck", child.error))
        self._handle("close_held", child)
        self._table.enter(child, "stuck", now + GRACE_S)

    def _end_trial(self, child: Child, now: float) -> None:
        if child.record.on_trial and is_stable(child.record, child.spec.restart_policy, now):
            child.record = replace(child.record, on_trial=False, row=0, crashes=())
            self._out.append(Note(child.spec.name, "child_recovered", "stable after quarantine"))

    def _decide(self, child: Child, crashed: bool, now: float) -> None:
        spec = child.spec
        child.record, decision = after_exit(
            child.record,
            spec.restart_policy,
            restart=spec.restart,
            core=spec.core,
            crashed=crashed,
            now=now,
            jitter=self._jitter(),
        )
        match decision:
            case StartAgain(delay_s):
                child.restarts += 1
                self._wait_until(child, now + delay_s)
            case Rest(retry_s):
                self._table.enter(child, "quarantined", now + retry_s)
                self._out.append(Note(spec.name, "child_quarantined", child.error))
            case Escalate():
                self._give_up(child, "core_crashed")
            case Leave() if spec.restart == "temporary":
                self._table.forget(spec.name)
            case Leave():
                self._table.enter(child, "ended")

    def _abandon(self, child: Child, now: float) -> None:
        """Its thread hangs and cannot be killed: nothing it says counts any more."""
        name = child.spec.name
        child.error = child.error or "did not end in time"
        self._abandoned[name, child.incarnation] = None
        self._handle("fence", child)
        self._out.append(Note(name, "child_abandoned", child.error))
        if self.stopping:
            self.clean = False
            self._gone(child, now)
        elif child.spec.core:
            self._give_up(child, "core_stuck")
        elif len(self._abandoned) > MOST_ABANDONED:
            self._give_up(child, "too_many_abandoned")
        elif child.leaving:
            self._gone(child, now)
        elif child.spec.exclusive:
            self._table.enter(child, "abandoned")  # until its thread has ended
        else:
            self._decide(child, True, now)

    def _give_up(self, child: Child, code: str) -> None:
        self._table.enter(child, "ended")
        self._out.append(Fatal(code, f"{child.spec.name}: {child.error}"))

    # ---- leaving

    def _leave(self, child: Child, now: float) -> None:
        if child.leaving:
            return
        child.leaving = True
        if child.state in ("running", "stuck"):
            self._handle("ask_stop", child)
            self._table.enter(child, "stopping", now + child.spec.stop_deadline_s)
        else:
            self._gone(child, now)

    def _gone(self, child: Child, now: float) -> None:
        successor, name = child.successor, child.spec.name
        if successor is None:
            self._table.forget(name)
            if self.stopping:
                self._stop_next(now)
            return
        self._settle(Child(successor, error=child.error), now)

    def _stop_next(self, now: float) -> None:
        if any(child.state in ("stopping", "closing") for child in self._table):
            return
        for child in self._table.last_of_a_kind():
            self._handle("ask_stop", child)
            self._table.enter(child, "stopping", now + child.spec.stop_deadline_s)

    # ---- small moves

    def _settle(self, child: Child, now: float) -> None:
        """Take a new child in; it starts at once unless an earlier incarnation still hangs on what it wants to own."""
        name = child.spec.name
        self._table.put(child)
        child.incarnation = self._lives.get(name, 0)
        if child.spec.exclusive and self._hangs(name):
            self._table.enter(child, "abandoned")
        else:
            self._wait_until(child, now)

    def _hangs(self, name: str) -> bool:
        return any(owner == name for owner, _ in self._abandoned)

    def _wait_until(self, child: Child, at: float) -> None:
        self._table.enter(child, "waiting", at)

    def _handle(self, what: str, child: Child) -> None:
        self._out.append(Handle(what, child.spec.name, child.incarnation))
