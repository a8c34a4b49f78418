"""Run pytest stage by stage, stop at the first that fails, and end with one summary of them all."""

import os
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
STAGES = {
    name: [
        *(UNIT if name == "unit" else [f"tests/{name}"]),
        f"--numprocesses={number}",
        "--dist=loadfile",
        "--no-loadscope-reorder",
    ]
    for name, number in PROCESSES.items()
}


def main(names: list[str]) -> int:
    totals: Counter[str] = Counter()
    seconds = 0.0
    for name in names:
        print(f"== stage {name}", flush=True)
        code, counts, took_s = run(STAGES[name])
        totals += counts
        seconds += took_s
        if code:
            print(f"== stage {name} failed", flush=True)
            print(summary(totals, seconds), flush=True)
            return code
    print(summary(totals, seconds), flush=True)
    return 0


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


def summary(totals: Counter[str], seconds: float) -> str:
    words = {"failures": "failed", "errors": "errors", "passed": "passed", "skipped": "skipped"}
    parts = [f"{totals[key]} {word}" for key, word in words.items() if totals[key]]
    return f" {', '.join(parts) or 'no tests ran'} in {seconds:.2f}s ".center(80, "=")


if __name__ == "__main__":
    unknown = [name for name in sys.argv[1:] if name not in STAGES]
    if unknown:
        sys.exit(f"unknown stage {unknown[0]}: use {', '.join(STAGES)}")
    sys.exit(main(sys.argv[1:] or list(STAGES)))
