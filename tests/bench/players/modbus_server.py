"""A Modbus TCP server with 1,000 registers as unit 246: OURS or PYMODBUS. Prints its port, ends when it is killed."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from actors.modbusserver.board import ImageBoard
from actors.modbusserver.listener import listen
from actors.modbusserver.service import ModbusService
from runtime.clock import SystemClock
from runtime.core.modbus.answer import FlatImage
from runtime.core.modbus.serverresource import ModbusServerSpec

REGISTERS, UNIT = 1_000, 246


async def ours() -> None:
    listener = listen("127.0.0.1", 0)
    board = ImageBoard(images={UNIT: FlatImage(bytes(2 * REGISTERS))})
    spec = ModbusServerSpec(1, on=True, connections=1_000)
    no = SimpleNamespace(
        post=lambda name, message: False, stranger=lambda address: None, write=lambda *wanted: None,
        written=lambda *wrote: None,
    )  # fmt: skip
    loop = asyncio.get_running_loop()
    service = ModbusService(loop, listener, board, spec, SystemClock(), "0", no.post, no.stranger, no.write, no.written)
    await service.start(lambda error: None)
    print(listener.getsockname()[1], flush=True)
    await asyncio.Event().wait()


async def peer() -> None:
    device = SimDevice(UNIT, [SimData(0, count=REGISTERS, values=0, datatype=DataType.REGISTERS)])
    server = ModbusTcpServer(device, address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    print(server.transport.sockets[0].getsockname()[1], flush=True)  # type: ignore[union-attr]
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(ours() if sys.argv[1] == "OURS" else peer())
