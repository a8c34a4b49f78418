"""libmodbus on a serial line, 60 registers as fast as they come: PATH SECONDS

The library that mbpoll brings, called as it is: what Python adds to 85 ms is microseconds.
"""

import ctypes
import json
import sys
import time


def main(path, seconds):
    modbus = ctypes.CDLL("libmodbus.so.5", use_errno=True)
    modbus.modbus_new_rtu.restype = ctypes.c_void_p
    context = ctypes.c_void_p(modbus.modbus_new_rtu(path.encode(), 19200, ctypes.c_char(b"N"), 8, 2))
    modbus.modbus_set_slave(context, 1)
    assert modbus.modbus_connect(context) == 0
    registers = (ctypes.c_uint16 * 60)()
    polls, began = 0, time.monotonic()
    while time.monotonic() - began < seconds:
        assert modbus.modbus_read_registers(context, 0, 60, registers) == 60
        polls += 1
    print(json.dumps({"each_ms": 1000 * (time.monotonic() - began) / polls}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
