"""A switchboard that waits to be commissioned, and a server that knows nothing of it yet."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.demo import ROOT

SCENARIO = "switchboard"


@dataclass(frozen=True, slots=True)
class Site:
    """``url`` of the pages, ``port`` of the switchboard's Modbus gateway on loopback."""

    url: str
    port: int


@contextmanager
def new_site(folder: Path) -> Iterator[Site]:
    """An empty installation, with the manual's codes."""
    port = random.randrange(20_000, 30_000)
    where = ["--folder", str(folder), "--base-port", str(port)]
    with _started("simulator", "run", SCENARIO, *where) as simulator:
        _ready(simulator)
        serve = ["run", "--demo", "--http", "127.0.0.1:0", "--data", str(folder / "data")]
        with _started("runtime", *serve) as server:
            yield Site(_ready(server), port)


@contextmanager
def _started(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", module, *words]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(timeout=30)
        assert child.stdout is not None
        child.stdout.close()


def _ready(child: subprocess.Popen[str]) -> str:
    """The address that it printed, once it is ready."""
    assert child.stdout is not None
    url = ""
    for line in child.stdout:
        if line.startswith("web "):
            url = line.split()[1]
        if line.strip() == "ready":
            return url
    raise RuntimeError(f"{child.args!r} ended with {child.wait()} before it was ready")
