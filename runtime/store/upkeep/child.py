"""Jobs in a child process, and what they report: one JSON line a step."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.errors import StoreError
from runtime.store.upkeep.verify import Complaint, Counted, Progress, Told, WrongEnergy

_ROOT = Path(__file__).resolve().parents[3]
_TAIL_BYTES = 8192
_KINDS = {"complaint": Complaint, "counted": Counted, "progress": Progress, "wrongenergy": WrongEnergy}


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification told. Energy that cannot have been used is no damage."""

    complaints: tuple[Complaint, ...]
    counted: tuple[Counted, ...]
    energies: tuple[WrongEnergy, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.complaints

    @property
    def newer(self) -> str:
        """What was written by a newer program, "" = nothing."""
        return next((f"{each.where} {each.what}" for each in self.complaints if each.code == "store_newer"), "")

    @property
    def grave(self) -> tuple[Complaint, ...]:
        return tuple(complaint for complaint in self.complaints if complaint.grave)


class Job:
    """A job at work, for whoever must not wait for it; at most one at a time is the caller's care."""

    def __init__(self, *arguments: str | Path) -> None:
        command = [sys.executable, "-m", "runtime", "job", *map(str, arguments)]
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        self._out = tempfile.TemporaryFile("w+")  # noqa: SIM115  # a pipe would fill up
        self._err = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            command, text=True, env={**os.environ, "PYTHONPATH": path}, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=self._out, stderr=self._err,
        )  # fmt: skip

    def wait(self, timeout_s: float | None = None) -> None:
        """At most so long; then it is stopped. Ctrl-C does not reach a session of its own: it is stopped then too."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.stop()
        except BaseException:
            self.close()
            raise

    def is_over(self) -> bool:
        return self._process.poll() is not None

    def progress(self) -> str:
        """What it looks at now, by its newest word of it; "" when it says nothing of it."""
        at = max(0, os.fstat(self._out.fileno()).st_size - _TAIL_BYTES)
        for line in reversed(os.pread(self._out.fileno(), _TAIL_BYTES, at).decode("utf-8", "replace").splitlines()):
            if line.startswith('{"kind": "progress"') and line.endswith("}"):
                return str(json.loads(line)["at"])
        return ""

    def outcome(self) -> tuple[int, str, str]:
        """(exit code, negative for a signal; standard output; standard error) of a job that is over."""
        texts = []
        for file in (self._out, self._err):
            file.seek(0)
            texts.append(file.read())
        self.close()
        return self._process.returncode, texts[0], texts[1]

    def stop(self) -> None:
        """With all that it started."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def close(self) -> None:
        self.stop()
        self._out.close()
        self._err.close()


def run(*arguments: str | Path, timeout_s: float | None = None) -> tuple[int, str, str]:
    """A job from beginning to end."""
    job = Job(*arguments)
    job.wait(timeout_s)
    return job.outcome()


def run_job(kind: str, *arguments: str | Path) -> None:
    """Run a job that does one thing. Raises StoreError with what it told, or how it ended."""
    check_done(kind, *run(kind, *arguments))


def check_done(name: str, code: int, out: str, err: str) -> None:
    """Raises StoreError with what a job told, or how it ended, unless it is done."""
    told = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
    if told and told[-1]["kind"] == "error":
        raise StoreError(told[-1]["code"], told[-1]["message"])
    if code:
        raise StoreError("store_damaged", f"{name}: {_ending(code, err)}")


def verify_in_child(place: Path, *, quick: bool = False, timeout_s: float | None = None) -> Report:
    """Verify a store's folder, or one file of a backup, in a child."""
    code, out, err = run("verify", place, *(["--quick"] if quick else []), timeout_s=timeout_s)
    return report_of(code, out, err)


def report_of(code: int, out: str, err: str) -> Report:
    """What a verifying child told. One that did not come to its end is a grave complaint itself."""
    lines = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
    told = list(_report_lines(lines))
    if not any(line.get("kind") == "done" for line in lines):
        at = next((step.at for step in reversed(told) if isinstance(step, Progress)), "start")
        told.append(Complaint("data.mdb", f"{_ending(code, err)} while looking at: {at}", grave=True))
    return Report(
        tuple(step for step in told if isinstance(step, Complaint)),
        tuple(step for step in told if isinstance(step, Counted)),
        tuple(step for step in told if isinstance(step, WrongEnergy)),
    )


def _report_lines(lines: Iterable[dict[str, Any]]) -> Iterable[Told]:
    for line in lines:
        if (kind := _KINDS.get(line["kind"])) is not None:
            yield kind(**{name: value for name, value in line.items() if name != "kind"})


def _ending(code: int, err: str) -> str:
    if code < 0:
        return f"LMDB gave up on a damaged page ({signal.Signals(-code).name})"
    return f"the check failed ({err.strip().splitlines()[-1] if err.strip() else f'exit code {code}'})"
