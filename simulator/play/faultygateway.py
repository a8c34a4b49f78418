"""A gateway whose answers pass a fault proxy: the same units at the same place as a sound one, and things go wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path

from simulator.fault.faultproxy import FaultProxy
from simulator.fault.faults import Faults
from simulator.gateway.gateway import GatewayConnection
from simulator.gateway.modbus import TARGET_SILENT, refusal
from simulator.gateway.serialline import BITS_A_CHARACTER, put_link, take_link
from simulator.scenario.plan import GatewayPlan

GARBAGE = Faults(rates={"garbage": 1.0})
_RTU_FRAME = 3  # bytes around a PDU: unit and check


class FaultyGateway:
    """TCP, or a pseudo-terminal under a stable path. On the latter an answer takes its time but comes in one piece."""

    def __init__(self, desk: GatewayConnection, plan: GatewayPlan, seed: int) -> None:
        self.desk = desk
        self.wire = plan.wire
        self.port = plan.port
        self._plan = plan
        self._faults = plan.faults or Faults()
        self._proxy = FaultProxy(self._answer, plan.wire, self._faults, seed)
        self._character_s = BITS_A_CHARACTER / plan.baudrate if plan.scheme == "pty" else 0.0
        self._opened = ""  # the pseudo-terminal
        self._plugged = False

    @property
    def faults(self) -> Faults:
        """What goes wrong; may be exchanged at any time."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._faults = faults
        self.settle()

    @property
    def struck(self) -> dict[str, int]:
        """How often each fault struck since the start."""
        return self._proxy.mishaps.struck

    def settle(self) -> None:
        """Take over the modes of the desk. The proxy garbles: whatever the desk made would leave in a right frame."""
        self._proxy.faults = GARBAGE if self.desk.mode == "garbage" else self._faults
        garbled = {unit: GARBAGE for unit, mode in self.desk.unit_modes.items() if mode == "garbage"}
        self._proxy.unit_faults = garbled

    async def plug(self) -> None:
        """raises  OSError when the port or path is taken"""
        if self._plan.scheme != "pty":
            self.port = await self._proxy.listen(self._plan.host, self.port)
            self._plugged = True
            return
        self._opened = self._proxy.open_pty()
        self._plugged = True
        put_link(Path(self._plan.path), self._opened)

    async def unplug(self) -> None:
        if not self._plugged:
            return
        self._plugged = False
        if self._opened:
            take_link(Path(self._plan.path), self._opened)
        await self._proxy.stop()

    async def _answer(self, unit: int, pdu: bytes) -> bytes | None:
        """A response PDU when it is due: requests wait for one another."""
        absent = refusal(pdu[0], TARGET_SILENT) if self.wire == "tcp" else None
        answered = self.desk.frame(unit, pdu, bytes, absent)
        length = len(pdu) + _RTU_FRAME + (len(answered) + _RTU_FRAME if answered is not None else 0)
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(self.desk.due(now, length * self._character_s) - now)
        return answered
