"""A server in a process of its own, so that it can be killed: DATA CLOCK TS SPEED BEGAN [PACE]"""

import sys
import threading
from pathlib import Path

from actors.gateway.gateway import Periods
from runtime.app import Server
from runtime.clock import Clock
from runtime.settings import Address, Settings, default_plugins
from tests.spec.quickclock import TurnedClock

PERIODS = Periods(live_s=0.1, energy_s=0.1, slow_s=1.0, watched_s=0.1)  # of life, whatever the clock says
CALM = Periods(live_s=1.0, energy_s=1.0, slow_s=5.0)  # where many servers share a machine
# Where time goes on once all were read:
HASTY = Periods(live_s=0.03, energy_s=0.03, slow_s=0.3, watched_s=0.03, view_s=0.03)


def server_on(data: Path, clock: Clock, periods: Periods = PERIODS, plugins: Path | None = None) -> Server:
    return Server(Settings(data, plugins or default_plugins(), Address("127.0.0.1", 0)), clock, periods)


if __name__ == "__main__":
    folder, file, ts, speed, began, *pace = sys.argv[1:]
    periods = CALM if pace == ["calm"] else HASTY
    running = server_on(Path(folder), TurnedClock(int(ts), float(speed), Path(file), float(began)), periods)
    running.start()
    print(running.web.url, flush=True)
    threading.Event().wait()
