"""LINK-4: other masters read a meter on our serial bus through the server, while we go on reading it ourselves."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from typing import Any

from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException

from tests.actors.modbusserver.served import Asker
from tests.freeport import free_port
from tests.spec.workshop import SCENARIO, Workshop, workshop

TS = 1_773_219_300
UNIT = 3  # the compressor's meter, a Socomec: function 3
AT, WORDS = 0xC552, 2  # a voltage, by its map
PUMP, COIL = 4, 0x4800  # a contactor and its output, by its map
CONTACTOR = """
[[device]]
name = "Pump"
gateway = "Serial line"
unit = 4
model = "legrand-414931"
"""


def test_two_masters_read_a_meter_on_the_serial_bus_and_our_own_polls_go_on(tmp_path: Path) -> None:
    with workshop(tmp_path, ts=TS) as shop:
        shop.start()
        shop.eventually(lambda: all(each["state"] == "on" for each in shop.get("/live")["devices"]))
        gateway = next(each["id"] for each in shop.get("/gateways") if each["name"] == "Serial line")
        served = {"on": True, "host": "127.0.0.1", "port": free_port(), "gateway": gateway, "units": str(UNIT)}
        shop.ask("/modbus_servers", "POST", {**served, "rate_per_s": 200})
        shop.eventually(lambda: shop.get("/modbus-server")["listens"])
        answers: list[int] = []

        def read() -> None:
            client = ModbusTcpClient("127.0.0.1", port=served["port"], timeout=30)
            for _ in range(25):
                answer = client.read_holding_registers(AT, count=WORDS, device_id=UNIT)
                answers.append(-1 if answer.isError() else len(answer.registers))
            client.close()

        polls = shop.get(f"/gateways/{gateway}")["polls"]
        masters = [threading.Thread(target=read) for _ in range(2)]
        for master in masters:
            master.start()
        for master in masters:
            master.join(120)
        assert answers == [WORDS] * 50
        shop.eventually(lambda: shop.get(f"/gateways/{gateway}")["polls"] > polls)
        assert shop.device("Compressor")["state"] == "on"
        client = ModbusTcpClient("127.0.0.1", port=served["port"])
        assert client.read_holding_registers(AT, count=2, device_id=9).exception_code == 0x0B
        assert client.write_register(AT, 1, device_id=UNIT).exception_code == 1
        client.close()
        assert mbpoll(served["port"])


def test_a_master_writes_where_it_is_permitted_and_nowhere_else(tmp_path: Path) -> None:
    played = tmp_path / "workshop.toml"
    played.write_text(SCENARIO.read_text() + CONTACTOR)
    with workshop(tmp_path, ts=TS, played=played) as shop:
        shop.start()
        shop.eventually(lambda: all(each["state"] == "on" for each in shop.get("/live")["devices"]))
        gateway = next(each["id"] for each in shop.get("/gateways") if each["name"] == "Serial line")
        port = free_port()
        served = {"on": True, "host": "127.0.0.1", "port": port, "gateway": gateway, "units": f"{UNIT},{PUMP}"}
        shop.ask("/modbus_servers", "POST", {**served, "rate_per_s": 200})
        shop.eventually(lambda: shop.get("/modbus-server")["listens"])
        client = ModbusTcpClient("127.0.0.1", port=port, timeout=30)
        assert client.write_coil(COIL, True, device_id=PUMP).exception_code == 1  # off by default
        client.close()
        shop.ask("/modbus_servers/1", "PATCH", {"write_units": f"{PUMP}"})
        shop.eventually(lambda: is_written(client, True))
        shop.eventually(lambda: shown(shop) == 1)
        assert contactor(client) is True
        assert not client.write_coils(COIL, [False], device_id=PUMP).isError()
        assert contactor(client) is False
        shop.eventually(lambda: shown(shop) == 0)
        subprocess.run(
            ["mbpoll", "-0", "-1", "-a", str(PUMP), "-r", str(COIL), "-t", "0", "-p", str(port), "127.0.0.1", "1"],
            capture_output=True, timeout=60, check=True,
        )  # fmt: skip
        assert contactor(client) is True
        assert client.write_register(9, 1, device_id=PUMP).exception_code == 2  # the device's own
        assert client.write_register(AT, 1, device_id=UNIT).exception_code == 1
        assert client.write_registers(AT, [1, 2], device_id=UNIT).exception_code == 1
        client.close()
        for pdu, unit, code in REFUSED:
            assert raw(port, unit, pdu) == bytes((pdu[0] | 0x80, code))
        written = f"127.0.0.1: unit {PUMP}, function 15, register {COIL}, count 1"
        shop.eventually(lambda: written in details(shop, "modbus_write_passed"))
        requests = list(shop.get(f"/gateways/{gateway}/trace")["transactions"])
        assert {each["function"] for each in requests if each["unit"] == UNIT} <= {3, 4}


REFUSED = (
    (b"\x05\x48\x00\xff\x00", 0, 0x0B),  # to all
    (b"\x0f\x48\x00\x00\x09\x01\x01", PUMP, 3),  # nine outputs in one byte
    (b"\x10\x00\x00\x00\x02\x02\x00\x01", PUMP, 3),
    (b"\x05\x48\x00\x12\x34", PUMP, 3),
)


def is_written(client: ModbusTcpClient, value: bool) -> bool:
    """The server is started anew meanwhile, and refuses until then."""
    try:
        return not client.write_coil(COIL, value, device_id=PUMP).isError()
    except (ModbusException, OSError):
        return False
    finally:
        client.close()


def contactor(client: ModbusTcpClient) -> bool:
    """As the master reads it on the wire."""
    return bool(client.read_discrete_inputs(COIL, count=1, device_id=PUMP).bits[0])


def raw(port: int, unit: int, pdu: bytes) -> bytes:
    asker = Asker(port)
    try:
        return asker.ask(unit, pdu)
    finally:
        asker.close()


def shown(shop: Workshop) -> Any:
    """As we show it."""
    return shop.device("Pump")["readings"]["contactor_state"]["value"]


def details(shop: Workshop, code: str) -> list[str]:
    return [each["detail"] for each in shop.get("/events?limit=50") if each["code"] == code]


def mbpoll(port: object) -> list[str]:
    command = ["mbpoll", "-0", "-1", "-a", str(UNIT), "-r", str(AT), "-c", str(WORDS), "-t", "4:hex", "-p", str(port)]
    out = subprocess.run([*command, "127.0.0.1"], capture_output=True, text=True, timeout=60, check=True).stdout
    return [line for line in out.splitlines() if line.startswith("[")]
