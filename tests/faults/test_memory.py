"""What the server keeps in memory: little of each device, and nothing that grows with requests, good or refused."""

from __future__ import annotations

import gc
import json
import random
import string
import struct
import sys
import tracemalloc
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from runtime.core.decode.compiled import compile_map
from runtime.core.device.livedevice import LiveDevice
from runtime.core.edit.installationfile import dump
from runtime.core.sample.interval import Intervals
from runtime.core.site.installation import DeviceSpec
from runtime.plugin.plugins import load_plugins
from runtime.settings import default_plugins
from tests.bench.table import Row, tell
from tests.faults.test_doors import House
from tests.key import key_to
from tests.soak import FULL
from tests.spec.test_attacks_on_access import data, served
from tests.webui.stage import installation

__all__ = ["data"]

pytestmark = [pytest.mark.faults, pytest.mark.soak]

REQUESTS, WARM = (200_000 if FULL else 2_000), 600
BLOCKS_EACH = 0.05 if FULL else 0.5  # a leak leaves one at least; what is remembered of the first counts for less
PAGES = (
    *("/", "/devices", "/devices/1", "/consumptions", "/gateways", "/system", "/setup"),
    *("/api/v1/live", "/api/v1/devices", "/api/v1/system", "/api/v1/events", "/api/v1/devices/1/energy-check"),
)
LANGUAGES = ("de", "fr", "en", "es", "it", "nl", "pl", "pt", "ru", "zh", "el", "hu")


class Visitors:
    """All kinds of them in turn, no two requests alike. ``key`` opens what only known programs may see."""

    def __init__(self, key: str, seed: int) -> None:
        self._random = random.Random(seed)
        self._key = f"Authorization: Bearer {key}"
        self._kinds = (
            self._good,
            self._missing,
            self._asking,
            self._speaking,
            self._guessing,
            self._garbled,
            self._odd,
        )

    def request(self) -> bytes:
        return self._random.choice(self._kinds)()

    def _word(self, letters: int = 12) -> str:
        return "".join(self._random.choices(string.ascii_lowercase + string.digits, k=letters))

    def _good(self) -> bytes:
        return _head(f"GET {self._random.choice(PAGES)}", self._key)

    def _missing(self) -> bytes:
        path = self._random.choice(("/", "/api/v1/", "/api/v1/devices/", "/static/")) + self._word()
        return _head(f"GET {path}", self._key)

    def _asking(self) -> bytes:
        year, day = self._random.randrange(1970, 2100), self._random.randrange(1, 29)
        path = self._random.choice(("/api/v1/consumption", "/api/v1/events", "/consumptions"))
        return _head(f"GET {path}?from={year}-01-{day:02d}&bin=day&{self._word()}={self._word()}", self._key)

    def _speaking(self) -> bytes:
        return _head("GET /", self._key, f"Accept-Language: {self._random.choice(LANGUAGES)}-{self._word(2)}")

    def _guessing(self) -> bytes:
        cookie = f"Cookie: wattkeeper_session={self._word(36)}; wattkeeper_browser={self._word(36)}"
        return _head("GET /api/v1/live", self._random.choice((cookie, f"Authorization: Bearer {self._word(36)}")))

    def _garbled(self) -> bytes:
        fields = json.dumps({self._word(): self._word() for _ in range(5)})
        body = self._random.choice((fields, fields[:-9], "[" * 200)).encode()
        method = self._random.choice(("PATCH /api/v1/devices/1", "POST /api/v1/corrections", "POST /api/v1/session"))
        return _head(method, self._key, f"Content-Length: {len(body)}") + body

    def _odd(self) -> bytes:
        host = f"GET / HTTP/1.1\r\nHost: {self._word()}.example\r\n\r\n"
        return self._random.choice(
            (host, f"{self._word(5).upper()} / HTTP/1.1\r\n\r\n", f"{self._word()}\r\n\r\n")
        ).encode()


def _head(line: str, *fields: str) -> bytes:
    return "\r\n".join((f"{line} HTTP/1.1", "Host: localhost", *fields, "", "")).encode()


def anonymous_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))


def blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()


DEVICES, ROUNDS, DEVICE_BYTES = 20, 30, 40_000  # 61 values of each, 24 of them counters


def test_a_device_takes_little_memory_however_often_it_is_read() -> None:
    decoder = compile_map(load_plugins(default_plugins()).maps["eastron-sdm630"])
    interval_of, began_s = Intervals(600, ZoneInfo("UTC")).interval_of, 1_700_000_400
    LiveDevice(DeviceSpec(0, "one of its kind", 1, 1, decoder.id), decoder, interval_of, began_s, 30)
    tracemalloc.start()
    specs = [DeviceSpec(id, f"meter {id}", 1, id, decoder.id) for id in range(1, DEVICES + 1)]
    devices = [LiveDevice(spec, decoder, interval_of, began_s, 30) for spec in specs]
    for turn in range(ROUNDS):
        for device in devices:
            for number, _, request in device.reads():
                payload = struct.pack(">f", 230.0 + device.spec.id + turn % 9) * (request.count // 2)
                device.read(number, (began_s + 2 * turn) * 1000, payload, 2.0 * turn)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(decoder.quantities) > 60 and len(decoder.counters) > 20
    tell(
        Row(
            "memory of a device with 61 values",
            f"≤ {DEVICE_BYTES} B",
            f"{kept // DEVICES} B",
            kept < DEVICES * DEVICE_BYTES,
        )
    )
    assert kept < DEVICES * DEVICE_BYTES


@pytest.mark.timeout(7200)
def test_thousands_of_requests_leave_nothing_behind_that_grows_with_them(data: Path) -> None:
    key = key_to(data)
    with served(data) as server:
        house, visitors = House(server, key), Visitors(key, 15)
        assert house.send("POST", "/api/v1/installation?replace=1", dump(installation(devices=6)).encode()) == 200
        _visit(house, visitors, WARM)
        before, before_mb = blocks(), anonymous_mb()
        statuses = _visit(house, visitors, REQUESTS)
        grown, grown_mb = blocks() - before, anonymous_mb() - before_mb
        assert house.is_well()
    assert statuses[200] > REQUESTS // 5 and sum(statuses.values()) - statuses[200] > REQUESTS // 5
    what = f"memory after {REQUESTS:,} requests, good and refused"
    measured = f"{grown / REQUESTS:.2f} blocks, {1024 * grown_mb / REQUESTS:.2f} kB of RssAnon a request"
    tell(Row(what, f"≤ {BLOCKS_EACH} blocks a request", measured, grown <= BLOCKS_EACH * REQUESTS))
    assert grown <= BLOCKS_EACH * REQUESTS


def _visit(house: House, visitors: Visitors, times: int) -> Counter[int]:
    return Counter(house.door.ask(visitors.request()).status for _ in range(times))
