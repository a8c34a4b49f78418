"""Which actors should live for an installation: one child spec each, whose part says when it has to start anew."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from actors.archivist.archivist import Archivist
from actors.bus.budget import USUAL_PER_S, Budget
from actors.bus.bus import Bus
from actors.bus.listener import Listener
from actors.bus.restrecord import KIND as RESTS
from actors.charging.sharing import ChargeShare
from actors.charging.station import Station
from actors.gateway.gateway import Gateway, Periods
from actors.jobs.jobs import Jobs
from actors.loop.loop import Loop
from actors.mailbox.incarnation import Incarnation
from actors.message.charging import CHARGING, LeaveAlone, station_name
from actors.message.device import WatchDevices
from actors.message.outlet import outlet_name
from actors.recorder.recorder import Recorder
from actors.servertree.servertree import ServerTree
from actors.service.access import AccessActor
from actors.service.installation import InstallationActor
from actors.service.machine import Machine, load_records
from actors.service.scanner import Scanner
from actors.service.timekeeper import Timekeeper
from actors.service.timers import Timers
from actors.supervision.childspec import ChildSpec
from actors.wire.wireloop import WireHost, WireLoop
from drivers.callers import Callers
from drivers.gateways import make_source
from runtime.clock import Clock, TrustedClock
from runtime.core.alert.outlet import OUTLET
from runtime.core.charging.resource import CIRCUIT, STATION
from runtime.core.charging.spec import StationSpec
from runtime.core.charging.station.lease import hold_ms, rest_ms
from runtime.core.charging.station.observation import can_be_limited
from runtime.core.decode.decoder import Decoder
from runtime.core.map.devicemap import register_maps
from runtime.core.poll.trace import KEPT
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.source.scheme import scheme_of
from runtime.loop.loop import ProcessLoop
from runtime.plugin.compiledmaps import Maps
from runtime.plugin.plugins import Plugins
from runtime.plugin.sitecheck import Checker
from runtime.process.malloc import tidier
from runtime.reporting import ReportingChildren
from runtime.secret.accesssetup import load_access_state
from runtime.secret.secrets import Secrets
from runtime.serving import ServingChildren
from runtime.settings import Address
from runtime.store.env import Store
from runtime.store.object.audit import AuditTrail
from runtime.store.object.charging import load_limits, load_open, load_quiet_until
from runtime.store.object.site import installation_of

SAVED_S = 15.0  # a device that was just saved comes before the others for so long
TRACED_IN_ALL, TRACED_LEAST = 6_500, 25  # transactions kept for the bus monitor: about 2 MB with many gateways
TICKED = ("recorder", "archivist")  # each minute
MACHINE_S = 90.0  # a network card that asks for an address, twice


class Children:
    """Of one server. ``take`` what the plugins offer, then ask for the ``children`` of an installation.

    on_change  gets each new installation in the thread of its owner
    loop       the event loop, whose owner is one of them
    passwords  and tokens of outlets
    certificate_ends  UTC seconds, None = it is no concern
    tls        the context of the pages, None = they have none
    modbus     where the Modbus server listens, switched on or not; None = as it is configured
    demo       nothing real hangs on the wires
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        periods: Periods,
        on_change: Callable[[Installation], None],
        loop: ProcessLoop,
        passwords: Secrets,
        *,
        certificate_ends: Callable[[], int | None] = lambda: None,
        tls: Callable[[], ssl.SSLContext | None] = lambda: None,
        modbus: Address | None = None,
        demo: bool = False,
    ) -> None:
        self._store, self._clock, self._periods = store, clock, periods
        self._on_change, self._loop = on_change, loop
        self._callers = Callers()
        self._serving = ServingChildren(store, loop, passwords, self._callers, tls, modbus)
        self._reporting = ReportingChildren(store, clock, passwords, certificate_ends)
        self._demo = demo
        self._wire = WireHost()
        self._server_id = secrets.randbits(63) | 1  # of this process among servers that read one another
        self._were: dict[int, DeviceSpec] | None = None  # devices as they were read; None = before the start
        self._met: set[int] = set()  # charging stations that this process has contacted or held back before

    def take(self, plugins: Plugins, maps: Maps, checker: Checker) -> None:
        """From now on these. Children that live keep what they were made from until their part differs."""
        self._plugins, self._maps, self.checker = plugins, maps, checker
        self._reporting.take(plugins, maps)

    def children(self, site: Installation) -> list[ChildSpec]:
        """In the order of their start. A gateway comes before its bus, so that no reading finds nobody."""
        self._wire.room.most = site.connections_per_host
        children: list[ChildSpec] = []
        if isinstance(trusted := self._clock, TrustedClock):
            children.append(ChildSpec("timekeeper", lambda incarnation: Timekeeper(incarnation, trusted), core=True))
        children += [
            ChildSpec("loop", lambda incarnation: Loop(incarnation, self._loop), core=True, stop_deadline_s=3.0),
            ChildSpec(
                "recorder", lambda incarnation: Recorder(incarnation, self._store), core=True, stop_deadline_s=5.0
            ),
            ChildSpec("installation", self._installation, core=True),
            ChildSpec(
                "access",
                lambda incarnation: AccessActor(incarnation, lambda: load_access_state(self._store), demo=self._demo),
                core=True,
            ),
        ]
        children.append(
            ChildSpec("wire", lambda incarnation: WireLoop(incarnation, self._wire), core=True, stop_deadline_s=3.0)
        )
        behind: dict[int, list[DeviceSpec]] = {}
        for device in site.devices:
            behind.setdefault(device.gateway, []).append(device)
        saved = self._saved(site)
        children += [self._gateway(each, tuple(behind.get(each.id, ())), site, saved) for each in site.gateways]
        children += [self._bus(each, len(site.gateways)) for each in site.gateways if each.on]
        children += self._charging(site)
        children.append(ChildSpec("scanner", self._scanner, stuck_s=120.0))
        children.append(ChildSpec("jobs", Jobs, exclusive=True, stop_deadline_s=5.0))
        children.append(ChildSpec("archivist", lambda incarnation: Archivist(incarnation, self._store)))
        children += self._reporting.children(site)
        children.append(ChildSpec("machine", self._machine, stuck_s=MACHINE_S))
        children.append(ChildSpec("servertree", lambda incarnation: ServerTree(incarnation, self._server_id)))
        children += self._serving.children(site)
        children.append(ChildSpec("timers", lambda incarnation: Timers(incarnation, TICKED, tidier()), core=True))
        return children

    def _charging(self, site: Installation) -> list[ChildSpec]:
        """Stations before who shares the current among them; none where every circuit is off."""
        circuits = tuple(circuit for circuit in site.of(CIRCUIT) if circuit.on)
        on = {circuit.id for circuit in circuits}
        limited = [
            (station, device, decoder)
            for station in site.of(STATION)
            if station.circuit in on
            and (device := site.device(station.device)) is not None
            and (decoder := self._maps.of.get(device.id)) is not None
            and can_be_limited(decoder.commands)
        ]
        if not limited:
            return []
        stations = tuple(station for station, _, _ in limited)
        wanted = {station.device for station in stations} | {circuit.meter for circuit in circuits}
        devices = {device.id: _read(device) for device in site.devices if device.id in wanted}

        def share(incarnation: Incarnation) -> ChargeShare:
            return ChargeShare(incarnation, circuits, stations, devices, lambda: load_limits(self._store))

        children = [self._station(station, device, decoder) for station, device, decoder in limited]
        return [*children, ChildSpec(CHARGING, share, part=(circuits, stations, tuple(devices.items())))]

    def _station(self, station: StationSpec, device: DeviceSpec, decoder: Decoder) -> ChildSpec:
        def make(incarnation: Incarnation) -> Station:
            id, store, is_met = station.id, self._store, station.id in self._met
            self._met.add(id)
            return Station(
                incarnation, station, device, decoder.commands,
                lambda: load_open(store, id), lambda: load_quiet_until(store, id), is_held=not is_met,
            )  # fmt: skip

        part = (station, _read(device), tuple(decoder.commands.items()))
        return ChildSpec(station_name(station.id), make, kind="station", part=part)

    def _scanner(self, incarnation: Incarnation) -> Scanner:
        return Scanner(incarnation, lambda: register_maps(self._plugins.maps))

    def _machine(self, incarnation: Incarnation) -> Machine:
        return Machine(incarnation, self._store.path, lambda: load_records(self._store.records.get))

    def _installation(self, incarnation: Incarnation) -> InstallationActor:
        trail = AuditTrail(self._store)
        return InstallationActor(
            incarnation,
            lambda: (installation_of(self._store), trail.last()),
            lambda site: self.checker.faults(site),
            self._on_change,
            lambda site: self.checker.marked(site),
        )

    def _saved(self, site: Installation) -> frozenset[int]:
        """Devices that an edit just added, or whose reading it changed: people wait for their first values."""
        now = {device.id: _read(device) for device in site.devices}
        before, self._were = self._were, now
        return frozenset() if before is None else frozenset(id for id in now if before.get(id) != now[id])

    def _gateway(
        self, gateway: GatewaySpec, devices: tuple[DeviceSpec, ...], site: Installation, saved: frozenset[int]
    ) -> ChildSpec:
        maps = {device.id: self._maps.of[device.id] for device in devices if device.id in self._maps.of}
        device_maps = tuple(self._maps.device_map_of(device) for device in devices)
        kinds = self._plugins.kinds_of({device.id: device.model for device in devices if device.id in maps})
        zone, periods, interval_s = zone_of(site), self._periods, site.interval_s
        part = (_without_labels(gateway), tuple(map(_read, devices)), interval_s, zone, device_maps)

        on = {circuit.id for circuit in site.of(CIRCUIT) if circuit.on}
        limited = {id for id, decoder in maps.items() if can_be_limited(decoder.commands)}
        stations = tuple(each for each in site.of(STATION) if each.circuit in on and each.device in limited)
        first, demo = tuple(device.id for device in devices if device.id in saved), self._demo

        def make(incarnation: Incarnation) -> Gateway:
            made = Gateway(
                incarnation,
                gateway,
                devices,
                maps,
                interval_s,
                zone,
                periods=periods,
                kinds=kinds,
                demo=demo,
                host=self._wire,
            )
            for message in self._left_alone(stations):
                made.post_self(message)
            if first:
                made.post_self(WatchDevices(first, SAVED_S))
            return made

        return ChildSpec(f"gateway.{gateway.id}", make, kind="gateway", part=part)

    def _left_alone(self, stations: Sequence[StationSpec]) -> Iterator[LeaveAlone]:
        """Whoever reads one of these feeds its watchdog once more: those that the server before left alone, and all
        others until the sharing of current has looked at the meters.
        """
        for station in stations:
            until_ms = load_quiet_until(self._store, station.id)
            rest = rest_ms(until_ms, self._clock.now_ms(), station.watchdog_s)
            if rest := rest or (0 if station.id in self._met else hold_ms(station.watchdog_s)):
                yield LeaveAlone(station.device, rest / 1000)

    def _bus(self, gateway: GatewaySpec, gateways: int) -> ChildSpec:
        schemes = tuple(self._plugins.schemes.values())
        source = partial(make_source, schemes=schemes)
        scheme = scheme_of(gateway.url, self._plugins.schemes)
        traced = max(TRACED_LEAST, min(KEPT, TRACED_IN_ALL // gateways))

        def make(incarnation: Incarnation) -> Bus | Listener:
            if scheme.is_heard:
                return Listener(incarnation, gateway.id, gateway.url, source, traced=traced)
            lines, host = (source, None) if scheme.prompt is None else (scheme.prompt, self._wire)
            if (called_in := scheme.called_in) is not None:
                lines = partial(_with_callers, called_in, self._callers)
            rests = partial(self._store.records.get, RESTS, gateway.id)
            budget = Budget(gateway.most_polls_per_s, USUAL_PER_S)
            return Bus(
                incarnation, gateway.id, gateway.url, lines, host=host, traced=traced, budget=budget, known_rests=rests
            )

        part = (gateway.url, gateway.most_polls_per_s)
        return ChildSpec(f"bus.{gateway.id}", make, kind="bus", exclusive=True, part=part)


def _with_callers(called_in: Callable[..., Any], callers: Callers, url: str, clock: Clock) -> Any:
    return called_in(url, clock, callers)


def _without_labels(gateway: GatewaySpec) -> GatewaySpec:
    """What matters to reading its devices. What it is called and where it stands reaches views another way."""
    return replace(gateway, name="", description="", board=0, eq_device=0, most_polls_per_s=0)


def _read(device: DeviceSpec) -> DeviceSpec:
    """What matters to reading it."""
    return replace(device, name="", load=0, groups=(), excluded=False, labels={}, exclude_alerts=False, above=0)


def gone(before: Installation, after: Installation) -> Sequence[str]:
    """Names of views that nobody publishes any more."""
    devices = {device.id for device in before.devices} - {device.id for device in after.devices}
    gateways = {gateway.id for gateway in before.gateways} - {gateway.id for gateway in after.gateways}
    outlets = {each.id for each in before.of(OUTLET)} - {each.id for each in after.of(OUTLET)}
    of_gateways = [f"{what}.{id}" for id in gateways for what in ("gateway", "bus", "trace", "scan")]
    return [f"device.{id}" for id in devices] + [outlet_name(id) for id in outlets] + of_gateways
