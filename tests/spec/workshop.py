"""A small real site for the tests of whole capabilities: simulated meters on real sockets and a pty, and the server.

Both read the same clock. A test turns its wall time on, by steps and each once all devices were read, so that hours
pass in seconds and no machine is too slow for them; time-outs and pauses stay real.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from actors.gateway.gateway import Periods
from runtime.app import Server
from runtime.clock import Clock, SystemClock
from runtime.core.edit.installationfile import Known, dump, load
from runtime.core.site.installation import Installation
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import Checker
from runtime.settings import default_plugins
from runtime.store.env import open_store
from runtime.store.object.site import save_installation
from simulator.gateway.punctual import punctual_loop
from simulator.play.installation import installation
from simulator.play.play import Play
from simulator.play.site import Location, Site, locate
from simulator.scenario.models import Models
from simulator.scenario.plan import Scenario
from simulator.scenario.scenario import parse_scenario
from tests.actors.stage import LAST_RESORT_S
from tests.key import asked, key_to
from tests.spec.quickclock import QuickClock, TurnedClock
from tests.spec.serving import HASTY, PERIODS, server_on

SCENARIO = Path(__file__).with_name("workshop.toml")
GATEWAYS = 3
ENERGY = "active_energy_import_wh"
STEP_S = 50.0  # of the wall clock, between two looks at all devices
GIVEN_UP_S = 15.0  # of life: whoever is not read for so long is not waited for
STILL = 0.1  # how fast the wall clock runs by itself where it is turned: readings have times of their own


class Outside:
    """The simulated installation, played in a thread of its own."""

    def __init__(self, clock: QuickClock, scenario: Scenario, models: Models) -> None:
        self.scenario, self.site = scenario, Site(scenario, models)
        self._clock = clock
        self._loop = punctual_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="outside", daemon=True)
        self.still_ms = 0  # the moment at which all meters stand still, 0 = they go on
        self.play = Play(self.site, self._now_ms)
        self.faulty: set[str] = set()

    def start(self) -> None:
        self._thread.start()
        self._do(self.play.start())

    def stop(self) -> None:
        self._do(self.play.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    def fault(self, gateway: str, mode: str, unit: int | None = None) -> None:
        """Modes: normal, unplugged, silent, garbage."""
        self._do(self.play.fault({"gateway": gateway, "mode": mode, "unit": unit}))
        (self.faulty.discard if mode == "normal" else self.faulty.add)(gateway)

    def happens(self, device: str, **what: Any) -> None:
        """As ``POST /world``: ``set``, ``car``, ``writes``."""

        async def change() -> None:
            self.play.change_world({"device": device, **what})

        self._do(change())

    def calm(self) -> Any:
        """End all events, modes and faults; the gateways' state."""
        self.faulty.clear()
        return self._do(self.play.calm())

    def shown_n(self, device: str, at_ms: int) -> dict[str, int]:
        """The indexes that the meter's registers show at that moment, by quantity, in 0.001 Wh."""
        return dict(self.site.devices[device].indexes(at_ms))

    def currents_ma(self, device: str) -> tuple[int, ...]:
        """What flows through a meter now on each phase, whether anybody can read it or not."""

        async def look() -> tuple[int, ...]:
            values = self.site.devices[device].values(self._clock.now_ms())
            return tuple(int(values[f"current_l{phase}_a"] or 0) for phase in (1, 2, 3))

        return tuple(self._do(look()))

    def drawn_ma(self, station: str) -> int:
        """What its car draws now from each phase."""

        async def look() -> int:
            found = self.site.devices[station].station
            assert found is not None
            return found.drawn_ma(self._clock.now_ms())[0]

        return int(self._do(look()))

    def true_energy_n(self, device: str, from_ts: int, to_ts: int) -> int:
        truth = self.play.truth({"device": device, "from": str(from_ts), "to": str(to_ts)})
        return int(truth["active_energy_import_n"])

    def stand_still(self, still: bool) -> None:
        """Whether nothing is drawn from now on: all meters show what they show."""
        self.still_ms = self._clock.now_ms() if still else 0

    def _now_ms(self) -> int:
        return self.still_ms or self._clock.now_ms()

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


class Workshop:
    """The site with its server; ``server`` is the one that runs in this process."""

    def __init__(self, folder: Path, clock: TurnedClock, outside: Outside) -> None:
        self.clock, self.outside = clock, outside
        self.data = folder / "data"
        self._key = key_to(self.data)
        self._server_clock: Clock = clock
        self.server: Server | None = None
        self._killable: subprocess.Popen[str] | None = None
        self._url = ""

    def start(self, periods: Periods | None = None, clock: Clock | None = None) -> None:
        usual = HASTY if self.clock.speed == STILL else PERIODS
        self._server_clock = clock or self.clock
        self.server = server_on(self.data, self._server_clock, periods or usual)
        self.server.start()
        self._url = self.server.web.url

    def stop(self) -> None:
        if self.server:
            self.server.stop()
        self.server = None
        self.kill()

    def start_killable(self) -> None:
        """In a process of its own."""
        self._server_clock = self.clock
        clock = [str(each) for each in (self.clock.file, self.clock.ts, self.clock.speed, self.clock.began)]
        command = [sys.executable, "-m", "tests.spec.serving", str(self.data), *clock]
        self._killable = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._killable.stdout
        self._url = self._killable.stdout.readline().strip()

    def kill(self) -> None:
        """kill -9, whatever it is doing."""
        if self._killable and self._killable.stdout:
            self._killable.kill()
            self._killable.wait()
            self._killable.stdout.close()
        self._killable = None

    def get(self, path: str) -> Any:
        return self.ask(path)

    def ask(self, path: str, method: str = "GET", body: Any = None, timeout_s: float = 10) -> Any:
        """With a key that may do everything."""
        sent = None if body is None else json.dumps(body).encode()
        with urlopen(asked(self._url + "/api/v1" + path, self._key, method, sent), timeout=timeout_s) as answer:
            said = answer.read()
        return json.loads(said) if said else None

    def ask_a_starting_one(self, path: str, body: Any) -> Any:
        """POST ``body``; None while whoever answers is just starting: ask again."""
        try:
            return self.ask(path, "POST", body)
        except HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            return None

    def device(self, name: str) -> Any:
        """The device as ``live`` shows it now."""
        return next(device for device in self.get("/live")["devices"] if device["name"] == name)

    def id_of(self, name: str) -> int:
        return 1 + list(self.outside.site.devices).index(name)

    def bins(self, name: str, period: str, date: str) -> list[Any]:
        path = f"/consumption?of=device:{self.id_of(name)}&fluid=electricity&period={period}&date={date}"
        return list(self.get(path)["bins"])

    def passes(self, minutes: float, step_s: float = STEP_S) -> None:
        """Turn the wall clock on until it shows so many minutes after the start."""
        until_ms = (self.clock.ts + minutes * 60) * 1000
        while (left_ms := until_ms - self.clock.now_ms()) > 0:
            self.clock.turn(min(step_s, left_ms / 1000))
            self._read_anew()

    def _read_anew(self) -> None:
        """Wait until each device that answers was read since now."""
        turned_ms, began = self._server_clock.now_ms(), time.monotonic()
        waiting = self._ids()

        def is_done(id: int) -> bool:
            read_ms = self._read_ms(id)
            if read_ms is None:
                return self._is_cut_off(id) or time.monotonic() - began > GIVEN_UP_S
            return read_ms >= turned_ms

        def all_read() -> bool:
            waiting.difference_update([id for id in waiting if is_done(id)])
            return not waiting

        self.eventually(all_read)

    def _ids(self) -> set[int]:
        return set(range(1, 1 + len(self.outside.site.devices)))

    def _is_cut_off(self, id: int) -> bool:
        """Whether the test has seen to it that nobody reads the device."""
        return self.outside.scenario.devices[id - 1].gateway in self.outside.faulty

    def _read_ms(self, id: int) -> int | None:
        """When the counter of a device was read, or what else it has; None: nobody can read it."""
        taken: dict[str, int]
        if self.server is None:
            device = self.get(f"/devices/{id}/live")
            state, taken = device["state"], {key: _ms_of(each["ts"]) for key, each in device["readings"].items()}
        else:
            view = self.server.views.get(f"device.{id}")
            if view is None:  # its gateway begins
                return 0
            state, taken = view.state, dict(zip(view.quantities, view.ts_ms, strict=True))
        return (taken.get(ENERGY) or max(taken.values(), default=0)) if state in ("on", "unknown") else None

    def eventually(self, true: Callable[[], Any], within_s: float = LAST_RESORT_S) -> Any:
        """Look again and again until it holds; what it gave then."""
        last = time.monotonic() + within_s
        while not (seen := true()):
            assert time.monotonic() < last, f"not within {within_s:g} s"
            time.sleep(0.01)
        return seen


@contextmanager
def workshop(
    folder: Path, *, ts: int, speed: float = 1.0, interval_s: int = 600, played: Path = SCENARIO
) -> Iterator[Workshop]:
    """A site whose wall clock starts at ``ts``; ``speed`` is what it keeps by itself."""
    clock = TurnedClock(ts, speed, folder / "clock")
    text = played.read_text().replace("interval_s = 600", f"interval_s = {interval_s}")
    models = Models()
    scenario = locate(parse_scenario(text, played.name, models), Location(folder, port=free_ports(GATEWAYS)))
    outside = Outside(clock, scenario, models)
    outside.start()
    try:
        _configure(folder / "data", scenario)
        shop = Workshop(folder, clock, outside)
        try:
            yield shop
        finally:
            shop.stop()
    finally:
        outside.stop()


def _configure(data: Path, scenario: Scenario) -> None:
    """As `wattkeeper load` does with what the simulator says."""
    plugins = load_plugins(default_plugins())
    known = Known(models=plugins.maps.keys() | plugins.makers.keys(), schemes=plugins.schemes)
    store = open_store(data)
    loaded = load(dump(installation(scenario)), "workshop", Installation(), known)
    save_installation(store, Checker(plugins, SystemClock()).marked(loaded))
    store.close()


def _ms_of(text: str | None) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000) if text else 0


def free_ports(count: int) -> int:
    """The first of so many neighbouring ports that nobody listens on now."""
    while True:
        first = random.randrange(30_000, 32_000)
        with ExitStack() as stack, suppress(OSError):
            for port in range(first, first + count):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first
