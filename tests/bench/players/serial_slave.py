"""A slave on a pseudo-terminal that takes the time of a real wire: PATH BAUDRATE TURNAROUND_S"""

import sys
from collections.abc import Mapping
from pathlib import Path

from simulator.gateway.gateway import GatewayConnection
from simulator.gateway.punctual import punctual_loop
from simulator.gateway.serialline import SerialLine


class Registers:
    most = 125

    def read(self, at: int, count: int) -> bytes:
        return b"\0\1" * count


class Unit:
    def spaces(self, at_ms: int) -> Mapping[str, Registers]:
        return {"holding": Registers()}


def main(path: str, baudrate: int, turnaround_s: float) -> None:
    loop = punctual_loop()
    line = SerialLine(GatewayConnection({1: Unit()}, lambda: 0, turnaround_s=turnaround_s), Path(path), baudrate)
    loop.run_until_complete(line.plug())
    print("ready", flush=True)
    loop.run_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
