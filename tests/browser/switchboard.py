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
from tests.browser.setup import fresh_server

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
    with _switchboard(folder, port), fresh_server(folder / "data") as url:
        yield Site(url, port)


@contextmanager
def _switchboard(folder: Path, port: int) -> Iterator[None]:
    """Its devices answer on ``port``."""
    words = ["-m", "simulator", "run", SCENARIO, "--folder", str(folder), "--base-port", str(port)]
    with subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            assert any(line.strip() == "ready" for line in child.stdout)
            yield
        finally:
            child.terminate()
