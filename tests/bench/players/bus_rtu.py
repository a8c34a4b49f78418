"""Our bus on a serial line, as fast as it answers, commands now and then: URL SECONDS"""

import json
import sys
import time
from functools import partial

from actors.bus.bus import Bus
from actors.mailbox.reply import new_reply, wait_for
from actors.message.device import Perform, PlanChanged, PollBlock
from drivers.gateways import open_line
from runtime.core.modbus.request import Request
from tests.actors.stage import LiveStage, joined

COMMAND = Request(1, 3, 0, 2)


class Watching:
    """The line, and when commands got to it."""

    def __init__(self, line):
        self._line, self.reached = line, []

    def __getattr__(self, name):
        return getattr(self._line, name)

    def transact(self, request, timeout_s):
        if request is COMMAND:
            self.reached.append(time.monotonic())
        return self._line.transact(request, timeout_s)


def counts(bus):
    return bus._log.view(1, time.monotonic(), None, connected=True)


def main(url, seconds):
    stage, lines = LiveStage(), []

    def make(url, clock):
        lines.append(Watching(open_line(url, clock)))
        return lines[-1]

    bus = stage.start(Bus(stage.incarnation("bus.1"), 1, url, partial(make)))
    bus.post_self(PlanChanged(1, (PollBlock(1, 0, Request(1, 3, 0, 60), 0.0),)))
    time.sleep(1.0)
    began, before, cpu = time.monotonic(), counts(bus).polls, time.process_time()
    time.sleep(seconds)
    took, polls, used = time.monotonic() - began, counts(bus).polls - before, time.process_time() - cpu
    posted = []
    for turn in range(30):
        time.sleep(0.21 + turn * 0.003)  # at another moment of the transaction in hand each time
        reply = new_reply()
        posted.append(time.monotonic())
        bus.post_self(Perform(COMMAND, 1.0, posted[-1] + 5, reply))
        wait_for(reply, 5)
    waits_ms = [1000 * (at - asked) for asked, at in zip(posted, lines[0].reached, strict=True)]
    errors = sum(counts(bus).errors.values())  # closing the line makes one
    bus.ask_stop()
    bus.close_held()
    joined(bus)
    found = {"each_ms": 1000 * took / polls, "cpu_us": 1e6 * used / polls, "longest_wait_ms": max(waits_ms)}
    print(json.dumps({**found, "errors": errors}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
