"""LINK-1, LINK-2, LINK-5: clients that others wrote read the energies of a running server; all agree with its page
and with what the simulated meters counted."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from pymodbus.client import ModbusTcpClient
from pyModbusTCP.client import ModbusClient

from runtime.core.modbusserver.registerrow import LIVE_UNIT
from runtime.core.modbusserver.serverview import MODBUS_SERVER_VIEW
from runtime.core.quantity.catalogue import QUANTITIES, to_float
from runtime.store.energy.booked import booked_energy
from tests.freeport import free_port
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

        shop.eventually(lambda before=before: wh(shop, remote_id) > before + 100 and differs_by() <= 5)


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


def test_three_clients_of_others_read_to_the_last_digit_what_is_shown_and_what_the_meters_know(shop: Workshop) -> None:
    """Nothing is drawn for a while: all values of unit 246, against the API and what the simulator knows."""
    outside = shop.outside
    shop.eventually(lambda: {row["name"] for row in table(shop)} >= {SAWS, LAMPS})
    rows = [row for row in table(shop) if row["item"] == "value" and row["name"] in (SAWS, LAMPS)]
    assert len(rows) >= 60
    outside.stand_still(True)
    try:
        shop.passes((shop.clock.now_ts() - START_TS) / 60 + 2)  # all is read twice
        shop.eventually(lambda: not differing(shop, rows, by_pymodbus))
        for read in (by_pymodbustcp, mbpolled):
            assert differing(shop, rows, read) == []
        assert unlike_the_page(shop, rows) == []
    finally:
        outside.stand_still(False)


def differing(
    shop: Workshop, rows: list[dict[str, str]], read: Callable[[int, int, int, int], list[int]]
) -> list[tuple[str, str, list[int]]]:
    """What a client reads where the file says is not what the API shows, or that is not what the simulator knows."""
    words, wrong = all_of(read, port_of(shop)), []
    shown = {name: shop.device(name)["readings"] for name in (SAWS, LAMPS)}
    meters, still_ms = shop.outside.site.devices, shop.outside.still_ms
    known = {name: meters[name].values(meters[name].moment(still_ms)) for name in shown}
    for name, quantity, at, count in (
        (row["name"], row["quantity"], int(row["address"]), int(row["words"])) for row in rows
    ):
        value, theirs = shown[name][quantity]["value"], words[at : at + count]
        truth = to_float(quantity, known[name][quantity])  # type: ignore[arg-type]
        if theirs != registers(quantity, value) or abs(value - truth) > step_of(quantity, truth):
            wrong.append((name, quantity, theirs))
    return wrong


def unlike_the_page(shop: Workshop, rows: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    """What a client reads where the file says and the page of the device shows otherwise, within its last digit."""
    words, wrong = all_of(by_pymodbustcp, port_of(shop)), []
    pages = {name: page_of(shop, name) for name in (SAWS, LAMPS)}
    for name, quantity, at, count in (
        (row["name"], row["quantity"], int(row["address"]), int(row["words"])) for row in rows
    ):
        octets = struct.pack(f">{count}H", *words[at : at + count])
        form = {"gauge": ">f", "counter": ">q"}.get(QUANTITIES[quantity].kind)
        if form is None:  # a state, which the page has in words
            continue
        (theirs,) = struct.unpack(form, octets)
        number, unit = pages[name][quantity]
        if abs(shown_value(number, unit, quantity) - theirs) > last_digit(number, unit, quantity):
            wrong.append((name, quantity, f"{theirs} is shown as {number} {unit}"))
    return wrong


def page_of(shop: Workshop, name: str) -> dict[str, tuple[str, str]]:
    """(number, unit) of each value, as the page says them in English."""
    wanted = asked(f"{shop._url}/devices/{shop.id_of(name)}", shop._key)
    wanted.add_header("Accept-Language", "en-GB")
    with urlopen(wanted) as answer:
        page = answer.read().decode()
    cells = re.findall(r'data-quantity="(\w+)"><span class="now">.*?<b>(.*?)</b> <i>(.*?)</i>', page)
    return {quantity: (number, unit) for quantity, number, unit in cells}


def shown_value(number: str, unit: str, quantity: str) -> float:
    return float(number.replace(",", "").replace("\N{MINUS SIGN}", "-")) * scale_of(unit, quantity)


def last_digit(number: str, unit: str, quantity: str) -> float:
    return 1.01 * scale_of(unit, quantity) / 10 ** len(number.partition(".")[2])


def scale_of(unit: str, quantity: str) -> float:
    """A page shows kWh where the register has Wh."""
    base = QUANTITIES[quantity].unit
    return 1.0 if unit == base else {"k": 1e3, "M": 1e6, "G": 1e9}[unit.removesuffix(base)]


def step_of(quantity: str, value: float) -> float:
    """How far apart two neighbouring numbers are that the registers of both meters can show, at most."""
    return 10 if QUANTITIES[quantity].kind == "counter" else 0.051 + 1e-6 * abs(value)


def registers(quantity: str, value: float) -> list[int]:
    """Where a value stands, as docs/modbus-server.md has it."""
    kind = QUANTITIES[quantity].kind
    if kind == "gauge":
        octets = struct.pack(">f", value)
    else:
        octets = struct.pack(">q" if kind == "counter" else ">I", math.floor(value))
    return list(struct.unpack(f">{len(octets) // 2}H", octets))


def all_of(read: Callable[[int, int, int, int], list[int]], port: int) -> list[int]:
    """Every register of unit 246, in stretches as long as they may be."""
    end = read(port, LIVE_UNIT, 5, 1)[0]
    return [word for at in range(0, end, 125) for word in read(port, LIVE_UNIT, at, min(125, end - at))]


def by_pymodbus(port: int, unit: int, at: int, count: int) -> list[int]:
    client = ModbusTcpClient("127.0.0.1", port=port)
    try:
        return list(client.read_holding_registers(at, count=count, device_id=unit).registers)
    finally:
        client.close()


def by_pymodbustcp(port: int, unit: int, at: int, count: int) -> list[int]:
    client = ModbusClient("127.0.0.1", port, unit_id=unit, auto_open=True)
    try:
        return list(client.read_input_registers(at, count))
    finally:
        client.close()


def table(shop: Workshop) -> list[dict[str, str]]:
    with urlopen(asked(shop._url + "/api/v1/modbus-server/table", shop._key)) as answer:
        return list(csv.DictReader(io.StringIO(answer.read().decode())))


def test_the_image_is_never_older_than_a_second(shop: Workshop) -> None:
    def age_ms() -> int:
        words = by_pymodbus(port_of(shop), LIVE_UNIT, 6, 4)
        return shop.clock.now_ms() - int.from_bytes(b"".join(word.to_bytes(2, "big") for word in words), "big")

    shop.eventually(lambda: age_ms() <= 1_000)  # the clock was just turned
    assert max(age_ms() for _ in range(20)) <= 1_000


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
