"""Which job is next: those that people ask for before those of the night, each of a name once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from actors.message.job import RunJob
from runtime.viewboard import ViewKey


@dataclass(frozen=True, slots=True)
class Queued:
    """A job, since when (UTC ms) it is there, and who is to be answered."""

    job: str
    arguments: tuple[str, ...]
    rank: int
    deadline_s: float
    since_ms: int
    askers: tuple[str, ...] = ()
    replies: tuple[Any, ...] = ()

    def joined(self, asked: RunJob) -> Queued:
        """Somebody else asks for it too."""
        askers = dict.fromkeys((*self.askers, *([asked.asker] if asked.asker else [])))
        replies = self.replies if asked.reply is None else (*self.replies, asked.reply)
        return replace(self, rank=min(self.rank, asked.rank), askers=tuple(askers), replies=replies)


@dataclass(frozen=True, slots=True)
class Queue:
    """``at_work`` is the one that is being done. Each step gives another queue; the last one is on the board."""

    waiting: tuple[Queued, ...] = ()
    at_work: Queued | None = None

    def with_job(self, asked: RunJob, now_ms: int) -> Queue:
        if self.at_work is not None and self.at_work.job == asked.job:
            return replace(self, at_work=self.at_work.joined(asked))
        fresh = Queued(asked.job, asked.arguments, asked.rank, asked.deadline_s, now_ms).joined(asked)
        known = next((each for each in self.waiting if each.job == asked.job), None)
        if known is None:
            return replace(self, waiting=in_order((*self.waiting, fresh)))
        again = replace(known.joined(asked), arguments=asked.arguments, deadline_s=asked.deadline_s)
        return replace(self, waiting=in_order([again if each is known else each for each in self.waiting]))

    def begun(self) -> Queue:
        """The next one is at work."""
        return Queue(self.waiting[1:], self.waiting[0])

    def ended(self) -> Queue:
        return replace(self, at_work=None)

    def without(self, job: str) -> Queue:
        """What waits under that name does not wait any more."""
        return replace(self, waiting=tuple(each for each in self.waiting if each.job != job))


def in_order(waiting: Sequence[Queued]) -> tuple[Queued, ...]:
    """By rank, and within one by who came first."""
    return tuple(sorted(waiting, key=lambda each: each.rank))


QUEUE_VIEW = ViewKey[Queue]("jobs.queue")  # for the next incarnation
