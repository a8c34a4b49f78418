"""The archivist's jobs in child processes: what each is asked to do, and how it went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from actors.message.archive import ARCHIVIST
from actors.message.job import JobEnded, RunJob
from runtime.core.view import Outcome
from runtime.errors import StoreError
from runtime.store.energy.phantoms import MOST_KEPT
from runtime.store.sample.blocks import SPAN_S
from runtime.store.upkeep.backupmedium import Medium
from runtime.store.upkeep.child import check_done, report_of
from runtime.store.upkeep.verify import WrongEnergy

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


def verification(folder: Path, now_ts: int, rank: int, *, whole_energy: bool = False) -> RunJob:
    """``whole_energy``: whether energy can have been used is asked of all the past, not of the last weeks."""
    since_ts = max(0, now_ts - RECHECKED_S)
    energy_ts = 0 if whole_energy else since_ts
    return _asked("verify", rank, folder, "--from", since_ts, "--energy-from", energy_ts)


def _asked(job: str, rank: int, *arguments: object) -> RunJob:
    return RunJob(job, (job, *map(str, arguments)), rank, LONGEST_S, asker=ARCHIVIST)


def outcome_of(ended: JobEnded, now_ms: int) -> Outcome | None:
    """None for one that somebody cancelled: that says nothing of the store."""
    if ended.ending == "cancelled":
        return None
    code, detail = _judge(ended) if ended.ending == "done" else (f"{ended.job}_failed", _why(ended))
    return Outcome(ended.job, now_ms, code, detail)


def wrong_energies(ended: JobEnded) -> tuple[WrongEnergy, ...]:
    """Energy that cannot have been used, as a check found it."""
    is_check = ended.job == "verify" and ended.ending == "done"
    return report_of(ended.exit_code, ended.out, ended.err).energies if is_check else ()


def merge_phantoms(
    known: Sequence[dict[str, Any]], energies: Sequence[WrongEnergy], looked_from_ts: int
) -> tuple[list[dict[str, Any]], list[WrongEnergy]]:
    """What is kept from now on, newest last, and what of it is new: older ones stay, which nobody looked for."""
    names = ("device", "quantity", "start_ts", "end_ts")
    records = [{name: getattr(each, name) for name in names} for each in energies]
    starts = {(each["device"], each["quantity"], each["start_ts"]) for each in known}
    older = [each for each in known if each["start_ts"] < looked_from_ts and each not in records]
    added = [each for each in energies if (each.device, each.quantity, each.start_ts) not in starts]
    return sorted([*older, *records], key=lambda each: int(each["start_ts"]))[-MOST_KEPT:], added


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
