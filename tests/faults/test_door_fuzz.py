"""Whatever a grammar of attacks sends to any route of a server that runs: an answer, no 500, no traceback, in time."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.core.edit.installationfile import dump
from runtime.errors import StoreError
from runtime.store.upkeep.backup import copy_whole
from runtime.store.upkeep.restore import restore
from tests.faults.test_doors import House
from tests.key import key_to
from tests.soak import tenth
from tests.spec.test_attacks_on_access import data, served
from tests.spec.test_rights import LISTED
from tests.webui.front.stage import answer_of
from tests.webui.stage import installation

__all__ = ["data"]

pytestmark = [pytest.mark.faults, pytest.mark.soak]

TRIES, RESTORES = tenth(10_000), tenth(100)
SLOW = 100  # times the usual
FLOOR_S = 3.0  # a machine with other work stops for so long now and then
ENDS = ("/api/v1/installation", "/logout", "/api/v1/session", "/api/v1/machine")  # what would end the test itself
ODD = [
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**29, 10**40, 1e308, "", "x", "a" * 300, "\ud800", "\0", "\u202e",
    "1e999999999", "9" * 5_000, "../../etc/passwd", "/dev/mem", "file:///etc/passwd", "<b>", "=1+1", "NaN", "-0",
    "1970-01-01", "9999-12-31T23:59:59Z", [], {}, [[]], [{}], {"a": {"a": {"a": []}}}, ["x"] * 100, {"\ud800": 1},
    {"": ""}, "tcp://a b:1", "rtu:///dev/null", 1.5,
]  # fmt: skip
FIELDS = (
    *(
        "id",
        "name",
        "unit",
        "url",
        "gateway",
        "model",
        "value",
        "quantity",
        "energy",
        "start",
        "end",
        "reason",
        "rights",
    ),
    *(
        "pin",
        "puk",
        "folder",
        "every_days",
        "keep",
        "method",
        "at",
        "last_index",
        "first_index",
        "device",
        "from",
        "to",
    ),
    *("version", "zone", "language", "currency", "parameters", "labels", "groups", "load", "on", "address", "title"),
    *("rows", "source", "fluid", "prices", "rate", "days", "board", "position", "phase", "text", "certificate", "key"),
)
PIECES = (
    *('"', "'", "[", "]", "[[", "]]", "=", "\n", "{", "}", ",", "-1", "1e999999999", "true", "\\u0000", "ü"),
    *("9" * 40, "a." * 30),
)
HEADERS = [
    b'Cookie: a="' + b"\\" * 500, b"Cookie: wattkeeper_session=\xc3\xa9", b"X: \xff", b"Content-Length: 5",
    b"Content-Length: 0 ,0", b"Transfer-Encoding: chunked", b"Host: localhost", b"Host: a\x00", b"Expect: 100-continue",
    b"Range: bytes=0-", b"X-Forwarded-For: x", b"If-Match: " + b'"' * 500, b"Accept-Language: " + b"a;q=0.1," * 400,
    b"Authorization: Bearer \xc2\xa0", b"Origin: http://[", b"Accept-Encoding: " + b"gzip," * 500,
    b"Content-Type: multipart/form-data; boundary=" + b"-" * 300, b"Content-Type: application/x-www-form-urlencoded",
    b"Connection: close, " + b"x," * 300, b"Upgrade: websocket", b"Content-Type: \xe2\x80\xae",
]  # fmt: skip
PARTS = ("1", "0", "-1", "9" * 5_000, "%00", "%ff", "..", "a%2fb", "%F0%9F%98%80", "x" * 300, "'")
QUERIES = (
    *("", "", "?x=%ff", "?date=9999-99-99", "?from=" + "9" * 400, "?dry=1", "?limit=1e9", "?" + "a&" * 3_000),
    *("?of=device:1&date=0001-01-01", "?since=%ff", "?back=//evil", "?quantity=%00"),
)


class Grammar:
    """Requests of a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._whole = dump(installation())
        self._routes = sorted(route for route in LISTED if not route[1].startswith(ENDS[1:]))

    def request(self, key: str) -> bytes:
        method, rule = self._random.choice(self._routes)
        body = self._body(rule)
        head = [f"{method} {self._path(rule)} HTTP/1.1".encode("utf-8", "surrogatepass"), b"Host: localhost"]
        if self._random.random() < 0.8:
            head.append(f"Authorization: Bearer {key}".encode())
        if self._random.random() < 0.25:
            head += self._random.sample(HEADERS, 2)
        if body:
            head.append(b"Content-Length: %d" % len(body))
        return b"\r\n".join((*head, b"Connection: close", b"", body))

    def _path(self, rule: str) -> str:
        parts = (self._random.choice(PARTS) if part.startswith("<") else part for part in rule.split("/"))
        return "/".join(parts) + self._random.choice(QUERIES)

    def _body(self, rule: str) -> bytes:
        choice = self._random.random()
        if rule == ENDS[0] or choice < 0.1:
            return self._toml()
        if choice < 0.2:
            return self._random.randbytes(self._random.randrange(200))
        if choice < 0.3:
            return b"[" * self._random.randrange(50_000)
        fields = {self._random.choice(FIELDS): self._value() for _ in range(self._random.randrange(8))}
        return json.dumps(fields).encode()[:60_000]

    def _value(self) -> Any:
        if self._random.random() < 0.2:
            return {self._random.choice(FIELDS): self._random.choice(ODD) for _ in range(3)}
        return self._random.choice(ODD)

    def _toml(self) -> bytes:
        at = self._random.randrange(len(self._whole))
        put_in = "".join(self._random.choice(PIECES) for _ in range(self._random.randrange(6)))
        return (self._whole[:at] + put_in + self._whole[at + self._random.randrange(60) :]).encode()


@pytest.fixture
def house(data: Path) -> Iterator[tuple[House, str]]:
    key = key_to(data)
    with served(data) as server:
        yield House(server, key), key
        assert not server.fatal


def test_whatever_comes_to_any_route_is_answered_and_ends_nothing(
    house: tuple[House, str], caplog: pytest.LogCaptureFixture
) -> None:
    served_at, key = house
    grammar, took, statuses = Grammar(20261130), [], Counter[int]()
    for number in range(TRIES):
        request = grammar.request(key)
        began = time.monotonic()
        with served_at.door.connect(timeout=30) as client:
            client.sendall(request)
            try:
                status = answer_of(client, bare=request.startswith(b"HEAD ")).status
            except (TimeoutError, AssertionError, ConnectionError):
                status = 0  # it was told why before, or closed in the middle of a request that was refused
        took.append(time.monotonic() - began)
        statuses[status] += 1
        assert status != 500, (number, request[:2_000])
    assert max(took) <= max(FLOOR_S, SLOW * statistics.median(took))
    assert served_at.is_well()
    assert statuses[0] <= TRIES // 50, statuses
    assert not [record.getMessage() for record in caplog.records if record.exc_info]


def test_whatever_is_restored_is_a_store_or_refused_in_a_line(data: Path, tmp_path: Path) -> None:
    noise = random.Random(20261130)
    whole = tmp_path / "whole.mdb"
    copy_whole(data, whole)
    content = whole.read_bytes()
    for number in range(RESTORES):
        damaged = bytearray(content)
        for _ in range(noise.randrange(1, 200)):
            damaged[noise.randrange(len(damaged))] = noise.randrange(256)
        file = tmp_path / f"damaged-{number}.mdb"
        file.write_bytes(bytes(damaged[: noise.choice((len(damaged), noise.randrange(len(damaged))))]))
        try:
            restore(file, tmp_path / f"folder-{number}")
        except StoreError as error:
            assert "\n" not in error.message and len(error.message) < 2_000
