"""The archivist's jobs in child processes: what each is asked to do, and how it went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from actors.message.archive import ARCHIVIST
from actors.message.job import JobEnded, RunJob
from runtime.core.view import Outcome
from runtime.errors import StoreError
from runtime.store.sample.blocks import SPAN_S
from runtime.store.upkeep.backupmedium import Medium
from runtime.store.upkeep.child import check_done, report_of

RECORD = ("archive", "outcomes")
LONGEST_S = 3 * 3600.0
RECHECKED_S = 2 * SPAN_S  # bins are compared with their rows that far back each night, wholly by the command
_ENDINGS = {
    "late": "it took too long and was stopped",
    "lost": "the queue of jobs was started anew while it was at work",
}


def backup(folder: Path, now_ts: int, rank: int) -> RunJob:
    return _asked("backup", rank, folder, now_ts)


def copy_to_medium(folder: Path, medium: Medium, now_ts: int, rank: int) -> RunJob:
    return _asked("medium", rank, folder, medium.folder, now_ts, "--keep", medium.keep)


def verification(folder: Path, now_ts: int, rank: int) -> RunJob:
    return _asked("verify", rank, folder, "--from", max(0, now_ts - RECHECKED_S))


def _asked(job: str, rank: int, *arguments: object) -> RunJob:
    return RunJob(job, (job, *map(str, arguments)), rank, LONGEST_S, asker=ARCHIVIST)


def outcome_of(ended: JobEnded, now_ms: int) -> Outcome | None:
    """None for one that somebody cancelled: that says nothing of the store."""
    if ended.ending == "cancelled":
        return None
    code, detail = _judge(ended) if ended.ending == "done" else (f"{ended.job}_failed", _why(ended))
    return Outcome(ended.job, now_ms, code, detail)


def _why(ended: JobEnded) -> str:
    return _ENDINGS.get(ended.ending, ended.err)


def _judge(ended: JobEnded) -> tuple[str, str]:
    """(code, detail) of one that ended by itself."""
    if ended.job == "verify":
        report = report_of(ended.exit_code, ended.out, ended.err)
        first = [f"{complaint.where}: {complaint.what}" for complaint in report.complaints[:5]]
        return ("", "") if report.ok else ("verify_complained", f"{len(report.complaints)}: {'; '.join(first)}")
    try:
        check_done(ended.job, ended.exit_code, ended.out, ended.err)
    except StoreError as error:
        missing = error.code == "medium_missing"
        return "medium_missing" if missing else f"{ended.job}_failed", error.message
    return "", ""


def as_record(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    return [asdict(outcome) for outcome in outcomes]


def from_record(record: Any) -> tuple[Outcome, ...]:
    return tuple(Outcome(**row) for row in record) if isinstance(record, list) else ()
