"""A process of 600 leaves of which a different one crashes at each step; prints what it used before and after.

Run: python -m tests.faults.crasher CRASHES PERIOD_S
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from pathlib import Path

from actors.mailbox.base import Actor
from actors.mailbox.directory import Directory
from actors.mailbox.reply import answer, new_reply, wait_for
from actors.supervision.supervisor import ChildSpec, Supervisor
from runtime.clock import SystemClock
from runtime.core.restarts import Policy
from runtime.errors import WattkeeperError
from runtime.viewboard import Views
from tests.actors.stage import Do, Doer, eventually

LEAVES = 600
POLICY = Policy(crashes=5, window_s=300, first_s=0.01)


class Holder(Doer):
    """Owns something that has to be released: a pipe."""

    def on_receive(self, message: object) -> None:
        if not isinstance(message, Do) and not hasattr(self, "ends"):
            self.ends = os.pipe()
        super().on_receive(message)

    def on_end(self) -> None:
        for end in getattr(self, "ends", ()):
            os.close(end)


def used() -> dict[str, int]:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    anonymous_kb = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
    return {"threads": threading.active_count(), "fds": len(os.listdir("/proc/self/fd")), "rss_anon_kb": anonymous_kb}


def crash(_actor: Actor) -> None:
    raise RuntimeError("as the soak wants")


def main(crashes: int, period_s: float) -> None:
    logging.disable(logging.CRITICAL)
    directory, fatal = Directory(), []
    supervisor = Supervisor(directory, SystemClock(), Views(), lambda *why: fatal.append(why))
    supervisor.start([ChildSpec(f"leaf.{number}", Holder, policy=POLICY) for number in range(LEAVES)])
    warm_up = LEAVES // 2  # until every pool and cache is filled
    crash_some(directory, warm_up, 0.0)
    await_all(directory, supervisor, warm_up)
    before = used()
    crash_some(directory, crashes, period_s)
    await_all(directory, supervisor, warm_up + crashes)
    after = used()
    assert supervisor.stop()
    print(json.dumps({"before": before, "after": after, "fatal": fatal, "left": threading.active_count()}))


def crash_some(directory: Directory, crashes: int, period_s: float) -> None:
    pause = threading.Event()
    for number in range(crashes):
        name = f"leaf.{number % LEAVES}"
        assert eventually(lambda name=name: directory.post(name, Do(crash)))
        pause.wait(period_s)


def await_all(directory: Directory, supervisor: Supervisor, crashes: int) -> None:
    """Until every crash is made good and every leaf has begun."""
    assert eventually(lambda: sum(child.incarnation for child in supervisor.children()) == LEAVES + crashes)
    for number in range(LEAVES):
        assert eventually(lambda name=f"leaf.{number}": answers(directory, name))


def answers(directory: Directory, name: str) -> bool:
    """False while it is just being started, or busy for very long."""
    reply = new_reply()
    try:
        return directory.post(name, Do(lambda _actor: answer(reply, True))) and wait_for(reply, 5)
    except WattkeeperError:
        return False


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
