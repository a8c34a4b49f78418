"""kill -9 in the middle of deliveries: nothing that was on disk is lost, and what comes twice bears one id."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter

import pytest

from tests.bench.table import Row, tell
from tests.drivers.outlets.webstand import web_server
from tests.soak import FULL

KILLS = 1000 if FULL else 100


class Sender:
    """The process that forks lives; ``acknowledged`` are the notes that they said are on disk."""

    def __init__(self, folder, url: str) -> None:
        command = [sys.executable, "-m", "tests.faults.sender", str(folder), url]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.acknowledged: list[str] = []

    def live(self, kill_after_s: float | None) -> None:
        """One life, killed after a while, or None = it sends what is left."""
        process = self._process
        assert process.stdin and process.stdout
        process.stdin.write(b"end\n" if kill_after_s is None else b"go\n")
        process.stdin.flush()
        pid = int(process.stdout.readline().split()[1])
        if kill_after_s is not None:
            threading.Timer(kill_after_s, os.kill, (pid, signal.SIGKILL)).start()
        while (line := process.stdout.readline()) not in (b"over\n", b""):
            self.acknowledged.append(line.decode().strip())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        assert self._process.wait(30) == 0


@pytest.mark.soak
@pytest.mark.faults
@pytest.mark.timeout(900)
def test_nothing_is_lost_and_what_comes_twice_bears_one_id(tmp_path):
    got: list[dict] = []

    def answering(path, headers, body):
        got.append(json.loads(body))
        return 200, {}, b""

    dice = random.Random(7)
    with web_server(answering) as url:
        sender = Sender(tmp_path, url)
        for _ in range(KILLS):
            sender.live(dice.uniform(0.02, 0.25))
        sender.live(None)
        sender.close()
    times = Counter(each["id"] for each in got)
    contents = {(each["id"], each["to"], tuple(each["notes"])) for each in got}
    assert len(contents) == len(times), "a message is the same each time"
    assert not any(each["more"] for each in got), "each note is written out, none is only counted"
    arrived = Counter(note for _, _, notes in contents for note in notes)
    assert set(sender.acknowledged) <= arrived.keys(), "nothing that was on disk is lost"
    assert max(arrived.values()) == 1, "no note is in two messages"
    doubles = sum(times.values()) - len(times)
    assert doubles <= KILLS and len(arrived) > KILLS
    for recipient in {each["to"] for each in got}:
        notes = [int(note) for each in got if each["to"] == recipient for note in each["notes"]]
        assert list(dict.fromkeys(notes)) == sorted(set(notes)), "in order"
    tell(
        Row(
            f"messages lost in {KILLS} kill -9 during delivery; doubles, each under its one id",
            "0; <= one a kill",
            f"0; {doubles} of {len(times)} messages",
            doubles <= KILLS,
        )
    )
