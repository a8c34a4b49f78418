"""A scenario come alive: the plant, the devices on it and the gateways before them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

from runtime.core.map.devicemap import DeviceMap
from runtime.core.modbus.wireaddress import wire_unit
from runtime.core.source.scheme import serial_url
from simulator.device.device import CACHE_MS, Device, wanted_energies
from simulator.device.panel import Panel
from simulator.device.station import Station
from simulator.gateway.gateway import GatewayConnection, RtuTcpConnection, TcpConnection, TcpGateway
from simulator.gateway.modbus import Unit
from simulator.gateway.serialline import SerialLine
from simulator.gateway.shared import SharedUnit
from simulator.plant.grid import Grid
from simulator.plant.meter import Meter
from simulator.plant.plant import Branch
from simulator.plant.profiles import Weather
from simulator.play.faultygateway import FaultyGateway
from simulator.play.link import links
from simulator.scenario.models import Models
from simulator.scenario.plan import DevicePlan, GatewayPlan, Scenario

Gateway = TcpGateway | SerialLine | FaultyGateway


@dataclass(frozen=True, slots=True)
class Location:
    """Where a scenario is played, when not where it says itself.

    host, port  of the first TCP gateway, the next ones take the following ports; 0 = as the scenario says
    folder      holds the links to the pseudo-terminals
    """

    folder: Path
    host: str = ""
    port: int = 0


def locate(scenario: Scenario, place: Location) -> Scenario:
    gateways = []
    port = place.port
    for plan in scenario.gateways:
        if plan.scheme == "pty":
            plan = replace(plan, path=str(place.folder / plan.path))
        else:
            plan = replace(plan, host=place.host or plan.host, port=port or plan.port)
            port += bool(port)
        gateways.append(plan)
    return replace(scenario, gateways=tuple(gateways))


def address(plan: GatewayPlan) -> str:
    """The URL under which a master reaches the gateway. A pseudo-terminal knows no parity."""
    if plan.scheme == "pty":
        return serial_url("rtu", plan.path, plan.baudrate, "N", 1)
    return f"{plan.scheme}://{plan.host}:{plan.port}"


class Site:
    """Everything of one scenario that depends on nothing but it and the moment.

    devices  by name, in the order of the scenario: the first one is number 1 of the installation
    """

    def __init__(self, scenario: Scenario, models: Models, cache_ms: int = CACHE_MS) -> None:
        self.scenario = scenario
        weather = Weather(scenario.seed, scenario.zone)
        origin = datetime.datetime.combine(scenario.origin, datetime.time(), datetime.UTC)
        self.origin_ts = int(origin.timestamp())
        self.grid = Grid(scenario.seed)
        self.branches = {spec.name: Branch(spec, scenario.seed, self.origin_ts, weather) for spec in scenario.branches}
        self.devices = {
            plan.name: self._device(number, plan, models.map(plan.model, plan.map_parameters), cache_ms)
            for number, plan in enumerate(scenario.devices, 1)
        }
        for plan in scenario.devices:
            self._wire_pulses(plan)
            links(plan, self.devices, self._plans)
            self.devices[plan.name].feeds = [
                (station, phases)
                for name, phases in plan.feeds.items()
                if (station := self.devices[name].station) is not None
            ]

    def _device(self, number: int, plan: DevicePlan, map: DeviceMap, cache_ms: int) -> Device:
        branches = [self.branches[name] for name in plan.branches]
        meter = Meter(branches, self.grid, wanted_energies(map)) if branches else None
        constants: dict[str, int | str] = {
            "ct_ratio": round(plan.ct * 100),
            "vt_ratio": round(plan.vt * 100),
            "serial_number": f"{self.scenario.seed:04d}{number:04d}",
            "model_name": _name_of(map),
            "firmware": "1.00",
            "hardware": "1.0",
        }
        panel = Panel(map, {**constants, **plan.shows})
        station = None
        if "charge_state" in panel:
            phases = 3 if "current_l3_a" in panel else 1
            station = Station(panel, phases, f"{self.scenario.seed} {plan.name}".encode(), plan.cars_s)
        return Device(plan.name, map, meter, constants, cache_ms, panel=panel, station=station)

    def _wire_pulses(self, plan: DevicePlan) -> None:
        """A meter with pulse output drives the input of the concentrator at its address, if that is a device itself."""
        if not plan.model.startswith("pulse-"):
            return
        for other in self.scenario.devices:
            if (other.gateway, other.unit) == (plan.gateway, plan.unit) and not other.model.startswith("pulse-"):
                self.devices[other.name].inputs[f"pulses_{plan.position}"] = self.devices[plan.name]

    @property
    def _plans(self) -> dict[str, DevicePlan]:
        return {plan.name: plan for plan in self.scenario.devices}

    def warm(self, now_ms: int) -> None:
        """Reckon up to now, so that the first answer is not late."""
        for device in self.devices.values():
            device.spaces(now_ms)

    def gateways(self, now_ms: Callable[[], int]) -> dict[str, Gateway]:
        """A gateway for each of the scenario, not yet plugged in."""
        return {plan.name: self._gateway(plan, now_ms) for plan in self.scenario.gateways}

    def _gateway(self, plan: GatewayPlan, now_ms: Callable[[], int]) -> Gateway:
        desk = GatewayConnection(self._units(plan), now_ms, plan.turnaround_ms / 1000)
        scripted = any(event.faults is not None for event in self.scenario.events if event.gateway == plan.name)
        if plan.faults is not None or scripted:
            return self.faulty(desk, plan)
        if plan.scheme == "pty":
            return SerialLine(desk, Path(plan.path), plan.baudrate)
        connection = TcpConnection if plan.wire == "tcp" else RtuTcpConnection
        return TcpGateway(desk, plan.host, plan.port, connection)

    def _units(self, gateway: GatewayPlan) -> dict[int, Unit]:
        """Address on the wire -> who answers there."""
        there: dict[int, list[Device]] = {}
        for plan in self.scenario.devices:
            if plan.gateway == gateway.name:
                device = self.devices[plan.name]
                unit = wire_unit(plan.unit, plan.interface, device.map.interface_stride)
                there.setdefault(unit, []).append(device)
        return {unit: found[0] if len(found) == 1 else SharedUnit(found) for unit, found in there.items()}

    def faulty(self, desk: GatewayConnection, plan: GatewayPlan) -> FaultyGateway:
        """The gateway as one where things may go wrong, the same each time the scenario is played."""
        return FaultyGateway(desk, plan, self.scenario.seed ^ crc32(plan.name.encode()))


def _name_of(map: DeviceMap) -> str:
    """What a device of the kind calls itself: as its map knows it by, where that is a text, else by its title."""
    own = {(field.space, field.at) for field in map.fields if field.quantity == "model_name"}
    names = [probe.equals[0] for probe in map.identify if (probe.space, probe.at) in own and probe.equals]
    return str(names[0]) if names else map.title
