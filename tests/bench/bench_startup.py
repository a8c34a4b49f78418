"""From the command to pages that answer, with 255 devices configured; and the memory the server then holds."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.bench.bench_polling import FIRST_PORT, slaves
from tests.bench.players.server import configure
from tests.bench.table import Row, tell
from tests.key import asked, key_to
from tests.soak import FULL

DEVICES = 255
STARTS = 5
RUN_S = 600 if FULL else 30
PAGES = ("/", "/devices", "/devices/1", "/consumptions", "/gateways", "/system", "/api/v1/live")


class Running:
    """`wattkeeper run` on a folder, started anew; ``key`` opens it, and who has none may not ask so often."""

    def __init__(self, data: Path, key: str) -> None:
        self._key = key
        self.began = time.monotonic()
        command = [sys.executable, "-m", "runtime", "run", "--http", "127.0.0.1:0", "--data", str(data)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[1]

    def serving_after_s(self) -> float:
        while True:
            try:
                with urlopen(asked(f"{self.url}/api/v1/health", self._key), timeout=5) as answer:
                    if json.load(answer)["status"] in ("ok", "degraded"):
                        return time.monotonic() - self.began
            except HTTPError as error:  # 503 until it serves
                error.close()
            time.sleep(0.005)

    def anonymous_mb(self) -> float:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))

    def stop(self) -> float:
        began = time.monotonic()
        self.process.terminate()
        self.process.communicate(timeout=30)
        return time.monotonic() - began


@pytest.mark.bench
@pytest.mark.timeout(1200)
def test_start_stop_and_memory_with_255_devices(tmp_path):
    configure(tmp_path, DEVICES, FIRST_PORT)
    with slaves(DEVICES):
        key = key_to(tmp_path)
        starts, stops = zip(*(_start_and_stop(tmp_path, key) for _ in range(STARTS)), strict=True)
        memory_mb = _memory_mb(tmp_path, key)
    start_s, stop_s = statistics.median(starts), max(stops)
    tell(Row(f"start to serving, {DEVICES} devices on as many gateways", "≤ 1.5 s", f"{start_s:.2f} s", start_s <= 1.5))
    tell(
        Row(
            f"clean stop, {DEVICES} gateways connected, the slowest of {STARTS}",
            "≤ 3 s",
            f"{stop_s:.2f} s",
            stop_s <= 3,
        )
    )
    what = f"RssAnon after {RUN_S} s of polling {DEVICES} gateways with pages opened"
    tell(Row(what, "≤ 80 MB", f"{memory_mb:.0f} MB", memory_mb <= 80))


def _start_and_stop(data: Path, key: str) -> tuple[float, float]:
    running = Running(data, key)
    return running.serving_after_s(), running.stop()


def _memory_mb(data: Path, key: str) -> float:
    running = Running(data, key)
    running.serving_after_s()
    until = time.monotonic() + RUN_S
    while time.monotonic() < until:
        for page in PAGES:
            wanted = asked(running.url + page, key)
            wanted.add_header("Accept-Encoding", "gzip")  # as browsers do
            with urlopen(wanted, timeout=30) as answer:
                answer.read()
        time.sleep(1)
    memory_mb = running.anonymous_mb()
    running.stop()
    return memory_mb
