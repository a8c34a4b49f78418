"""A server that does with the rules what the actors do, against the plant, while things fail second by second."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from runtime.core.charging.contact import calm_stations
from runtime.core.charging.sharing import decide
from runtime.core.charging.spec import CircuitSpec
from runtime.core.charging.state import Inputs, MeterReading, ShareState, StationReport
from runtime.core.charging.station.lease import Lease, refresh_ms, rest_ms
from tests.runtime.core.charging.plant import Plant, Station

PERIOD_S, METER_AGE_S, SILENT_AGE_S, CAR_S, WRITE_S = 2, 2, 6, 5, 1
RUN_S = 300


@dataclass
class Server:
    """What the actors do with the rules: read, decide, write, read back."""

    circuit: CircuitSpec
    plant: Plant
    random: Random
    lost_writes: float = 0.0
    state: ShareState = field(default_factory=ShareState)
    reading: MeterReading | None = None
    leases: dict[int, Lease] = field(default_factory=dict)
    reports: dict[int, StationReport] = field(default_factory=dict)
    disk: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)  # starts of each charge
    quiet: dict[int, int] = field(default_factory=dict)  # on disk too: until when a station is left alone, in ms

    def step(self, now_s: int, reading: MeterReading | None) -> None:
        self.reading = reading or self.reading
        for station in self.plant.stations:
            self.reports[station.id] = self.look(station, now_s)
        readings = {} if self.reading is None else {self.circuit.id: self.reading}
        inputs = Inputs(now_s * 1000, (self.circuit,), tuple(self.reports.values()), readings)
        self.state, _ = decide(inputs, self.state)
        for id in calm_stations(inputs):
            self.leases[id] = self.leases[id].released()
        limits = {charge.station: charge.limit_ma for charge in self.state.charges}
        for station in self.plant.stations:
            self.command(station, limits.get(station.id, 0), now_s)

    def look(self, station: Station, now_s: int) -> StationReport:
        lease = self.leases.get(station.id) or self.resume(station, now_s)
        before = self.reports.get(station.id)
        seen = None if lease.is_quiet(now_s * 1000) else station.read(now_s)
        if seen is None and before is not None:
            return self.silent(before)
        limit, currents = seen or (None, ())
        self.leases[station.id] = lease.observed(limit)
        return StationReport(
            station.id, self.circuit.id, station.phases, station.rated,
            plugged=station.car is not None, connected_ms=station.plugged_s * 1000,
            charged_mah=station.charged_mas // 3600, currents_ma=currents,
            heard=seen is not None, heard_ms=now_s * 1000,
            confirmed_ma=limit, fallback_ma=station.fallback, watchdog_s=station.watchdog_s,
            starts_ms=self.disk.get((station.id, station.plugged_s), ()),
        )  # fmt: skip

    def resume(self, station: Station, now_s: int) -> Lease:
        lease = Lease(station.watchdog_s, refresh_ms(station.watchdog_s))
        rest = rest_ms(self.quiet.get(station.id, 0), now_s * 1000, station.watchdog_s)
        self.leases[station.id] = lease = lease.resumed(now_s * 1000, rest) if rest else lease.begun(now_s * 1000)
        return lease

    def silent(self, before: StationReport) -> StationReport:
        return StationReport(**{**{name: getattr(before, name) for name in before.__slots__}, "heard": False})

    def command(self, station: Station, limit: int, now_s: int) -> None:
        lease = self.leases[station.id]
        if limit and not lease.wanted_ma and not lease.confirmed_ma:
            charge = (station.id, station.plugged_s)
            self.disk[charge] = (*self.disk.get(charge, ()), now_s * 1000)
        lease = lease.command(limit)
        for try_ms in (0, 1000):
            due = lease.due(now_s * 1000 + try_ms)
            if due is None:
                break
            if self.random.random() >= self.lost_writes:
                station.write(due, now_s)
            shown = station.read(now_s)
            lease = lease.written(now_s * 1000 + try_ms, None if shown is None else shown[0])
        self.leases[station.id] = lease
        self.quiet[station.id] = lease.quiet_until_ms


@dataclass
class Trouble:
    """Something is broken in [from, to) s: meter; server, restart: it is gone; cut, deaf, reboot of a station."""

    what: str
    from_s: int
    to_s: int
    station: int = 0


def play(circuit, stations, arrivals, troubles, others, seed, lost_writes, run_s=RUN_S):
    """The plant for a while. Returns the longest time that a phase was above the limit, in s, and its server."""
    random = Random(seed)
    plant = Plant(stations, others)
    server = Server(circuit, plant, random, lost_writes)
    over, longest, seen = [0, 0, 0], 0, (0, plant.currents())
    for now_s in range(1, run_s):
        meet(plant, arrivals, troubles, now_s)
        plant.move(now_s)
        now = {trouble.what for trouble in troubles if trouble.from_s <= now_s < trouble.to_s}
        if now & {"server", "restart"}:  # it is gone, and another one begins
            server = Server(circuit, plant, random, lost_writes, disk=server.disk, quiet=server.quiet)
        if random.random() < 0.6 or now_s - seen[0] >= METER_AGE_S:
            seen = (now_s, plant.currents())
        if now_s % PERIOD_S == 0 and not now & {"server", "restart"}:
            server.step(now_s, None if "meter" in now else MeterReading(seen[0] * 1000, seen[1]))
        for phase, current in enumerate(plant.currents()):
            over[phase] = over[phase] + 1 if current > circuit.available_ma else 0
        longest = max(longest, *over)
    return longest, server


def meet(plant, arrivals, troubles, now_s):
    for station in plant.stations:
        for at_s, id, car in arrivals:
            if (at_s, id) == (now_s, station.id):
                station.plug(car, now_s)
        station.cut = any(t.what == "cut" and t.station == station.id and t.from_s <= now_s < t.to_s for t in troubles)
        station.deaf = any(
            t.what == "deaf" and t.station == station.id and t.from_s <= now_s < t.to_s for t in troubles
        )
        if any(t.what == "reboot" and t.station == station.id and t.from_s == now_s for t in troubles):
            station.restart()


def longest_allowed_s(stations, troubles=()):
    """T: watchdog, age of the meter's values, control period, car, a write; and a second, in which all moves here.

    While the meter gives values it is shorter than what is promised: they are younger than those of a silent one.
    """
    watchdog_s = max(10, *(station.watchdog_s for station in stations), 0)
    age_s = SILENT_AGE_S if any(trouble.what == "meter" for trouble in troubles) else METER_AGE_S
    return watchdog_s + age_s + PERIOD_S + CAR_S + WRITE_S + 1
