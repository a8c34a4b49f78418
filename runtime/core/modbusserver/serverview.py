"""The Modbus server now, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.view import Trouble
from runtime.viewboard import ViewKey


@dataclass(frozen=True, slots=True)
class MasterState:
    """One address that reads. Counts are since the server was switched on; ``last_ms`` is UTC, 0 = never."""

    address: str
    connections: int
    requests: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class ModbusServerView:
    """Published by the actor ``modbusserver``. ``port`` is the one it listens at, 0 = it does not."""

    host: str = ""
    port: int = 0
    masters: tuple[MasterState, ...] = ()
    refused: int = 0  # connections: of strangers, or too many
    trouble: Trouble | None = None

    @property
    def connections(self) -> int:
        return sum(master.connections for master in self.masters)


MODBUS_SERVER_VIEW = ViewKey[ModbusServerView]("modbusserver")
