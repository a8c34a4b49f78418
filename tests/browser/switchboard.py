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
def new_site(folder: Path, scenario: str = SCENARIO) -> Iterator[Site]:
    """An empty installation, with the manual's codes; ``scenario`` is the name or file of what is played."""
    port = random.randrange(20_000, 30_000)
    with _switchboard(folder, port, scenario), fresh_server(folder / "data") as url:
        yield Site(url, port)


@contextmanager
def _switchboard(folder: Path, port: int, scenario: str) -> Iterator[None]:
    """Its devices answer on ``port``."""
    words = ["-m", "simulator", "run", scenario, "--folder", str(folder), "--base-port", str(port)]
    with subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            assert any(line.strip() == "ready" for line in child.stdout)
            yield
        finally:
            child.terminate()
