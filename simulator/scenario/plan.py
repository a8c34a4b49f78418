"""What a scenario says once it is read: gateways, devices with their links, what happens, and the site."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from runtime.core.site.installation import Installation
from simulator.device.panel import Value
from simulator.fault.faults import Faults, Wire
from simulator.plant.plant import BranchSpec

FRAMED: Mapping[str, Wire] = MappingProxyType({"tcp": "tcp", "rtutcp": "rtu", "pty": "rtu"})  # by scheme


@dataclass(frozen=True, slots=True)
class GatewayPlan:
    """``scheme`` is one of FRAMED: with ``host`` and ``port``, or with ``path`` and ``baudrate``.

    faults  None: it is sound
    """

    name: str
    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""
    baudrate: int = 19_200
    turnaround_ms: float = 0.0
    description: str = ""
    faults: Faults | None = None

    @property
    def wire(self) -> Wire:
        return FRAMED[self.scheme]


@dataclass(frozen=True, slots=True)
class EventPlan:
    """``after_s`` after the start a gateway gets a ``mode``, or ``faults``; None: it keeps what it has.

    for_s    after that it is again as the scenario has it; None: it stays so
    every_s  it happens again so long after it began; None: once
    device   to which something happens instead, and what it shows then, by quantity
    """

    gateway: str
    after_s: float
    mode: str | None = None
    faults: Faults | None = None
    for_s: float | None = None
    every_s: float | None = None
    device: str = ""
    happens: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """What happens at the device ``event`` makes the device ``action`` do something; "" = a device that is gone."""

    event: str
    action: str
    does: str  # "open" or "close"


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """``branches``: what it measures, by name; () = nothing.

    shows   what it shows beside at the start, by quantity
    cars_s  a car comes to the station once in so long, 0 = never
    feeds   stations whose cars it measures beside, by name: its phases at their L1, L2, L3
    """

    name: str
    gateway: str
    unit: int
    model: str
    branches: tuple[str, ...]
    load: str = ""
    groups: tuple[str, ...] = ()
    excluded: bool = False
    ct: float = 1
    vt: float = 1
    parameters: Mapping[str, str | int | float] = field(default_factory=dict)
    number: str = ""
    interface: int = 0
    side: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    shows: Mapping[str, Value] = field(default_factory=dict)
    links: tuple[LinkPlan, ...] = ()
    cars_s: int = 0
    feeds: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    position: int = 0
    phase: int = 0
    confirmed: bool = False

    @property
    def map_parameters(self) -> dict[str, str | int | float]:
        """What its map may be made from: parameters, and where it hangs."""
        told: dict[str, str | int] = {"position": self.position, "side": self.side}
        return {**self.parameters, **{name: value for name, value in told.items() if value}}


@dataclass(frozen=True, slots=True)
class Scenario:
    """``origin`` is the day on which the counters stood at 0."""

    name: str
    zone: str
    currency: str
    interval_s: int
    seed: int
    origin: datetime.date
    gateways: tuple[GatewayPlan, ...]
    branches: tuple[BranchSpec, ...]
    devices: tuple[DevicePlan, ...]
    loads: tuple[tuple[str, bool], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    billing: Installation = field(default_factory=Installation)  # of tariffs and cost rules alone
    events: tuple[EventPlan, ...] = ()
