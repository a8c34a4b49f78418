"""The archivist's jobs in children, one at a time: what waits, what is at work, how the last of each ended."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from runtime.clock import Clock
from runtime.core.view import Outcome
from runtime.errors import StoreError
from runtime.store.sample.blocks import SPAN_S
from runtime.store.upkeep.backupmedium import Medium
from runtime.store.upkeep.child import Job, check_done, report_of

RECORD = ("archive", "outcomes")
JOBS = ("backup", "medium", "verify")
LONGEST_JOB_S = 3 * 3600
RECHECKED_S = 2 * SPAN_S  # bins are compared with their rows that far back each night, wholly by the command


class Child(Protocol):
    """A job at work: ``runtime.store.upkeep.child.Job``."""

    def is_over(self) -> bool: ...
    def outcome(self) -> tuple[int, str, str]: ...
    def close(self) -> None: ...


class Jobs:
    """Lives in the archivist's thread."""

    def __init__(self, folder: Path, clock: Clock, start_job: Callable[..., Child] = Job) -> None:
        self._folder, self._clock, self._start_job = folder, clock, start_job
        self._waiting: deque[str] = deque()
        self._child: Child | None = None
        self._since = 0.0
        self.job = ""

    def want(self, jobs: Iterable[str]) -> None:
        self._waiting.extend(job for job in jobs if job not in self._waiting and job != self.job)

    def begin(self, medium: Medium) -> bool:
        """The next one, unless one is at work. Whether one was begun."""
        if self._child is not None or not self._waiting:
            return False
        self.job, now_ts = self._waiting.popleft(), self._clock.now_ts()
        arguments: tuple[object, ...] = {
            "backup": (self._folder, now_ts),
            "medium": (self._folder, medium.folder, now_ts, "--keep", medium.keep),
            "verify": (self._folder, "--from", max(0, now_ts - RECHECKED_S)),
        }[self.job]
        self._child = self._start_job(self.job, *map(str, arguments))
        self._since = self._clock.monotonic()
        return True

    def look(self) -> Outcome | None:
        """How the one at work ended; None while it works."""
        if self._child is None:
            return None
        if self._clock.monotonic() - self._since > LONGEST_JOB_S:
            return self._ended(f"{self.job}_failed", "it took too long and was stopped")
        if not self._child.is_over():
            return None
        return self._ended(*_judge(self.job, *self._child.outcome()))

    def close(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child, self.job = None, ""

    def _ended(self, code: str, detail: str) -> Outcome:
        outcome = Outcome(self.job, self._clock.now_ms(), code, detail)
        self.close()
        return outcome


def _judge(job: str, code: int, out: str, err: str) -> tuple[str, str]:
    """(code, detail) of an outcome."""
    if job == "verify":
        report = report_of(code, out, err)
        first = [f"{complaint.where}: {complaint.what}" for complaint in report.complaints[:5]]
        return ("", "") if report.ok else ("verify_complained", f"{len(report.complaints)}: {'; '.join(first)}")
    try:
        check_done(job, code, out, err)
    except StoreError as error:
        missing = error.code == "medium_missing"
        return "medium_missing" if missing else f"{job}_failed", error.message
    return "", ""


def as_record(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    return [asdict(outcome) for outcome in outcomes]


def from_record(record: Any) -> tuple[Outcome, ...]:
    return tuple(Outcome(**row) for row in record) if isinstance(record, list) else ()
