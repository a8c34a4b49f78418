"""Reads 60 registers over and over: ours|pymodbus PATH BAUDRATE READS; prints seconds a read."""

import json
import sys
import time
from collections.abc import Callable

from pymodbus.client import ModbusSerialClient

from drivers.gateways import open_line
from runtime.clock import SystemClock
from runtime.core.modbus.request import Request


def ours(path: str, baudrate: int) -> Callable[[], object]:
    line = open_line(f"rtu://{path}?baudrate={baudrate}&parity=N&stopbits=2", SystemClock())
    line.open()
    request = Request(1, 3, 0, 60)
    return lambda: line.transact(request, 1.0)


def pymodbus(path: str, baudrate: int) -> Callable[[], object]:
    client = ModbusSerialClient(path, baudrate=baudrate, parity="N", stopbits=2)
    client.connect()

    def read() -> None:
        assert len(client.read_holding_registers(0, count=60, device_id=1).registers) == 60

    return read


def main(who: str, path: str, baudrate: int, reads: int) -> None:
    read = {"ours": ours, "pymodbus": pymodbus}[who](path, baudrate)
    read()
    began, cpu = time.monotonic(), time.process_time()
    for _ in range(reads):
        read()
    took, used = time.monotonic() - began, time.process_time() - cpu
    print(json.dumps({"cycle_ms": took / reads * 1000, "cpu_us": used / reads * 1e6}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
