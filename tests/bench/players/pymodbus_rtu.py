"""pymodbus's synchronous client on a serial line, 60 registers as fast as they come: PATH SECONDS"""

import json
import sys
import time

from pymodbus.client import ModbusSerialClient


def main(path, seconds):
    client = ModbusSerialClient(path, baudrate=19200, parity="N", stopbits=2, timeout=1, retries=0)
    client.connect()
    polls, began = 0, time.monotonic()
    while time.monotonic() - began < seconds:
        assert len(client.read_holding_registers(0, count=60, device_id=1).registers) == 60
        polls += 1
    print(json.dumps({"each_ms": 1000 * (time.monotonic() - began) / polls}))
    client.close()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
