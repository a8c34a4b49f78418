"""Signals come when they come: several at once, and while another one is being heard."""

import signal
import subprocess
import sys
from random import Random

import pytest

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("seed", range(5))
def test_a_flurry_of_signals_ends_the_server_in_order(tmp_path, seed):
    command = [sys.executable, "-m", "runtime", "run", "--http", "127.0.0.1:0", "--data", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        assert any(line == "ready\n" for line in server.stdout)
        for number in Random(seed).choices((signal.SIGHUP, signal.SIGINT, signal.SIGTERM), k=20):
            server.send_signal(number)
        try:
            assert server.wait(60) == 0
        finally:
            server.kill()
