"""Run pytest stage by stage, stop at the first that fails, and end with one summary of them all.

A few tests that failed while others ran beside them are tried again by themselves, and the summary says how many passed
only then: on a busy machine a wait may end too soon. What fails again has failed.
"""

import os
import resource
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("spec", "faults", "browser")
# Files side by side on two cores; those of spec and faults wait for servers, wires and time-outs most of the time.
PROCESSES = {"unit": 2, "spec": 3, "faults": 4, "browser": 2}
UNIT = ["tests", *(f"--ignore=tests/{folder}" for folder in (*FOLDERS, "bench"))]
BESIDE = ("--dist=loadfile", "--no-loadscope-reorder")
ALONE = ("--last-failed", "--last-failed-no-failures=none")
MOST_TRIED_AGAIN = 5
TESTS_FAILED = 1  # pytest's exit code; others are no matter of a busy machine
WORDS = {
    "failures": "failed", "errors": "errors", "passed": "passed", "alone": "passed only alone", "skipped": "skipped",
}  # fmt: skip


def main(names: list[str]) -> int:
    totals: Counter[str] = Counter()
    seconds = 0.0
    for name in names:
        print(f"== stage {name}", flush=True)
        before_s = processor_s()
        code, counts, took_s = run_stage(name)
        totals += counts
        seconds += took_s
        print(f"== stage {name}: {took_s:.0f} s, {processor_s() - before_s:.0f} s of processor", flush=True)
        if code:
            print(f"== stage {name} failed", flush=True)
            print(summary(totals, seconds), flush=True)
            return code
    print(summary(totals, seconds), flush=True)
    return 0


def run_stage(name: str) -> tuple[int, Counter[str], float]:
    """Exit code, counts and seconds."""
    files = UNIT if name == "unit" else [f"tests/{name}"]
    code, counts, took_s = run([*files, f"--numprocesses={PROCESSES[name]}", *BESIDE])
    failed = counts["failures"] + counts["errors"]
    if code != TESTS_FAILED or failed > MOST_TRIED_AGAIN:
        return code, counts, took_s
    print(f"== {failed} of stage {name} again, alone", flush=True)
    code, again, more_s = run([*files, *ALONE])
    counts.update(alone=again["passed"], failures=again["failures"] - counts["failures"])
    counts.update(errors=again["errors"] - counts["errors"])
    return code, counts, took_s + more_s


def run(arguments: list[str]) -> tuple[int, Counter[str], float]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "--quiet", f"--junitxml={report}", *arguments]
        code = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1"}, check=False).returncode
        if not report.exists():
            return code or 1, Counter(), 0.0
        suite = xml.parse(report).getroot().find("testsuite")
    if suite is None:
        return code or 1, Counter(), 0.0
    counts = Counter({key: int(suite.get(key, 0)) for key in ("failures", "errors", "skipped")})
    counts["passed"] = int(suite.get("tests", 0)) - counts.total()
    return code, counts, float(suite.get("time", 0.0))


def processor_s() -> float:
    """Of all that has been run so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def summary(totals: Counter[str], seconds: float) -> str:
    parts = [f"{totals[key]} {word}" for key, word in WORDS.items() if totals[key]]
    return f" {', '.join(parts) or 'no tests ran'} in {seconds:.2f}s ".center(80, "=")


if __name__ == "__main__":
    unknown = [name for name in sys.argv[1:] if name not in PROCESSES]
    if unknown:
        sys.exit(f"unknown stage {unknown[0]}: use {', '.join(PROCESSES)}")
    sys.exit(main(sys.argv[1:] or list(PROCESSES)))
