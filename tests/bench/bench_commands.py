"""How long a command takes on a bus that polls as fast as it can, in transaction times of that bus."""

import math
import statistics
import time
from random import Random

import pytest

from actors.gateway.gateway import Periods
from runtime.core.device.command import DONE
from tests.bench.table import Row, tell
from tests.spec.switchroom import switchroom

TURNAROUND_MS = 40
COMMANDS = 200
BOARD = "legrand-026136"
BUSY = Periods(live_s=0.0, energy_s=0.0, slow_s=0.0)


@pytest.mark.bench
def test_a_command_on_a_busy_bus(tmp_path):
    with switchroom(tmp_path, turnaround_ms=TURNAROUND_MS, periods=BUSY) as room:
        took_ms, states, random = [], [], Random(5)
        for number in range(COMMANDS):
            time.sleep(random.uniform(0.0, 2 * TURNAROUND_MS / 1000))  # at any moment of a poll
            began = time.monotonic()
            states.append(room.tell(BOARD, "output_1", ("on", "off")[number % 2]).state)
            took_ms.append((time.monotonic() - began) * 1000)
        busy = room.stage.views.get("bus.1").utilisation_pct
        polls = [each.took_s * 1000 for each in room.stage.views.get("trace.1").since()]
    one_ms = statistics.median(polls)
    in_95_pct = sorted(took_ms)[math.ceil(0.95 * COMMANDS) - 1]
    worst, usual = in_95_pct / one_ms, statistics.median(took_ms) / one_ms
    measured = f"{usual:.2f} usually, {worst:.2f} in 95 %, of {one_ms:.1f} ms each; bus {busy:.0f} % busy"
    what = f"a command on a busy bus, from asking to read back, in transaction times ({TURNAROUND_MS} ms gateway)"
    tell(Row(what, "≤ 3", measured, worst <= 3 and set(states) == {DONE}))
