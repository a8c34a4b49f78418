"""A site being played: its gateways in one event loop, what happens to them, and the truth behind them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from runtime.core.text.tomltable import Table
from runtime.errors import Fault
from simulator.device.device import OBEDIENCES, Device
from simulator.device.panel import Value, named, written_value
from simulator.device.station import DOMESTIC, EV, Car
from simulator.fault.faults import Faults, Wire
from simulator.fault.faulttable import read_faults, written
from simulator.gateway.gateway import MODES, UNIT_MODES
from simulator.gateway.serialline import SerialLine
from simulator.plant.meter import Meter
from simulator.play.faultygateway import FaultyGateway
from simulator.play.site import Gateway, Site, address
from simulator.scenario.plan import EventPlan

ENERGIES = ("active_energy_import_wh", "active_energy_export_wh")


class Refusal(Exception):
    """The request makes no sense; the message tells why."""


class Play:
    """A site with its gateways. All of it happens in one event loop."""

    def __init__(self, site: Site, now_ms: Callable[[], int]) -> None:
        self.site = site
        self._now_ms = now_ms
        self._plans = {plan.name: plan for plan in site.scenario.gateways}
        self.gateways = site.gateways(now_ms)
        self._events: list[asyncio.Task[None]] = []
        self._changing = asyncio.Lock()  # plugging takes a while, and events do it too
        # the truth knows both directions, whatever the maps show
        self._meters = {
            name: Meter(device.meter.branches, site.grid, ENERGIES)
            for name, device in site.devices.items()
            if device.meter is not None
        }

    async def start(self) -> None:
        """raises  OSError when a port or path is taken"""
        for gateway in self.gateways.values():
            await gateway.plug()
        self._events = [asyncio.ensure_future(self._happens(event)) for event in self.site.scenario.events]

    async def stop(self) -> None:
        await self._end_events()
        await asyncio.gather(*(gateway.unplug() for gateway in self.gateways.values()))

    def address(self, name: str) -> str:
        plan, gateway = self._plans[name], self.gateways[name]
        return address(plan if isinstance(gateway, SerialLine) else replace(plan, port=gateway.port))

    def truth(self, query: Mapping[str, str]) -> dict[str, Any]:
        if "device" in query:
            return self._device_truth(self._device(query["device"]), query)
        return {"devices": {name: self._device_truth(self.site.devices[name], query) for name in self._meters}}

    def _device_truth(self, device: Device, query: Mapping[str, str]) -> dict[str, Any]:
        meter = self._meters.get(device.name)
        if meter is None:
            raise Refusal(f"{device.name} measures nothing")
        try:
            if "from" in query or "to" in query:
                begin, end = self._ms(query, "from"), self._ms(query, "to")
                before, after = meter.energies(begin), meter.energies(end)
                energies = {_n(id): after[id] - before[id] for id in ENERGIES}
                return {"device": device.name, "from_ms": begin, "to_ms": end, **energies}
            at = self._ms(query, "at")
            return {
                "device": device.name,
                "at_ms": at,
                **{_n(id): energy for id, energy in meter.energies(at).items()},
                "active_power_n": meter.gauges(at)["active_power_w"],
                "shown_n": device.indexes(at),
            }
        except ValueError as error:
            raise Refusal(str(error)) from None

    def state(self) -> dict[str, Any]:
        return {name: {"address": self.address(name), **_state(gateway)} for name, gateway in self.gateways.items()}

    async def fault(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        """A mode of a gateway or of one of its units, or faults of a gateway, or both; the state afterwards."""
        name, gateway = self._named_gateway(wish.get("gateway"))
        mode, unit = wish.get("mode"), wish.get("unit")
        faults = _read(wish["faults"], self._plans[name].wire) if "faults" in wish else None
        if mode is not None or faults is None:
            modes = MODES if unit is None else UNIT_MODES
            if mode not in modes:
                raise Refusal(f"no mode {mode!r}: one of {', '.join(modes)}; or give faults")
        if unit is not None:
            if faults is not None:
                raise Refusal("faults strike a whole gateway: leave unit out")
            if not isinstance(unit, int) or unit not in gateway.desk.units:
                raise Refusal(f"no unit {unit!r} there")
            gateway.desk.unit_modes[unit] = str(mode)
            _settle(gateway)
        else:
            await self._change(name, mode, faults)
        return self.state()

    async def calm(self) -> dict[str, Any]:
        """Nothing goes wrong any more: no event, no mode, no fault."""
        await self._end_events()
        for name, gateway in self.gateways.items():
            gateway.desk.unit_modes.clear()
            await self._change(name, "normal", Faults() if isinstance(gateway, FaultyGateway) else None)
        return self.state()

    async def _happens(self, event: EventPlan) -> None:
        await asyncio.sleep(event.after_s)
        if event.device:
            await self._happens_to(event)
            return
        standing = self._plans[event.gateway].faults or Faults()
        after = None if event.mode is None else "normal", None if event.faults is None else standing
        while True:
            await self._try_change(event.gateway, event.mode, event.faults)
            if event.for_s is None:
                return
            await asyncio.sleep(event.for_s)
            await self._try_change(event.gateway, *after)
            if event.every_s is None:
                return
            await asyncio.sleep(event.every_s - event.for_s)

    async def _happens_to(self, event: EventPlan) -> None:
        device = self.site.devices[event.device]
        while True:
            before = {quantity: device.panel.get(quantity) if device.panel else 0 for quantity in event.happens}
            self._happen(device, event.happens)
            if event.for_s is None:
                return
            await asyncio.sleep(event.for_s)
            self._happen(device, before)
            if event.every_s is None:
                return
            await asyncio.sleep(event.every_s - event.for_s)

    def _happen(self, device: Device, values: Mapping[str, Value]) -> None:
        for quantity, value in values.items():
            device.happen(quantity, value, self._now_ms())

    def world(self, query: Mapping[str, str]) -> dict[str, Any]:
        """What a device shows now beside what it measures, and what its contacts do."""
        return self._world_of(self._device(query.get("device", "")))

    def _world_of(self, device: Device) -> dict[str, Any]:
        now_ms = self._now_ms()
        shown = device.values(now_ms)
        panel, station = device.panel, device.station
        return {
            "device": device.name,
            "shows": {id: named(id, shown[id]) for id in sorted(shown) if panel is not None and id in panel},
            "contacts": panel.contacts(now_ms) if panel is not None else {},
            "charge": station.letter(now_ms) if station is not None else "",
            "writes": device.obedience,
        }

    def change_world(self, wish: Mapping[str, Any]) -> dict[str, Any]:
        """Something happens to a device, a car comes or goes, or it takes writes otherwise; what it shows then."""
        device, now_ms = self._device(str(wish.get("device"))), self._now_ms()
        happens = wish.get("set", {})
        if not isinstance(happens, dict):
            raise Refusal('set is not an object such as {"breaker_state": "tripped"}')
        try:
            self._happen(device, {quantity: written_value(quantity, said) for quantity, said in happens.items()})
        except KeyError as missing:
            raise Refusal(f"{device.name} has no {missing.args[0]}") from None
        if "writes" in wish:
            if wish["writes"] not in OBEDIENCES:
                raise Refusal(f"writes is one of {', '.join(OBEDIENCES)}")
            device.obedience = wish["writes"]
        if "car" in wish:
            self._drive(device, wish["car"], now_ms)
        return self._world_of(device)

    def _drive(self, device: Device, car: object, now_ms: int) -> None:
        if device.station is None:
            raise Refusal(f"{device.name} is no charging station")
        if car is None:
            device.station.leave(now_ms)
        elif isinstance(car, dict):
            wants_a, energy_wh = car.get("wants_a", 16), car.get("energy_wh", 10_000)
            if not all(isinstance(number, int | float) for number in (wants_a, energy_wh)):
                raise Refusal("wants_a and energy_wh are numbers")
            plug = DOMESTIC if car.get("plug") == "domestic" else EV
            comes = Car(plug, round(wants_a * 1000), round(energy_wh * 1000), str(car.get("badge", "")))
            device.station.arrive(comes, now_ms)
        else:
            raise Refusal('car is null or an object such as {"plug": "ev", "wants_a": 16, "energy_wh": 5000}')

    async def _try_change(self, name: str, mode: str | None, faults: Faults | None) -> None:
        try:
            await self._change(name, mode, faults)
        except OSError as error:  # somebody took the port meanwhile
            print(f"simulator: {name}: {error}", file=sys.stderr)

    async def _end_events(self) -> None:
        for task in self._events:
            task.cancel()
        await asyncio.gather(*self._events, return_exceptions=True)
        self._events = []

    async def _change(self, name: str, mode: str | None, faults: Faults | None) -> None:
        """None: as it is. Raises OSError when the port is taken; it stays unplugged then."""
        async with self._changing:
            if faults is not None:
                gateway = await self._faulty(name)
                gateway.faults = faults
            if mode is not None:
                await _set_mode(self.gateways[name], mode)

    async def _faulty(self, name: str) -> FaultyGateway:
        """A sound gateway is exchanged at its place, which hangs up its connections once."""
        sound = self.gateways[name]
        if isinstance(sound, FaultyGateway):
            return sound
        port = 0 if isinstance(sound, SerialLine) else sound.port
        faulty = self.site.faulty(sound.desk, replace(self._plans[name], port=port))
        await sound.unplug()
        self.gateways[name] = faulty
        if sound.desk.mode != "unplugged":
            sound.desk.mode, mode = "unplugged", sound.desk.mode
            await _set_mode(faulty, mode)
        return faulty

    def _device(self, name: str) -> Device:
        if name not in self.site.devices:
            raise Refusal(f"no device {name!r}")
        return self.site.devices[name]

    def _named_gateway(self, name: object) -> tuple[str, Gateway]:
        if not isinstance(name, str) or name not in self.gateways:
            raise Refusal(f"no gateway {name!r}: one of {', '.join(self.gateways)}")
        return name, self.gateways[name]

    def _ms(self, query: Mapping[str, str], key: str) -> int:
        return round(float(query[key]) * 1000) if key in query else self._now_ms()


async def _set_mode(gateway: Gateway, mode: str) -> None:
    before = gateway.desk.mode
    if before == "unplugged" and mode != before:
        await gateway.plug()
    gateway.desk.mode = mode
    _settle(gateway)
    if mode == "unplugged" and before != mode:
        await gateway.unplug()


def _settle(gateway: Gateway) -> None:
    if isinstance(gateway, FaultyGateway):
        gateway.settle()


def _state(gateway: Gateway) -> dict[str, Any]:
    desk = gateway.desk
    faulty = gateway if isinstance(gateway, FaultyGateway) else None
    return {
        "mode": desk.mode,
        "units": {str(unit): mode for unit, mode in desk.unit_modes.items()},
        "answers": desk.answers,
        "faults": written(faulty.faults) if faulty else {},
        "struck": dict(faulty.struck) if faulty else {},
    }


def _read(wish: object, wire: Wire) -> Faults:
    if not isinstance(wish, dict):
        raise Refusal('faults is not an object such as {"late": 0.01}')
    wrong: list[Fault] = []
    faults = read_faults(Table(wish, "faults", "", wrong), wire)
    if wrong:
        raise Refusal("; ".join(str(fault).removeprefix(": ") for fault in wrong))
    return faults


def _n(id: str) -> str:
    return id.removesuffix("_wh") + "_n"
