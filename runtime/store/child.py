"""Jobs in a child process, and what they report: one JSON line a step."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.errors import StoreError
from runtime.store.verify import Complaint, Counted, Progress, Told

_ROOT = Path(__file__).resolve().parents[2]
_KINDS = {"complaint": Complaint, "counted": Counted, "progress": Progress}


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification told."""

    complaints: tuple[Complaint, ...]
    counted: tuple[Counted, ...]

    @property
    def ok(self) -> bool:
        return not self.complaints

    @property
    def grave(self) -> tuple[Complaint, ...]:
        return tuple(complaint for complaint in self.complaints if complaint.grave)


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """``python -m runtime job …``, its output in pipes; for whoever reads it while it works."""
    command = [sys.executable, "-m", "runtime", "job", *map(str, arguments)]
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    session = {"start_new_session": True}  # to be stopped with its own children
    return subprocess.Popen(command, text=True, **session, env={**os.environ, "PYTHONPATH": path}, **pipes)  # type: ignore[call-overload, no-any-return]


def run(*arguments: str | Path, timeout_s: float | None = None) -> tuple[int, str, str]:
    """(exit code, negative for a signal; standard output; standard error) of a job."""
    child = start(*arguments)
    try:
        out, err = child.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        stop(child)
        out, err = child.communicate()
    except BaseException:  # Ctrl-C does not reach a session of its own
        stop(child)
        raise
    return child.returncode, out, err


def done(*arguments: str | Path) -> None:
    """Run a job that does one thing. Raises StoreError with what it told, or how it ended."""
    code, out, err = run(*arguments)
    told = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
    if told and told[-1]["kind"] == "error":
        raise StoreError(told[-1]["code"], told[-1]["message"])
    if code:
        raise StoreError("store_damaged", f"{arguments[0]}: {_ending(code, err)}")


def stop(child: subprocess.Popen[str]) -> None:
    """A job with all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def verified(place: Path, *, quick: bool = False, timeout_s: float | None = None) -> Report:
    """Verify a store's folder, or one file of a backup, in a child."""
    code, out, err = run("verify", place, *(["--quick"] if quick else []), timeout_s=timeout_s)
    return report_of(code, out, err)


def report_of(code: int, out: str, err: str) -> Report:
    """What a verifying child told. One that did not come to its end is a grave complaint itself."""
    lines = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
    told = list(_told(lines))
    if not any(line.get("kind") == "done" for line in lines):
        at = next((step.at for step in reversed(told) if isinstance(step, Progress)), "start")
        told.append(Complaint("data.mdb", f"{_ending(code, err)} while looking at: {at}", grave=True))
    return Report(
        tuple(step for step in told if isinstance(step, Complaint)),
        tuple(step for step in told if isinstance(step, Counted)),
    )


def _told(lines: Iterable[dict[str, Any]]) -> Iterable[Told]:
    for line in lines:
        if (kind := _KINDS.get(line["kind"])) is not None:
            yield kind(**{name: value for name, value in line.items() if name != "kind"})


def _ending(code: int, err: str) -> str:
    if code < 0:
        return f"LMDB gave up on a damaged page ({signal.Signals(-code).name})"
    return f"the check failed ({err.strip().splitlines()[-1] if err.strip() else f'exit code {code}'})"
