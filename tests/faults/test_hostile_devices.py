"""Devices that lie, babble and flap: what they do is bounded, told a few times and counted, and nothing crashes."""

import itertools
import random
import socket
import struct
import tracemalloc
from collections import Counter
from urllib.parse import urlsplit

import pytest

from actors.gateway.gateway import Periods
from actors.message.device import EventReported, SampleClosed
from runtime.core.decode.compiled import compile_map
from runtime.core.device.flapping import TOLD_MOST
from runtime.core.map.devicemap import parse_map
from runtime.core.sample.aggregation import ODD_MOST
from tests.actors.stage import eventually
from tests.faults.hostile import PtySlave, TcpSlave, registers, site

pytestmark = pytest.mark.faults

ENERGY = "active_energy_import_wh"
WORDS = 30


def device_map(*fields):
    head = {"id": "hostile", "title": "Hostile", "source": "none", "trust": "published"}
    return compile_map(parse_map({**head, "field": list(fields)}, file="hostile"))


METER = device_map(
    {"quantity": "active_power_w", "at": 0, "type": "f32"},
    {"quantity": "voltage_l1_v", "at": 2, "type": "f32"},
    {"quantity": ENERGY, "at": 4, "type": "u32"},
    {"quantity": "breaker_state", "at": 6, "type": "u16", "enum": {"0": "open", "1": "closed"}},
)
TEXT = device_map(
    {"quantity": "serial_number", "at": 0, "type": "text", "words": WORDS},
    {"quantity": "active_power_w", "at": 100, "type": "f32"},
)


def meter(power=100.0, voltage=230.0, energy=1, state=1):
    return registers(struct.pack(">ffIH", power, voltage, energy & 0xFFFFFFFF, state))


def polled(made, times):
    return eventually(lambda: made.bus is not None and made.bus.polls >= times)


@pytest.mark.parametrize(
    "text",
    [b"\x1b[2J\x00\x07<script>" * 3, b"\xff" * 60, b"\x00" * 60, "Zähler Ø №".encode() * 4, bytes(range(60))],
)
def test_a_text_of_any_bytes_is_short_and_printable_or_nothing(text):
    def answer(unit, function, at, count):
        return registers((text.ljust(2 * WORDS, b"\0") if at == 0 else struct.pack(">f", 1.0))[: 2 * count])

    with site(TcpSlave(answer), TEXT) as made:
        assert polled(made, 6)
        told = dict(zip(made.device().quantities, made.device().values_n, strict=True))["serial_number"]
        assert told is None or (told.isascii() and told.isprintable() and len(told) <= 2 * WORDS)


def test_64_kb_where_a_few_words_were_asked_for_are_an_error_and_cost_no_memory():
    flood = b"A" * 65_536
    tracemalloc.start()
    with site(TcpSlave(lambda *asked: meter(), tail=flood), METER) as made:
        assert eventually(lambda: made.bus is not None and sum(made.bus.errors.values()) + made.bus.polls >= 10)
        before, _ = tracemalloc.get_traced_memory()
        counted = sum(made.bus.errors.values()) + made.bus.polls
        assert eventually(lambda: sum(made.bus.errors.values()) + made.bus.polls >= counted + 10)
        after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 1_000_000


def test_a_length_that_promises_64_kb_is_refused_at_once():
    def answer(unit, function, at, count):
        return bytes([3, 255]) + b"B" * 65_000

    with site(TcpSlave(answer), METER) as made:
        assert eventually(lambda: made.device() is not None and made.device().state == "communication_error")
        assert made.device().trouble.code in ("bad_frame", "bad_count")
        assert all(value is None for value in made.device().values_n)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), float("-inf"), 3.4e38, -3.4e38])
def test_what_is_no_number_is_no_value_and_the_others_are_still_read(odd):
    with site(TcpSlave(lambda *asked: meter(power=odd)), METER) as made:
        assert polled(made, 3) and eventually(lambda: made.device().state == "on")
        values = dict(zip(made.device().quantities, made.device().values_n, strict=True))
        assert (values["active_power_w"], values["voltage_l1_v"]) == (None, 23_000)


def test_a_counter_that_jumps_at_each_reading_leaves_a_bounded_sample():
    rng = random.Random(3)
    with site(TcpSlave(lambda *asked: meter(energy=rng.randrange(1 << 32))), METER, interval_s=60) as made:
        assert polled(made, 100)
        device = next(iter(made.actors[0]._devices.values()))
        kept = device.expire(made.stage.clock.now_ms() + 600_000).samples
    assert kept and all(len(trail) <= ODD_MOST + 8 for closed in kept for trail in closed.counters.values())


def test_a_breaker_that_flaps_at_10_hz_is_told_a_few_times_and_the_newest_state_is_shown():
    turns = itertools.count()
    with site(TcpSlave(lambda *asked: meter(state=next(turns) // 2 % 2)), METER) as made:
        assert polled(made, 60)
        values = dict(zip(made.device().quantities, made.device().values_n, strict=True))
        assert values["breaker_state"] in (0, 1)
        told = Counter(event.code for event in made.recorded(EventReported))
        moves = ("breaker_opened", "breaker_closed")
        assert told == dict.fromkeys(moves, TOLD_MOST) | {f"{code}_flaps": 1 for code in moves}


def test_a_device_that_comes_and_goes_is_told_a_few_times_and_then_counted():
    turns = itertools.count()

    def flaps(unit, function, at, count):
        return meter() if next(turns) % 4 < 2 else bytes([3, 1, 0])  # twice right, twice a wrong count

    with site(TcpSlave(flaps), METER) as made:
        flapped = "communication_error_flaps"
        assert eventually(lambda: flapped in [event.code for event in made.recorded(EventReported)], 60)
        codes = [event.code for event in made.recorded(EventReported)]
    assert codes.count("communication_error") <= TOLD_MOST
    assert codes.count("communication_error_flaps") == 1 and len(codes) <= 2 * TOLD_MOST + 2


def test_a_gateway_that_allows_one_connection_works_and_is_told_when_somebody_else_has_it():
    words = meter()[2:]

    def part(unit, function, at, count):
        return registers(words[2 * at : 2 * (at + count)])  # whoever is hung up on asks for less

    slave = TcpSlave(part, most=1)
    host = ("127.0.0.1", urlsplit(slave.url).port)
    rogue = socket.create_connection(host)
    with site(slave, METER) as made:
        assert eventually(lambda: made.device() is not None and made.device().state == "communication_error")
        assert made.bus.trouble is not None or made.device().trouble.code.startswith("link_")
        rogue.close()
        assert eventually(lambda: made.device().state == "on")
        assert polled(made, made.bus.polls + 20) and slave.accepted <= 3


def test_a_gateway_that_closes_idle_connections_costs_no_reading():
    rarely = Periods(live_s=0.5, energy_s=0.5, slow_s=0.5)
    slave = TcpSlave(lambda *asked: meter(), idle_s=0.1)
    with site(slave, METER, periods=rarely) as made:
        assert polled(made, 6)
        assert made.bus.errors == {} and slave.accepted >= 5
        assert made.recorded(EventReported) == []


def test_a_doubled_address_is_noticed_while_the_others_are_read():
    rng = random.Random(5)

    def collide(unit, frame):
        """Two answer to address 2, mostly at the same moment: on the wire a zero wins."""
        if unit != 2 or rng.random() < 0.45:
            return frame
        return frame[:3] + bytes(byte & rng.randrange(256) for byte in frame[3:])

    with site(PtySlave(lambda *asked: meter(), collide), METER, (1, 2, 3)) as made:
        assert eventually(lambda: any(e.code == "address_doubled" for e in made.recorded(EventReported)), 240)
        assert [made.device(unit).state for unit in (1, 3)] == ["on", "on"]
        assert {event.subject for event in made.recorded(EventReported) if event.code == "address_doubled"} == {
            "device.2"
        }


def test_samples_of_hostile_values_are_still_whole():
    odd = itertools.cycle([float("nan"), 1.0, float("inf")])
    with site(TcpSlave(lambda *asked: meter(power=next(odd))), METER, interval_s=1) as made:
        assert eventually(lambda: len(made.recorded(SampleClosed)) >= 3)
        assert all(len(sample.columns_n) == len(METER.recorded) for sample in made.recorded(SampleClosed))
