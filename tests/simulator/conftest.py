"""A small site that plays in a thread of its own; time stands where the test puts it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from simulator.gateway.punctual import punctual_loop
from simulator.play.control import Control
from simulator.play.play import Play
from simulator.play.site import Location, Site, locate
from simulator.scenario.models import Models
from simulator.scenario.scenario import parse_scenario

NOW_MS = 1_750_000_000_000  # 2025-06-15T15:06:40Z

SMALL = """
[site]
seed = 3
origin = 2025-05-01
[[load]]
name = "Heating"
[[group]]
name = "Workshop"
[[gateway]]
name = "Hall"
listen = "tcp://127.0.0.1:0"
[[gateway]]
name = "Slow"
listen = "tcp://127.0.0.1:0"
turnaround_ms = 40
[[gateway]]
name = "Socket"
listen = "rtutcp://127.0.0.1:0"
[[gateway]]
name = "Line"
listen = "pty://rs485"
baudrate = 19200
turnaround_ms = 5
[[branch]]
name = "Rest"
profile = "base"
rated_w = 900
[[device]]
name = "Main"
gateway = "Hall"
unit = 1
model = "abb-b23"
measures = ["Presses", "Board", "Rest"]
[[device]]
name = "Presses"
gateway = "Hall"
unit = 2
model = "eastron-sdm630"
profile = "machines"
rated_w = 40000
shares = [500, 300, 200]
load = "Heating"
groups = ["Workshop"]
[[device]]
name = "Board"
gateway = "Slow"
unit = 1
model = "legrand-412045"
ct = 40
measures = ["Heaters", "Lamps"]
[[device]]
name = "Heaters"
gateway = "Socket"
unit = 5
model = "socomec-c550"
profile = "heating"
rated_w = 9000
[[device]]
name = "Lamps"
gateway = "Line"
unit = 9
model = "eastron-sdm630"
profile = "lighting"
rated_w = 2000
[[device]]
name = "Roof"
gateway = "Line"
unit = 10
model = "abb-b23"
profile = "pv"
rated_w = 20000
"""


TURNS = 20  # of the loop: more than an event needs to happen


class Stage:
    """A playing site: ``now_ms`` is what its meters take for the time, and its events come when ``passes`` says."""

    def __init__(self, site: Site) -> None:
        self.now_ms = NOW_MS
        self.site = site
        self.loop = punctual_loop()
        self._passed_s, real = 0.0, self.loop.time
        self.loop.time = lambda: real() + self._passed_s  # type: ignore[method-assign]
        self.play = Play(site, lambda: self.now_ms)
        self._thread = threading.Thread(target=self.loop.run_forever, name="stage")
        self._thread.start()
        try:
            self.run(self.play.start())
            self.control: Control | None = self.run(self._open_control())
        except OSError:
            self.control = None
            self.close()
            raise

    async def _open_control(self) -> Control:
        return Control(self.play, "127.0.0.1", 0)

    def run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def passes(self, seconds: float) -> None:
        """Time that nobody waits for; real time goes on besides."""
        self.run(self._pass(seconds))

    async def _pass(self, seconds: float) -> None:
        self._passed_s += seconds
        for _ in range(TURNS):
            await asyncio.sleep(0)

    def port(self, gateway: str) -> int:
        return self.play.gateways[gateway].port

    def close(self) -> None:
        if self.control is not None:
            self.control.close()
        self.run(self.play.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


def small_site(folder) -> Site:
    models = Models()
    return Site(locate(parse_scenario(SMALL, "small.toml", models), Location(folder)), models)


@pytest.fixture
def site(tmp_path):
    return small_site(tmp_path)


@pytest.fixture
def stage(site):
    stage = Stage(site)
    yield stage
    stage.close()


FURNISHED = """
[[gateway]]
name = "Hall"
listen = "tcp://127.0.0.1:0"
[[device]]
name = "Breaker"
gateway = "Hall"
unit = 1
model = "legrand-dpx3"
[[device]]
name = "Board"
gateway = "Hall"
unit = 2
model = "legrand-026136"
[[device]]
name = "Station"
gateway = "Hall"
unit = 3
model = "legrand-greenup-domestic"
[[event]]
device = "Breaker"
after_s = 0
happens = {alarm_bits = 5}
"""


@pytest.fixture
def furnished():
    """A playing site of devices that are told things."""
    models = Models()
    stage = Stage(Site(parse_scenario(FURNISHED, "furnished.toml", models), models))
    yield stage
    stage.close()
