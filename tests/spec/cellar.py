"""A whole server and meters of a test's own on one wire, in steps of told time; people use its API.

What a meter shows is a rule of two lines here, so that what must be booked can be typed in a test.
"""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from runtime.app import Server
from runtime.clock import Clock
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.store.env import Store, open_store
from runtime.store.object.site import save_installation
from tests.actors.stage import LAST_RESORT_S
from tests.key import asked, key_to
from tests.spec.quickclock import TurnedClock
from tests.spec.serving import server_on
from tests.spec.steppedwire import PATIENT_MS, QUICK, SteppedMeter, SteppedWire, stepped_time

STEP_S = 60.0
STARTING = 503
ENERGY = "active_energy_import_wh"
_MAP = """id = "cellar"
title = "Cellar"
maker = "Tests"
source = "tests"
trust = "field"
space = "holding"
field = [{rows}]
"""


@dataclass
class EvenMeter:
    """Counters of 32 bit in whole Wh or dm3 that climb by ``hourly`` an hour; it is off between the times of ``dark``.

    index  what they show at ``start_ms``
    """

    start_ms: int
    hourly: int
    index: int = 1_234_000
    counters: int = 1
    dark: tuple[int, int] = (0, 0)

    @property
    def size(self) -> int:
        return 2 * self.counters

    def answer(self, now_ms: int) -> Sequence[int] | None:
        if self.dark[0] <= now_ms < self.dark[1]:
            return None
        return divmod(self.index + (now_ms - self.start_ms) * self.hourly // 3_600_000, 1 << 16) * self.counters


class Cellar:
    """Device 1 is the meter; times are those of a wall clock there."""

    def __init__(
        self, folder: Path, meter: Callable[[int], SteppedMeter], start: str, zone: str, quantities: Sequence[str]
    ) -> None:
        self.zone, self._data = ZoneInfo(zone), folder / "data"
        self.start_ms = self.at_ms(start)
        self.clock = TurnedClock(self.start_ms // 1000, 0.0, folder / "clock")
        self.meter = meter(self.start_ms)
        self.wire = SteppedWire({1: self.meter}, self.clock)
        site = Installation(
            zone=zone, interval_s=600,
            gateways=(GatewaySpec(1, "Cellar", f"tcp://127.0.0.1:{self.wire.port}", timeout_ms=PATIENT_MS),),
            devices=(DeviceSpec(1, "Main", 1, 1, "cellar"),),
        )  # fmt: skip
        self._configure(site, quantities)
        self._key = key_to(self._data)
        self.server: Server | None = None

    def _configure(self, site: Installation, quantities: Sequence[str]) -> None:
        rows = ", ".join(f'{{quantity = "{id}", at = {2 * i}, type = "u32"}}' for i, id in enumerate(quantities))
        (self._data / "maps").mkdir(parents=True)
        (self._data / "maps" / "cellar.toml").write_text(_MAP.format(rows=rows))
        store = open_store(self._data)
        save_installation(store, site)
        store.close()

    def at_ms(self, text: str) -> int:
        """UTC ms of "2026-05-04 06:10"."""
        return int(datetime.datetime.fromisoformat(text).replace(tzinfo=self.zone).timestamp()) * 1000

    def start(self, clock: Clock | None = None) -> None:
        self.server = server_on(self._data, clock or self.clock, QUICK)
        self.server.start()
        self.eventually(True, self._is_there)

    def _is_there(self) -> bool:
        """Whether people can do things to it."""
        try:
            self.ask("/settings", "PATCH", {"name": "Cellar"})
        except HTTPError as error:
            return error.code != STARTING
        return True

    def looked_into(self, look: Callable[[Store], Any]) -> Any:
        """What ``look`` finds in the data folder, while no server runs."""
        store = open_store(self._data, readonly=True)
        try:
            return look(store)
        finally:
            store.close()

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()
        self.server = None

    def passes_until(self, text: str) -> None:
        while (left_ms := self.at_ms(text) - self.clock.now_ms()) > 0:
            self.wire.step(min(STEP_S, left_ms / 1000))

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        assert self.server is not None
        sent = None if body is None else json.dumps(body).encode()
        request = asked(f"{self.server.web.url}/api/v1{path}", self._key, method, sent)
        with urlopen(request, timeout=LAST_RESORT_S) as answer:
            said = answer.read()
        return json.loads(said) if said else None

    def refusal(self, path: str, method: str, body: Any) -> tuple[int, str]:
        """Status and code of what is not done."""
        try:
            self.ask(path, method, body)
        except HTTPError as error:
            told = json.load(error)["error"]
            return error.code, told["faults"][0]["code"] if told.get("faults") else told["code"]
        raise AssertionError(f"{method} {path} was done")

    def chart(self, date: str, more: str = "", of: str = "device:1") -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self.ask(f"/consumption?of={of}&period=day&date={date}{more}")
        return answer

    def hours(self, date: str, more: str = "", key: str = "value") -> dict[str, Any]:
        """Of a day: "06:00" -> what its bin holds, without empty ones."""
        return {bin["start"][11:16]: bin[key] for bin in self.chart(date, more)["bins"] if bin["value"] is not None}

    def eventually(self, wanted: Any, seen: Callable[[], Any]) -> None:
        """What was measured by now has come to the disk when it shows."""
        last = time.monotonic() + LAST_RESORT_S
        while (now := seen()) != wanted:
            assert time.monotonic() < last, f"{now} and not {wanted}"
            time.sleep(0.02)


@contextmanager
def cellar(
    folder: Path, start: str, *, meter: Callable[[int], SteppedMeter], zone: str = "Europe/Paris",
    quantities: Sequence[str] = (ENERGY,), runs: bool = True,
) -> Iterator[Cellar]:  # fmt: skip
    """With its server running, unless a test starts it by a clock of its own."""
    played = Cellar(folder, meter, start, zone, quantities)
    with stepped_time(STEP_S):
        try:
            if runs:
                played.start()
            yield played
        finally:
            played.stop()
            played.wire.end()
