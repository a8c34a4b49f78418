"""Many lives of the oracle at once: each a meter of its own behind a whole server, on one wire, in told time."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from runtime.app import Server
from runtime.core.energy.corrections import Correction
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.store.energy.corrections import all_corrections
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.store.object.site import save_installation
from runtime.store.sample.rows import Rows
from tests.actors.stage import LAST_RESORT_S
from tests.key import asked, key_to
from tests.oracle.bill import Account
from tests.oracle.clairvoyant import calendar_of
from tests.oracle.comparison import Booked, differences
from tests.oracle.life import Life, Replaced, Restart
from tests.oracle.meter import Meter
from tests.oracle.register import WIDTHS, Register
from tests.oracle.tariffs import Tariffs
from tests.spec.billing import chart_differences, with_tariffs
from tests.spec.lives import QUANTITY, VOLTS
from tests.spec.quickclock import TurnedClock
from tests.spec.serving import server_on
from tests.spec.steppedwire import PATIENT_MS, QUICK, SteppedWire, stepped_time

TYPES = {"s32": "i32", "s64": "i64"}


class Asked:
    """A meter of the oracle; asked again at the same time it shows the same."""

    def __init__(self, life: Life) -> None:
        self.meter, self.size = Meter(life), WIDTHS[life.register.type]
        self._last: tuple[int, tuple[int, ...] | None] = (0, None)

    def answer(self, now_ms: int) -> tuple[int, ...] | None:
        if self._last[0] != now_ms:
            self._last = now_ms, self.meter.answer(now_ms)
        return self._last[1]


class Fleet:
    """Lives that begin and end together, of one site; ``errors``: what the server refused."""

    def __init__(self, folder: Path, lives: Sequence[Life], tariffs: Tariffs) -> None:
        self._lives, self._step_s = lives, lives[0].poll_ms / 1000
        self._data, first = folder / "data", lives[0]
        self._clock = TurnedClock(first.start_ms // 1000, 0.0, folder / "clock")
        meters = [Asked(life) for life in lives]
        self._meters = [each.meter for each in meters]
        self._wire = SteppedWire(dict(enumerate(meters, 1)), self._clock)
        self._site = with_tariffs(_site(lives, f"tcp://127.0.0.1:{self._wire.port}"), tariffs)
        self.accounts = [Account(calendar_of(life), tariffs) for life in lives]
        _write_maps(self._data / "maps", {(life.register, life.fluid) for life in lives})
        store = open_store(self._data)
        save_installation(store, self._site)
        store.close()
        self._key = key_to(self._data)
        self._server: Server | None = None
        self.errors: list[str] = []

    def play(self) -> None:
        with stepped_time(self._step_s):
            self._play()

    def _play(self) -> None:
        self._start()
        try:
            acts = sorted(
                ((act.at_ms, id, act) for id, life in enumerate(self._lives, 1) for act in life.acts), key=_at
            )
            end_ms = self._lives[0].end_ms
            while self._clock.now_ms() < end_ms:
                while acts and acts[0][0] <= self._clock.now_ms():
                    self._act(*acts.pop(0)[1:])
                self._wire.step(self._step_s)
        finally:
            self._stop()
            self._wire.end()

    def differences(self) -> list[str]:
        """What is booked or billed otherwise than it must be, life by life."""
        store = open_store(self._data, readonly=True)
        lines = list(self.errors)
        for id, (life, meter) in enumerate(zip(self._lives, self._meters, strict=True), 1):
            booked = _booked(store, id, QUANTITY[life.fluid])
            corrected = [each for each in all_corrections(store) if each.device == id]
            whole = [_with_corrections(each, corrected) for each in booked]
            seen = differences(meter.truth(), calendar_of(life), whole)
            if life.fluid == "electricity":
                seen += self._bills(History(store), id, booked, corrected)
            lines += [f"{life.name}, {life.register}: {line}" for line in seen]
        store.close()
        return lines

    def _bills(self, history: History, id: int, booked: Sequence[Booked], corrected: Sequence[Correction]) -> list[str]:
        account = self.accounts[id - 1]
        for start_ts, end_ts, energy_m in booked:
            account.book(start_ts, end_ts, energy_m)
        for each in corrected:
            account.correct(each.start_ts, each.end_ts, each.delta_n)
        return chart_differences(history, self._site, id, calendar_of(self._lives[id - 1]), account, "billed")

    def _act(self, id: int, act: object) -> None:
        match act:
            case Restart() if id == 1:  # all lives have the same
                self._wait(self._is_kept)
                self._stop()
                self._start()
            case Replaced():
                self._replace(id, act)

    def _is_kept(self) -> bool:
        """Whether what was read until now has come to its gateway, and what it closed to the disk."""
        assert self._server is not None
        now_ms, views = self._clock.now_ms(), self._server.views
        shown = (max(views.get(f"device.{unit}").ts_ms, default=0) for unit in self._wire.heard)
        return all(ts_ms >= now_ms for ts_ms in shown) and views.get("recorder").due_since_ms == 0

    def _replace(self, id: int, act: Replaced) -> None:
        at = datetime.fromtimestamp(act.exchanged_ms // 1000, UTC).isoformat()
        indexes = {"last_index": act.last_m / 1000, "first_index": act.first_m / 1000}
        body = {"quantity": QUANTITY[self._lives[id - 1].fluid], "at": at, **indexes}
        try:
            self._ask(f"/devices/{id}/replace-meter", body)
        except HTTPError as error:
            self.errors.append(f"{self._lives[id - 1].name}: replace-meter: {error.read().decode()}")

    def _ask(self, path: str, body: Any) -> Any:
        assert self._server is not None
        request = asked(f"{self._server.web.url}/api/v1{path}", self._key, "POST", json.dumps(body).encode())
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def _start(self) -> None:
        self._server = server_on(self._data, self._clock, QUICK)
        self._server.start()

    def _stop(self) -> None:
        if self._server is not None:
            self._server.stop()
        self._server = None

    def _wait(self, true: Any) -> None:
        last = time.monotonic() + LAST_RESORT_S
        while not true():
            assert time.monotonic() < last, "a meter is not read"
            time.sleep(0.002)


def _at(act: tuple[int, int, object]) -> tuple[int, int]:
    return act[0], act[1]


def _site(lives: Sequence[Life], url: str) -> Installation:
    devices = tuple(
        DeviceSpec(
            id, f"Meter {id}", 1, id, _model(life.register, life.fluid),
            parameters={"rated_current_a": life.rated_m / 3 / VOLTS / 1000}
            if life.rated_m and life.fluid == "electricity" else {},
        )
        for id, life in enumerate(lives, 1)
    )  # fmt: skip
    return Installation(
        zone=lives[0].zone,
        interval_s=lives[0].interval_s,
        gateways=(GatewaySpec(1, "All", url, timeout_ms=PATIENT_MS),),
        devices=devices,
    )


def _model(register: Register, fluid: str) -> str:
    parts = (fluid, register.type, register.step_m, register.digits, "falls" if register.falls else "climbs")
    return "-".join(str(part) for part in parts)


def _write_maps(folder: Path, registers: set[tuple[Register, str]]) -> None:
    folder.mkdir(parents=True)
    for register, fluid in registers:
        scale = Fraction(1000) if register.is_float else Fraction(register.step_m, 1000)
        row = f'quantity = "{QUANTITY[fluid]}", at = 0, type = "{TYPES.get(register.type, register.type)}", '
        row += f'scale = "{scale}"' + (f", digits = {register.digits}" if register.digits else "")
        row += ', sign = "negative"' if register.falls else ""
        head = (
            f'id = "{_model(register, fluid)}"\ntitle = "Played"\nmaker = "Oracle"\nsource = "tests"\ntrust = "field"\n'
        )
        text = f'{head}space = "holding"\nfield = [{{{row}}}]\n'
        (folder / f"{_model(register, fluid)}.toml").write_text(text, encoding="utf-8")


def _with_corrections(part: Booked, corrected: Sequence[Correction]) -> Booked:
    """With what an exchange that was reported afterwards adds to it."""
    start_ts, end_ts, energy_m = part
    for each in corrected:
        low_ts, high_ts = (min(max(ts, each.start_ts), each.end_ts) for ts in (start_ts, end_ts))
        sums = [each.delta_n * (ts - each.start_ts) // (each.end_ts - each.start_ts) for ts in (low_ts, high_ts)]
        energy_m += sums[1] - sums[0]
    return start_ts, end_ts, energy_m


def _booked(store: Any, device: int, quantity: str) -> list[Booked]:
    with store.reading() as txn:
        rows = Rows(store).scan_device(txn, device, 0, 1 << 40, (quantity, "energy").__eq__)
        listed = [(row.start_ts, row.start_ts + row.interval_s, row.values_n[0]) for row in rows if row.values_n]
    return [(start_ts, end_ts, energy_n) for start_ts, end_ts, energy_n in listed if energy_n is not None]
