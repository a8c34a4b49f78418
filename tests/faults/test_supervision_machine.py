"""Random starts, crashes, hangs, stops: whatever happens in whatever order, the promises hold.

The real supervisor, nursery, mailboxes and directory; only the threads are played, so that time can be told.
"""

from __future__ import annotations

import contextlib
import logging
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.directory import Directory
from actors.message.device import Minute
from actors.supervision.decisions import GRACE_S, MOST_ABANDONED
from actors.supervision.supervisor import ChildSpec, Supervisor
from runtime.core.restarts import LEAF, RESTART_TYPES
from runtime.errors import InvariantBroken
from runtime.viewboard import Views
from tests.actors.stage import ManualClock
from tests.soak import FULL

NAMES = st.sampled_from(["bus.1", "bus.2", "gateway.1", "recorder"])


class Puppet(Actor):
    """An actor without a thread: the machine lets it handle its mailbox, hang, crash."""

    hangs = False
    fails = False
    is_over = False

    def _start_actor_loop(self) -> None:
        self.incarnation.directory.register(self.incarnation.name, self.actor_inbox)
        self.on_start()

    def on_receive(self, message: Any) -> None:
        if self.fails:
            raise RuntimeError("as the machine wants")

    def play(self) -> None:
        while not (self.is_over or self.hangs):
            if self.actor_stopped.is_set():
                self.is_over = True
                self._end()
                return
            if self.actor_inbox.empty():
                return
            self._turn()

    def _turn(self) -> None:
        envelope = self.actor_inbox.get()
        with contextlib.suppress(InvariantBroken):  # what Pykka's loop would catch
            self._handle_receive(envelope.message)


class Supervision(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        logging.disable(logging.CRITICAL)
        self.clock = ManualClock()
        self.directory = Directory()
        self.fatal: list[str] = []
        self.supervisor = Supervisor(
            self.directory, self.clock, Views(), lambda code, _why: self.fatal.append(code), random=Random(7)
        )
        self.specs: dict[str, ChildSpec] = {}
        self.puppets: list[Puppet] = []
        self.starts: dict[int, list[float]] = {}  # by the number of the spec
        self.endings: list[str] = []
        self.stopping = False
        self.trespassed: list[str] = []

    def teardown(self) -> None:
        logging.disable(logging.NOTSET)

    # ---- the rules

    @precondition(lambda self: not self.stopping)
    @rule(name=NAMES, restart=st.sampled_from(RESTART_TYPES), exclusive=st.booleans(), core=st.booleans())
    def put(self, name: str, restart: str, exclusive: bool, core: bool) -> None:
        number = len(self.starts)
        self.starts[number] = []

        def factory(incarnation: Incarnation) -> Actor:
            self.starts[number].append(self.clock.monotonic())
            if exclusive and self._alive(name):
                self.trespassed.append(f"{name} (incarnation {incarnation.number})")
            self.puppets.append(Puppet(incarnation))
            return self.puppets[-1]

        spec = ChildSpec(name, factory, restart, core=core, exclusive=exclusive, part=number)
        (self.supervisor.replace if name in self.specs else self.supervisor.add)(spec)
        self.specs[name] = spec
        self._settle()

    @precondition(lambda self: not self.stopping and self.specs)
    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        self.specs.pop(name, None)
        self.supervisor.remove(name)
        self._settle()

    @rule(name=NAMES)
    def crash(self, name: str) -> None:
        for puppet in self._alive(name):
            puppet.fails = True
            puppet.post_self(Minute(0))
        self._settle()

    @rule(name=NAMES)
    def end_by_itself(self, name: str) -> None:
        for puppet in self._alive(name):
            puppet.ask_stop()
        self._settle()

    @rule(name=NAMES)
    def hang(self, name: str) -> None:
        for puppet in self._alive(name):
            puppet.hangs = True

    @rule(name=NAMES)
    def wake(self, name: str) -> None:
        for puppet in self.puppets:
            if puppet.incarnation.name == name:
                puppet.hangs = False
        self._settle()

    @rule(name=NAMES)
    def flood(self, name: str) -> None:
        for number in range(50):
            self.directory.post(name, Minute(number))

    @rule(seconds=st.sampled_from([0.1, 1.0, 5.0, 29.0, 61.0, 301.0, 601.0]))
    def pass_time(self, seconds: float) -> None:
        until = self.clock.monotonic() + seconds
        while (due := self.supervisor._nursery.next_due()) <= until:
            self.clock.advance_to(due)
            self._settle()
        self.clock.advance_to(until)
        self._settle()

    @precondition(lambda self: not self.stopping and len(self.puppets) > 5)
    @rule()
    def stop_all(self) -> None:
        self.stopping = True
        running = [child.name for child in self.supervisor.children() if child.state in ("running", "stuck")]
        responsive = [name for name in running if any(not puppet.hangs for puppet in self._alive(name))]
        self.endings.clear()
        self.supervisor.stop()
        self._settle()
        self.pass_time(len(self.specs) * (2.0 + GRACE_S) + 4 * (2.0 + GRACE_S))
        ended = [name for name in self.endings if name in responsive]
        assert self.supervisor._nursery.finished
        assert not [p for p in self.puppets if not p.is_over and not p.hangs]
        assert ended == list(reversed(responsive))

    # ---- what always holds

    @invariant()
    def nobody_has_two_owners(self) -> None:
        for name in {puppet.incarnation.name for puppet in self.puppets}:
            assert sum(not puppet._fenced for puppet in self._alive(name)) <= 1

    @invariant()
    def an_exclusive_owner_starts_only_when_all_before_it_are_over(self) -> None:
        assert not self.trespassed

    @invariant()
    def a_name_means_the_newest_life_that_counts(self) -> None:
        for name in self.directory.names():
            owners = [puppet for puppet in self._alive(name) if not puppet._fenced]
            assert [owner.actor_inbox for owner in owners] == [self.directory._mailboxes[name]]

    @invariant()
    def restarts_stay_within_their_intensity(self) -> None:
        for starts in self.starts.values():
            for index in range(LEAF.crashes, len(starts)):
                assert starts[index] - starts[index - LEAF.crashes] >= LEAF.window_s

    @invariant()
    def what_is_shown_as_running_lives(self) -> None:
        for child in self.supervisor.children():
            if child.state == "running":
                alive = [puppet.incarnation.number for puppet in self._alive(child.name) if not puppet._fenced]
                assert alive == [child.incarnation]

    @invariant()
    def fatal_is_said_once_and_with_reason(self) -> None:
        assert len(self.fatal) <= 1
        if self.fatal == ["too_many_abandoned"]:
            assert sum(puppet._fenced for puppet in self.puppets) > MOST_ABANDONED

    @invariant()
    def numbers_of_lives_only_grow(self) -> None:
        for name in {puppet.incarnation.name for puppet in self.puppets}:
            numbers = [puppet.incarnation.number for puppet in self.puppets if puppet.incarnation.name == name]
            assert numbers == sorted(set(numbers))

    # ----

    def _alive(self, name: str) -> list[Puppet]:
        return [puppet for puppet in self.puppets if puppet.incarnation.name == name and not puppet.is_over]

    def _settle(self) -> None:
        """Until neither the supervisor nor a puppet has anything to do now."""
        for _ in range(200):
            self.supervisor.step()
            for puppet in self.puppets:
                if not puppet.is_over:
                    puppet.play()
                    if puppet.is_over:
                        self.endings.append(puppet.incarnation.name)
            quiet = self.supervisor._inbox.empty() and self.supervisor._nursery.next_due() > self.clock.monotonic()
            if quiet and all(p.is_over or p.hangs or p.actor_inbox.empty() for p in self.puppets):
                return
        raise AssertionError("supervision never comes to rest")


Supervision.TestCase.settings = settings(
    max_examples=5000 if FULL else 200,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestSupervision = pytest.mark.soak(pytest.mark.faults(Supervision.TestCase))
