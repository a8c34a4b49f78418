from __future__ import annotations

import random
import socket
import subprocess
import sys
from pathlib import Path

from tests.commandline import wattkeeper

ROOT = Path(__file__).parents[3]


def test_a_scenario_is_played_where_it_is_wanted_until_it_is_stopped(tmp_path: Path) -> None:
    port = random.randrange(20_000, 30_000)
    words = ["-m", "runtime", "simulate", "switchboard", "--modbus", f"127.0.0.1:{port}", "--folder", str(tmp_path)]
    with subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            lines = []
            for line in child.stdout:
                lines.append(line.strip())
                if lines[-1] == "ready":
                    break
            assert lines[-1] == "ready" and any(line.startswith(f"tcp://127.0.0.1:{port} ") for line in lines)
            socket.create_connection(("127.0.0.1", port), timeout=60).close()
        finally:
            child.terminate()
    assert child.returncode == 0


def test_an_address_that_is_none_is_told_in_a_line() -> None:
    ended = wattkeeper("simulate", "factory", "--modbus", "nowhere")
    assert ended.returncode == 1 and "--modbus" in ended.stderr and len(ended.stderr.splitlines()) == 1
