"""What is said to the queue of heavy work, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

JOBS = "jobs"
ASKED, NIGHTLY = range(2)  # ranks: somebody waits for it, or it is done while everybody sleeps


@dataclass(frozen=True, slots=True)
class RunJob:
    """Do this in a child process when its turn comes. Anyone -> jobs; answered with ``JobEnded``.

    job         what it is called. One of a name at a time: asked for again it is done once, at the better rank, and all
                who asked are answered
    arguments   of ``python -m runtime job``
    rank        ASKED comes before NIGHTLY; within a rank the one that has waited longest
    deadline_s  time that it may take at work; then it is killed
    asker       name of the actor that gets ``JobEnded``, "" = none
    reply       filled with ``JobEnded``, for those who are no actors; None = nobody waits
    """

    job: str
    arguments: tuple[str, ...]
    rank: int
    deadline_s: float
    asker: str = ""
    reply: Any = None


@dataclass(frozen=True, slots=True)
class CancelJob:
    """Kill it, or take it out of the queue. Anyone -> jobs; who asked for the job is answered."""

    job: str


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job is over. Jobs -> whoever asked.

    ending  "done": by itself, see ``exit_code``, ``out`` and ``err``. "late": killed at its deadline. "cancelled".
            "unstartable": there was no process to be had. "lost": the queue crashed while it was at work
    err     why it could not be started, or what it wrote to standard error
    """

    job: str
    ending: str
    exit_code: int = 0
    out: str = ""
    err: str = ""
