"""A thread a gateway with pymodbus's own client: 50 registers as fast as they come, nothing decoded."""

import json
import sys
import threading
import time

from pymodbus.client import ModbusTcpClient


def main(gateways: int, first_port: int, seconds: float) -> None:
    counts = [0] * gateways
    over = threading.Event()

    def poll(number: int) -> None:
        client = ModbusTcpClient("127.0.0.1", port=first_port + number)
        client.connect()
        while not over.is_set():
            assert len(client.read_input_registers(0, count=50, device_id=1).registers) == 50
            counts[number] += 1
        client.close()

    threads = [threading.Thread(target=poll, args=(number,)) for number in range(gateways)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    before, began, cpu = sum(counts), time.monotonic(), time.process_time()
    time.sleep(seconds)
    polled, took, used = sum(counts) - before, time.monotonic() - began, time.process_time() - cpu
    over.set()
    print(json.dumps({"polls_per_s": polled / took, "cpu_us": used / polled * 1e6}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
