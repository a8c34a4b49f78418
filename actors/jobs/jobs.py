"""Heavy work one job at a time, each in a child process: reports, downloads, backups, checks.

The queue outlives a crash of the actor, the job at work does not: its child is killed and whoever asked is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, assert_never

from actors.jobs.queue import QUEUE_VIEW, Queue, Queued
from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.reply import answer
from actors.message.device import Begin
from actors.message.job import CancelJob, JobEnded, RunJob
from runtime.core.view import JOBS_VIEW, JobState, JobsView
from runtime.store.upkeep.child import Job

log = logging.getLogger("wattkeeper.jobs")

LOOK_S = 0.25


class Child(Protocol):
    """A job at work: ``runtime.store.upkeep.child.Job``."""

    def is_over(self) -> bool: ...
    def outcome(self) -> tuple[int, str, str]: ...
    def progress(self) -> str: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Look:
    """Is the child done? Jobs -> itself. ``serial`` is that of the job."""

    serial: int


Inbox = Begin | RunJob | CancelJob | _Look


class Jobs(Actor):
    """Named ``jobs``. Publishes ``JobsView``. ``start_child`` makes a job from its arguments, or raises OSError."""

    def __init__(self, incarnation: Incarnation, start_child: Callable[..., Child] = Job) -> None:
        super().__init__(incarnation)
        self._start_child = start_child
        self._queue = incarnation.views.get(QUEUE_VIEW, Queue())
        self._child: Child | None = None
        self._begun_ms, self._deadline = 0, 0.0
        self._serial = 0

    def on_receive(self, message: Inbox) -> None:
        match message:
            case _Look(serial=serial):
                if serial == self._serial:
                    self._look()
            case RunJob():
                self._queue = self._queue.with_job(message, self.clock.now_ms())
            case CancelJob(job=job):
                self._cancel(job)
            case Begin():
                self._finish("lost")
            case _:
                assert_never(message)
        self._go_on()

    def on_end(self) -> None:
        """The child dies with its owner; what waits is there for the next incarnation."""
        self._finish("lost")
        self._publish()

    def _go_on(self) -> None:
        while self._queue.at_work is None and self._queue.waiting:
            self._queue = self._queue.begun()
            self._start(self._queue.at_work)
        self._publish()

    def _start(self, queued: Queued | None) -> None:
        assert queued is not None
        try:
            self._child = self._start_child(*queued.arguments)
        except OSError as error:
            self._finish("unstartable", err=str(error))
            return
        self.hold(self._child)
        self._serial += 1
        self._begun_ms, self._deadline = self.clock.now_ms(), self.clock.monotonic() + queued.deadline_s
        self.post_later(LOOK_S, _Look(self._serial))

    def _look(self) -> None:
        child = self._child
        if child is None:
            return
        if child.is_over():
            self._finish("done", *child.outcome())
        elif self.clock.monotonic() >= self._deadline:
            self._finish("late")
        else:
            self.post_later(LOOK_S, _Look(self._serial))

    def _cancel(self, job: str) -> None:
        at_work = self._queue.at_work
        if at_work is not None and at_work.job == job:
            self._finish("cancelled")
        for waiting in self._queue.waiting:
            if waiting.job == job:
                self._answer(waiting, JobEnded(job, "cancelled"))
        self._queue = self._queue.without(job)

    def _finish(self, ending: str, exit_code: int = 0, out: str = "", err: str = "") -> None:
        """Of the one at work, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.close()
            self.let_go(child)
        at_work, self._queue = self._queue.at_work, self._queue.ended()
        if at_work is not None:
            log.info("job %s: %s", at_work.job, ending)
            self._answer(at_work, JobEnded(at_work.job, ending, exit_code, out, err))

    def _answer(self, queued: Queued, ended: JobEnded) -> None:
        for asker in queued.askers:
            self.post(asker, ended)
        for reply in queued.replies:
            answer(reply, ended)

    def _publish(self) -> None:
        queue, at_work = self._queue, self._queue.at_work
        self.publish(QUEUE_VIEW, queue)
        progress = self._child.progress() if self._child is not None else ""
        working = JobState(at_work.job, self._begun_ms, progress) if at_work is not None else None
        self.publish(JOBS_VIEW, JobsView(working, tuple(JobState(each.job, each.since_ms) for each in queue.waiting)))
