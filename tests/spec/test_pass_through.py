"""LINK-4: other masters read a meter on our serial bus through the server, while we go on reading it ourselves."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

from pymodbus.client import ModbusTcpClient

from tests.spec.test_modbus_server import free_port
from tests.spec.workshop import workshop

TS = 1_773_219_300
UNIT = 3  # the compressor's meter, a Socomec: function 3
AT, WORDS = 0xC552, 2  # a voltage, by its map


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


def mbpoll(port: object) -> list[str]:
    command = ["mbpoll", "-0", "-1", "-a", str(UNIT), "-r", str(AT), "-c", str(WORDS), "-t", "4:hex", "-p", str(port)]
    out = subprocess.run([*command, "127.0.0.1"], capture_output=True, text=True, timeout=60, check=True).stdout
    return [line for line in out.splitlines() if line.startswith("[")]
