"""A whole server on lines full of noise: what it shows as good is what the meters hold, whatever else comes."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from actors.gateway.gateway import Periods
from runtime.app import Server
from runtime.clock import SystemClock
from runtime.core.decode.compiled import CompiledMap, compile_map
from runtime.core.map.normalise import DeviceSettings
from runtime.core.poll.trace import TRACE_VIEWS
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.core.view import BUS_VIEWS, DeviceView
from runtime.plugin.plugins import load_plugins
from runtime.settings import Address, Settings, default_plugins
from runtime.store.env import open_store
from runtime.store.object.site import save_installation
from simulator.gateway.modbus import join_rtu, join_tcp, split_rtu, split_tcp
from tests.actors.stage import eventually
from tests.soak import tenth

pytestmark = [pytest.mark.faults, pytest.mark.soak]

MODEL, UNITS = "eastron-sdm630", (1, 2)
TIMEOUT_MS, LATE_S = 150, 0.3
OFTEN = Periods(live_s=0.02, energy_s=0.02, slow_s=0.02, parameter_s=0.1, watched_s=0.02)
TRANSACTIONS = max(40, tenth(150))  # of each line; the worst of them are left alone so often that this takes minutes
LAST_RESORT_S = 500.0
FLOOD_BYTES = 64 * 1024
SETTINGS = DeviceSettings()
Act = bytes | float


def payload_of(unit: int, at: int, count: int) -> bytes:
    """Each register pair tells its unit and its address."""
    return b"".join(struct.pack(">f", 1000 * unit + (at + i) / 4) for i in range(0, count, 2))[: 2 * count]


class Asked:
    """One request, and the frames that a line with bad manners makes of answers to it and to others."""

    def __init__(self, frame: Callable[[int, bytes], bytes], unit: int, pdu: bytes) -> None:
        self._frame, self.unit, self._function = frame, unit, pdu[0]
        self._at, self._count = struct.unpack(">HH", pdu[1:5])

    def answer(self, *, unit: int = 0, at: int = 0, more: int = 0) -> bytes:
        payload = payload_of(unit or self.unit, self._at + at, self._count + more)
        return self._frame(unit or self.unit, bytes([self._function, len(payload)]) + payload)


def random_bytes(random: Random, asked: Asked) -> list[Act]:
    return [random.randbytes(random.randrange(1, 300)), asked.answer()]


def another_unit(_random: Random, asked: Asked) -> list[Act]:
    return [asked.answer(unit=3 - asked.unit)]


def another_unit_before(_random: Random, asked: Asked) -> list[Act]:
    return [asked.answer(unit=3 - asked.unit), asked.answer()]


def doubled(random: Random, asked: Asked) -> list[Act]:
    return [asked.answer(), random.choice((0.001, 0.02, 0.1)), asked.answer()]


def late(_random: Random, asked: Asked) -> list[Act]:
    return [LATE_S, asked.answer()]


def longer_or_shorter(random: Random, asked: Asked) -> list[Act]:
    return [asked.answer(more=random.choice((-4, -2, 2)))]


def broken_off(random: Random, asked: Asked) -> list[Act]:
    whole = asked.answer()
    return [whole[: random.randrange(1, len(whole))]]


def flood(random: Random, asked: Asked) -> list[Act]:
    return [asked.answer(), random.randbytes(FLOOD_BYTES)]


def flood_of_answers(_random: Random, asked: Asked) -> list[Act]:
    others = asked.answer(unit=3 - asked.unit)
    return [others * (FLOOD_BYTES // len(others)), asked.answer()]


NOISES = (
    random_bytes, another_unit, another_unit_before, doubled, late, longer_or_shorter, broken_off, flood,
    flood_of_answers,
)  # fmt: skip
SPLITS: dict[str, Callable[[bytearray], Iterator[Any]]] = {"tcp": split_tcp, "rtutcp": split_rtu}


class NoisyHost:
    """Answers what the meters behind it hold; every third time its noise comes instead."""

    def __init__(self, kind: str, noise: Callable[[Random, Asked], list[Act]], decoder: CompiledMap) -> None:
        self._kind, self._noise, self._random = kind, noise, Random(noise.__name__)
        self._known = {(block.function, block.at) for block in decoder.blocks}
        self._listener = socket.create_server(("127.0.0.1", 0))
        late = f"?late_max_ms={round(2000 * LATE_S)}" if kind == "rtutcp" else ""
        self.url = f"{kind}://127.0.0.1:{self._listener.getsockname()[1]}{late}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        received = bytearray()
        with peer, suppress(OSError):
            while chunk := peer.recv(4096):
                received += chunk
                for request in SPLITS[self._kind](received):
                    for act in self._acts(*request):
                        if isinstance(act, bytes):
                            peer.sendall(act)
                        else:
                            time.sleep(act)

    def _acts(self, *request: Any) -> list[Act]:
        *mark, unit, pdu = request

        def frame(unit: int, pdu: bytes) -> bytes:
            return join_tcp(mark[0], unit, pdu) if mark else join_rtu(unit, pdu)

        if (pdu[0], int.from_bytes(pdu[1:3])) not in self._known:
            return [frame(unit, bytes([pdu[0] | 0x80, 2]))]
        asked = Asked(frame, unit, pdu)
        return self._noise(self._random, asked) if self._random.random() < 1 / 3 else [asked.answer()]

    def close(self) -> None:
        self._listener.close()


@contextmanager
def served(data: Path, hosts: list[NoisyHost], seen: list[DeviceView]) -> Iterator[Server]:
    """``seen`` gets each view of a device that is published."""
    gateways = tuple(
        GatewaySpec(id, f"Noisy {id}", host.url, timeout_ms=TIMEOUT_MS) for id, host in enumerate(hosts, 1)
    )
    devices = tuple(
        DeviceSpec(10 * gateway.id + unit, f"Meter {gateway.id} {unit}", gateway.id, unit, MODEL)
        for gateway in gateways
        for unit in UNITS
    )
    store = open_store(data)
    save_installation(store, Installation(gateways=gateways, devices=devices, interval_s=60))
    store.close()
    server = Server(Settings(data, default_plugins(), Address("127.0.0.1", 0)), SystemClock(), OFTEN)
    publish = server.views.publish

    def publish_and_note(key: Any, view: Any) -> None:
        publish(key, view)
        if isinstance(view, DeviceView):
            seen.append(view)

    server.views.publish = publish_and_note  # type: ignore[method-assign]
    server.start()
    try:
        yield server
    finally:
        server.stop()


def held(decoder: CompiledMap, unit: int) -> list[Any]:
    """The counts of what a meter holds."""
    values = decoder.blank()
    for number, block in enumerate(decoder.blocks):
        decoder.apply(number, payload_of(unit, block.at, block.words), values, SETTINGS)
    return values


@pytest.mark.timeout(600)
def test_nothing_wrong_is_shown_as_good_whatever_comes_over_the_wire(tmp_path: Path) -> None:
    decoder = compile_map(load_plugins(default_plugins()).maps[MODEL])
    right = {unit: held(decoder, unit) for unit in UNITS}
    seen: list[DeviceView] = []
    with ExitStack() as closing:
        hosts = [NoisyHost(kind, noise, decoder) for kind in SPLITS for noise in NOISES]
        for host in hosts:
            closing.callback(host.close)
        server = closing.enter_context(served(tmp_path, hosts, seen))
        traces = [TRACE_VIEWS.of(id) for id in range(1, len(hosts) + 1)]
        assert eventually(
            lambda: all((t := server.views.get(each)) and t.serial >= TRANSACTIONS for each in traces),
            timeout_s=LAST_RESORT_S,
        )
        errors = {id: dict(server.views.get(BUS_VIEWS.of(id)).errors) for id in range(1, len(hosts) + 1)}
        assert server.fatal == ""
    good = [
        (view.id, view.quantities[slot], n, right[view.id % 10][slot])
        for view in seen
        for slot, (n, ts_ms, quality) in enumerate(zip(view.values_n, view.ts_ms, view.quality, strict=True))
        if ts_ms and quality == Quality.GOOD and n is not None
    ]
    assert [each for each in good if each[2] != each[3]] == []
    assert {id for id, *_ in good} == {view.id for view in seen}  # each meter was read in spite of all
    assert sum(map(bool, errors.values())) > len(hosts) // 2  # and it was noise
