"""LINK-1, LINK-2, LINK-5: clients that others wrote read the energies of a running server; all agree with its page
and with what the simulated meters counted."""

from __future__ import annotations

import csv
import io
import json
import socket
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from pymodbus.client import ModbusTcpClient
from pyModbusTCP.client import ModbusClient

from runtime.core.modbusserver.serverview import MODBUS_SERVER_VIEW
from runtime.store.energy.booked import booked_energy
from tests.key import asked
from tests.spec.quickclock import QuickClock
from tests.spec.workshop import ENERGY, STILL, Workshop, workshop

START_TS = 1_773_223_080  # 2026-03-11 10:58 in Paris
SAWS, LAMPS, PRODUCTION, HALL, ALL = "Saws", "Lamps", 1, 1, 29_999


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with workshop(tmp_path_factory.mktemp("modbus"), ts=START_TS, speed=STILL) as made:
        made.start()
        switch_on(made)
        made.passes(25)
        yield made


def switch_on(shop: Workshop) -> None:
    """As soon as the server takes edits; returns when it listens."""

    def is_added() -> bool:
        try:
            shop.ask("/modbus_servers", "POST", {"on": True, "host": "127.0.0.1", "port": free_port()})
        except HTTPError as refused:
            assert refused.code == 503  # it is just starting
            return False
        return True

    shop.eventually(is_added)
    shop.eventually(lambda: shop.get("/modbus-server")["listens"])


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def port_of(shop: Workshop) -> int:
    return int(shop.get("/modbus-server")["port"])


def remote_ids(shop: Workshop) -> dict[tuple[str, str], int]:
    return {(each["kind"], each["name"]): each["remote_id"] for each in shop.get("/modbus-server/objects")["objects"]}


def wh(shop: Workshop, remote_id: int) -> int:
    client = ModbusTcpClient("127.0.0.1", port=port_of(shop))
    try:
        answer = client.read_holding_registers(remote_id, count=4, device_id=247)
        assert not answer.isError(), answer
        return int.from_bytes(b"".join(word.to_bytes(2, "big") for word in answer.registers), "big")
    finally:
        client.close()


def test_a_device_shows_what_its_meter_counted_since_its_ledger_began(shop: Workshop) -> None:
    ids = remote_ids(shop)
    for name in (SAWS, LAMPS):
        shown, (booked_wh, unbooked_wh) = wh(shop, ids["device", name]), booked_and_since(shop, name)
        assert booked_wh <= shown <= booked_wh + unbooked_wh + 2
        assert shown > 0


def test_what_a_meter_counts_in_the_middle_of_an_interval_shows_at_once(shop: Workshop) -> None:
    """The ledger as it would be if the interval closed now: what the meter shows, less its first index."""
    remote_id, number = remote_ids(shop)["device", SAWS], shop.id_of(SAWS)
    for _ in range(2):
        before = wh(shop, remote_id)
        shop.passes((shop.clock.now_ts() - START_TS) / 60 + 3)
        assert shop.server is not None
        state = booked_energy(shop.server.store, shop.server.installation).ledgers[number]

        def differs_by(offset_n: int = state.offset_n) -> float:
            shown = wh(shop, remote_id)
            return abs(shop.device(SAWS)["readings"][ENERGY]["value"] + offset_n / 1000 - shown)

        shop.eventually(lambda: differs_by() <= 5)
        assert wh(shop, remote_id) > before + 100


def booked_and_since(shop: Workshop, name: str) -> tuple[int, int]:
    """Wh in the bins of the day, and what the meter truly counted from the first booked interval until now."""
    booked = sum(each["value"] or 0 for each in shop.bins(name, "day", "2026-03-11"))
    truth_n = shop.outside.true_energy_n(name, START_TS - 600, shop.clock.now_ts() + 60)
    return int(booked), truth_n // 1000 - int(booked)


def test_loads_groups_and_all_loads_are_the_sums_of_their_devices(shop: Workshop) -> None:
    ids = remote_ids(shop)
    saws, lamps = (wh(shop, ids["device", name]) for name in (SAWS, LAMPS))
    assert abs(wh(shop, ids["load", "Production"]) - sum_of(shop, "load", "Production")) <= 3
    assert abs(wh(shop, ids["group", "Hall"]) - (saws + lamps)) <= 3
    counted = [name for (kind, name) in ids if kind == "device" and name != "Main"]  # that one is excluded from totals
    assert abs(wh(shop, ALL) - sum(wh(shop, ids["device", name]) for name in counted)) <= len(counted) + 1


def sum_of(shop: Workshop, kind: str, name: str) -> int:
    number = next(each["id"] for each in shop.get(f"/{kind}s") if each["name"] == name)
    devices = [each for each in shop.get("/devices") if each["load"] == number]
    ids = remote_ids(shop)
    return sum(wh(shop, ids["device", each["name"]]) for each in devices)


def test_three_clients_of_others_read_the_same(shop: Workshop) -> None:
    ids, port = remote_ids(shop), port_of(shop)
    of_others = ModbusClient("127.0.0.1", port, unit_id=247, auto_open=True)
    for remote_id in (ids["device", SAWS], ids["load", "Lighting"], ids["group", "Hall"], ALL):
        before = wh(shop, remote_id)
        words = of_others.read_input_registers(remote_id, 4)
        theirs = int.from_bytes(b"".join(word.to_bytes(2, "big") for word in words), "big")
        polled = mbpoll(port, remote_id)
        after = wh(shop, remote_id)
        assert before <= theirs <= after and before <= polled <= after
        high, low = of_others.read_holding_registers(remote_id, 2)
        assert before // 1000 <= (high << 16 | low) <= after // 1000
    of_others.close()


def test_three_clients_of_others_read_every_table_alike(shop: Workshop) -> None:
    """The head of the live values, and all that this server says of itself to others; both change in between."""
    port = port_of(shop)
    shop.eventually(lambda: {row["name"] for row in table(shop)} >= {SAWS, LAMPS})
    client = ModbusTcpClient("127.0.0.1", port=port)
    of_others = ModbusClient("127.0.0.1", port, unit_id=246, auto_open=True)
    block_at = next(int(row["address"]) for row in table(shop) if row["name"] == SAWS and row["item"] == "device")
    for unit, at, count in ((246, 0, 6), (246, block_at, 1), (247, 50_000, 2)):
        of_others.unit_id = unit
        words = client.read_holding_registers(at, count=count, device_id=unit).registers
        assert words == of_others.read_holding_registers(at, count) == of_others.read_input_registers(at, count)
        assert words == mbpolled(port, unit, at, count)
    octets = int.from_bytes(b"".join(word.to_bytes(2, "big") for word in words_at(client, 50_002, 2)), "big")
    text = b"".join(word.to_bytes(2, "big") for word in words_at(client, 50_016, octets // 2))
    assert [row[4] for row in json.loads(text)] == ["Workshop"]
    client.close()
    of_others.close()


def words_at(client: ModbusTcpClient, at: int, count: int) -> list[int]:
    return list(client.read_holding_registers(at, count=count, device_id=247).registers)


def mbpolled(port: int, unit: int, at: int, count: int) -> list[int]:
    command = ["mbpoll", "-0", "-1", "-a", str(unit), "-r", str(at), "-c", str(count), "-t", "4:hex", "-p", str(port)]
    out = subprocess.run([*command, "127.0.0.1"], capture_output=True, text=True, timeout=60, check=True).stdout
    return [int(line.rpartition("0x")[2], 16) for line in out.splitlines() if line.startswith("[")]


def mbpoll(port: int, remote_id: int) -> int:
    """-0: addresses begin at 0, as Remote IDs do."""
    return int("".join(f"{word:04x}" for word in mbpolled(port, 247, remote_id, 4)), 16)


def test_every_live_value_stands_in_the_table_where_the_file_says(shop: Workshop) -> None:
    """Read by two clients of others, against the API of the same moment."""
    shop.eventually(lambda: {row["name"] for row in table(shop)} >= {SAWS, LAMPS})
    of_others = ModbusClient("127.0.0.1", port_of(shop), unit_id=246, auto_open=True)
    client = ModbusTcpClient("127.0.0.1", port=port_of(shop))
    for name in (SAWS, LAMPS):
        rows = [row for row in table(shop) if row["name"] == name and row["item"] == "value"]
        assert len(rows) >= 10

        def differing(rows: list[dict[str, str]] = rows, name: str = name) -> list[str]:
            shown = shop.device(name)["readings"]
            wrong = []
            for row in rows:
                at, words = int(row["address"]), int(row["words"])
                theirs = client.read_input_registers(at, count=words, device_id=246).registers
                assert len(of_others.read_holding_registers(at, words)) == words
                value = shown[row["quantity"]]["value"]
                if value is not None and not agrees(row["type"], theirs, value):
                    wrong.append(row["quantity"])
            return wrong

        shop.eventually(lambda: not differing())  # the meter may have been read in between
    of_others.close()
    client.close()


def table(shop: Workshop) -> list[dict[str, str]]:
    with urlopen(asked(shop._url + "/api/v1/modbus-server/table", shop._key)) as answer:
        return list(csv.DictReader(io.StringIO(answer.read().decode())))


def agrees(type: str, words: list[int], value: float) -> bool:
    octets = b"".join(word.to_bytes(2, "big") for word in words)
    (number,) = struct.unpack({"i64": ">q", "f32": ">f", "u32": ">I"}[type], octets)
    return abs(number - value) <= 1 + 0.02 * abs(value)


def test_the_image_is_never_older_than_a_second(shop: Workshop) -> None:
    client = ModbusTcpClient("127.0.0.1", port=port_of(shop))
    for _ in range(20):
        words = client.read_holding_registers(6, count=4, device_id=246).registers
        made_ms = int.from_bytes(b"".join(word.to_bytes(2, "big") for word in words), "big")
        assert shop.clock.now_ms() - made_ms <= 1_000
    client.close()


def test_it_says_what_it_is(shop: Workshop) -> None:
    client = ModbusTcpClient("127.0.0.1", port=port_of(shop))
    for unit, model in ((246, b"Live values"), (247, b"Energies by Remote ID")):
        answer = client.read_device_information(read_code=2, object_id=0, device_id=unit)
        assert (answer.information[0], answer.information[5]) == (b"Wattkeeper", model)
    client.close()


def test_a_write_is_refused_and_is_one_event(shop: Workshop) -> None:
    client = ModbusTcpClient("127.0.0.1", port=port_of(shop))
    for _ in range(3):
        assert client.write_register(10_001, 1, device_id=247).exception_code == 1
    client.close()

    def events() -> list[str]:
        return [each["code"] for each in shop.get("/events?limit=50") if each["code"] == "modbus_write_refused"]

    shop.eventually(events)
    assert len(events()) == 1


def test_it_is_off_until_it_is_switched_on_and_off_again(tmp_path: Path) -> None:
    with workshop(tmp_path, ts=START_TS, speed=1.0) as shop:
        shop.start()
        assert shop.server is not None
        assert shop.get("/modbus-server")["listens"] is False
        switch_on(shop)
        shop.ask("/modbus_servers/1", "PATCH", {"on": False})
        shop.eventually(lambda: not shop.get("/modbus-server")["listens"])
        view = shop.server.views.get(MODBUS_SERVER_VIEW)
        assert view is not None and view.port == 0
    assert isinstance(shop.clock, QuickClock)
