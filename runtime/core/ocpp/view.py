"""The OCPP server now, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.ocpp.image import StationFacts
from runtime.core.view import Trouble
from runtime.viewboard import ViewKey


@dataclass(frozen=True, slots=True)
class CallerState:
    """One station that is connected. Times are UTC ms.

    version  of OCPP that it speaks, "1.6" or "2.0.1"
    is_ready it told of a connector, and is heard
    faults   connector and why it is faulted, in the station's words
    """

    identity: str
    version: str
    address: str
    since_ms: int
    heard_ms: int
    is_ready: bool = False
    facts: StationFacts = StationFacts()
    faults: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OcppView:
    """Published by the actor ``ocppserver``. ``port`` is the one it listens at, 0 = it does not."""

    host: str = ""
    port: int = 0
    tls: bool = False
    stations: tuple[CallerState, ...] = ()
    refused: int = 0  # wrong passwords, unknown stations, too many connections
    trouble: Trouble | None = None


OCPP_VIEW = ViewKey[OcppView]("ocppserver")
