"""The rules against a plant that knows nothing of them: silent stations, meters that vanish, servers that die."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.core.charging.sharing import decide
from runtime.core.charging.spec import CircuitSpec
from runtime.core.charging.state import Inputs, MeterReading, ShareState, StationReport
from runtime.core.charging.station.lease import Lease, refresh_ms, rest_ms
from tests.runtime.core.charging.plant import Car, Plant, Station
from tests.soak import tenth

PERIOD_S, METER_AGE_S, CAR_S, WRITE_S = 2, 2, 5, 1
WIRINGS = ((1,), (2,), (3,), (1, 2, 3), (2, 3, 1), (3, 1, 2))
RUN_S, HOUR_S = 300, 3600


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
        self.leases[station.id] = lease = lease.resumed(now_s * 1000, rest)
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
    """Something is broken in [from, to) s: meter, server, restart; cut, deaf, reboot of a station."""

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
        if "restart" in now:
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


@st.composite
def runs(draw, pauses=(10, 60)):
    """A circuit whose safe currents fit, as it is asked for before it is switched on."""
    count = draw(st.integers(1, 4))
    stations = []
    for id in range(1, count + 1):
        phases, rated = draw(st.sampled_from(WIRINGS)), draw(st.sampled_from((16_000, 20_000, 32_000)))
        watchdog_s = draw(st.sampled_from((0, 10, 20, 30)))
        stations.append(Station(id, phases, rated, watchdog_s, draw(st.sampled_from((0, 6_000, 8_000)))))
    most_others = draw(st.sampled_from((10_000, 25_000, 60_000)))
    reserved = max(
        sum(each.fallback if each.watchdog_s else each.rated for each in stations if phase in each.phases)
        for phase in (1, 2, 3)
    )
    available = max(32_000, most_others + reserved) + draw(st.sampled_from((0, 0, 5_000)))
    level = st.sampled_from((0, most_others // 2, most_others, most_others))
    levels = st.one_of(level.map(lambda ma: (ma,) * 3), st.tuples(level, level, level))
    others = draw(st.lists(st.tuples(st.integers(20, 200), levels), min_size=1, max_size=4))
    circuit = CircuitSpec(
        1, "Circuit", 1, available, available - draw(st.sampled_from((0, 4_000))), on=True, hard_limit=True,
        hysteresis_pct=draw(st.sampled_from((0, 3))), allocation=draw(st.sampled_from(("steps", "fill"))),
        guaranteed_mah=draw(st.sampled_from((0, 100, 32_000))), pause_s=draw(st.sampled_from(pauses)),
        others_ma=most_others, lost_s=draw(st.sampled_from((20, 600))),
    )  # fmt: skip
    arrivals = [(draw(st.integers(1, 20)), each.id, draw(cars(len(each.phases)))) for each in stations]
    trouble = st.tuples(
        st.sampled_from(("meter", "server", "restart", "cut", "deaf", "reboot")),
        st.integers(10, 150), st.sampled_from((5, 20, 120, 200)), st.integers(1, count),
    )  # fmt: skip
    troubles = [
        Trouble(what, at_s, at_s + (1 if what == "restart" else for_s), id)
        for what, at_s, for_s, id in draw(st.lists(trouble, max_size=4))
    ]
    seed, lost_writes = draw(st.integers(0, 2**20)), draw(st.sampled_from((0.0, 0.1)))
    return circuit, stations, arrivals, troubles, others, seed, lost_writes


@st.composite
def cars(draw, phases):
    most = draw(st.sampled_from((10_000, 16_000, 32_000)))
    takes = (most,) * draw(st.integers(1, phases))
    return Car(
        takes + (0,) * (phases - len(takes)), draw(st.sampled_from((500_000, 10**9, 10**9))),
        slow_s=draw(st.integers(0, CAR_S)), wakes_s=draw(st.sampled_from((0, 0, 20))),
    )  # fmt: skip


def longest_allowed_s(stations):
    """T: watchdog, age of the meter's values, control period, car, a write; and a second, in which all moves here."""
    watchdog_s = max(10, *(station.watchdog_s for station in stations), 0)
    return watchdog_s + METER_AGE_S + PERIOD_S + CAR_S + WRITE_S + 1


@pytest.mark.parametrize("allocation", ["steps", "fill"])
@pytest.mark.parametrize("what", ["meter", "server", "cut", "deaf"])
def test_a_rise_of_the_other_loads_during_trouble_is_over_in_time(what, allocation):
    """The worst moment for each trouble: everybody draws all there is, and then all the other loads come on."""
    stations = [Station(id, (1,), 32_000, 30, 8_000) for id in (1, 2)]
    arrivals = [(id, id, Car((32_000,), 10**9, slow_s=5, wakes_s=0)) for id in (1, 2)]
    circuit = CircuitSpec(
        1, "Circuit", 1, 76_000, 76_000, on=True, hard_limit=True, others_ma=60_000, allocation=allocation
    )  # fmt: skip
    troubles = [Trouble(what, 60, RUN_S, 1)]
    longest, _ = play(circuit, stations, arrivals, troubles, [(61, (60_000,) * 3)], 1, 0.0)
    assert 0 < longest <= longest_allowed_s(stations)


@pytest.mark.parametrize("allocation", ["steps", "fill"])
def test_a_station_that_never_obeys_is_made_room_for_by_the_others(allocation):
    stations = [Station(1, (1,), 16_000, 0, 0), Station(2, (1,), 16_000, 0, 0), Station(3, (1,), 16_000, 10, 0)]
    arrivals = [(1, id, Car((most,), 10**9, 0, 0)) for id, most in ((1, 10_000), (2, 16_000), (3, 10_000))]
    circuit = CircuitSpec(
        1, "Circuit", 1, 42_000, 42_000, on=True, hard_limit=True, others_ma=10_000, guaranteed_mah=0,
        pause_s=10, allocation=allocation,
    )  # fmt: skip
    longest, _ = play(circuit, stations, arrivals, [Trouble("deaf", 13, RUN_S, 2)], [(43, (10_000,) * 3)], 31, 0.0)
    assert 0 < longest <= longest_allowed_s(stations)


@pytest.mark.parametrize("allocation", ["steps", "fill"])
def test_a_station_that_is_cut_off_without_a_watchdog_is_made_room_for_by_a_stop(allocation):
    stations = [Station(1, (2,), 16_000, 10, 0), Station(2, (2,), 16_000, 0, 0)]
    arrivals = [(1, 1, Car((10_000,), 10**9, 0, 0)), (1, 2, Car((16_000,), 10**9, 0, 0))]
    circuit = CircuitSpec(
        1, "Circuit", 1, 41_000, 41_000, on=True, hard_limit=True, others_ma=25_000, pause_s=10, allocation=allocation
    )  # fmt: skip
    longest, _ = play(circuit, stations, arrivals, [Trouble("cut", 13, 133, 2)], [(20, (25_000,) * 3)], 0, 0.0)
    assert 0 < longest <= longest_allowed_s(stations)


@pytest.mark.parametrize("allocation", ["steps", "fill"])
@pytest.mark.parametrize("restarts", [(30,), (22, 30, 38, 46)])
def test_a_server_that_begins_anew_lets_the_watchdog_of_a_station_act_that_takes_no_limit(restarts, allocation):
    """Whoever read it after the restart would feed its watchdog once more."""
    stations = [Station(1, (1,), 16_000, 0, 0), Station(2, (1,), 20_000, 20, 0), Station(3, (1,), 16_000, 10, 0)]
    arrivals = [(1, id, Car((most,), 10**9, 0, 0)) for id, most in ((1, 10_000), (2, 32_000), (3, 10_000))]
    circuit = CircuitSpec(
        1, "Circuit", 1, 41_000, 41_000, on=True, hard_limit=True, others_ma=25_000, pause_s=10, lost_s=20,
        guaranteed_mah=0, allocation=allocation,
    )  # fmt: skip
    troubles = [Trouble("deaf", 10, 130, 2), *(Trouble("restart", at_s, at_s + 1) for at_s in restarts)]
    longest, _ = play(circuit, stations, arrivals, troubles, [(20, (25_000,) * 3)], 0, 0.0)
    assert 0 < longest <= longest_allowed_s(stations)


def test_a_car_that_followed_a_lower_limit_keeps_to_it_until_a_higher_one_has_held_for_a_while():
    car = Car((16_000,), 10**9, slow_s=2, wakes_s=3)
    limits = [16_000] * 5 + [8_000] * 5 + [16_000] * 5
    drawn = []
    for limit in limits:
        car.move(limit)
        drawn.append(car.draws)
    assert drawn == [0] * 3 + [16_000] * 4 + [8_000] * 6 + [16_000] * 2


def test_two_cars_that_wake_slowly_make_room_for_other_loads_in_one_step_of_reductions():
    """Stations with a watchdog of 10 s: nothing may need a second look at the meter."""
    stations = [Station(1, (1,), 16_000, 0, 0), Station(2, (1,), 16_000, 10, 0)]
    arrivals = [(3, 1, Car((16_000,), 10**9, 3, 20)), (17, 2, Car((16_000,), 10**9, 0, 20))]
    circuit = CircuitSpec(
        1, "Circuit", 1, 32_000, 32_000, on=True, hard_limit=True, hysteresis_pct=3, guaranteed_mah=0, pause_s=10,
        others_ma=10_000,
    )  # fmt: skip
    longest, _ = play(circuit, stations, arrivals, [], [(45, (10_000,) * 3)], 47438, 0.0)
    assert 0 < longest <= METER_AGE_S + PERIOD_S + CAR_S + WRITE_S + 1


@pytest.mark.soak
@settings(max_examples=tenth(10_000), suppress_health_check=list(HealthCheck))
@given(runs())
def test_the_limit_is_never_exceeded_for_longer_than_promised(run):
    longest, _ = play(*run)
    assert longest <= longest_allowed_s(run[1])


@pytest.mark.soak
@settings(max_examples=tenth(200), suppress_health_check=list(HealthCheck))
@given(runs(pauses=(600,)))
def test_no_station_is_switched_more_than_six_times_an_hour(run):
    circuit, stations, arrivals, _, _, seed, _ = run
    random = Random(seed)
    levels = (0, circuit.others_ma)
    others = [(at_s, (random.choice(levels),) * 3) for at_s in range(1, HOUR_S, 47)]  # as restless as it gets
    restarts = [Trouble("restart", at_s, at_s + 1) for at_s in range(random.randint(60, 900), HOUR_S, 611)]
    play(circuit, stations, arrivals, restarts, others, seed, 0.0, run_s=HOUR_S)
    assert all(len(station.switched) <= 6 for station in stations)


@pytest.mark.parametrize("allocation", ["steps", "fill"])
def test_nobody_starves_in_a_day(allocation):
    """Four vehicles that would take for ever, and current for one or two of them."""
    stations = [Station(id, (1,), 16_000, 30, 0) for id in (1, 2, 3, 4)]
    arrivals = [(id, id, Car((16_000,), 10**12, slow_s=3, wakes_s=5)) for id in (1, 2, 3, 4)]
    circuit = CircuitSpec(
        1, "Circuit", 1, 16_000, 16_000, on=True, hard_limit=True, guaranteed_mah=2_000, turn_s=1_800,
        allocation=allocation,
    )  # fmt: skip
    play(circuit, stations, arrivals, [], [], 1, 0.0, run_s=24 * HOUR_S)
    assert all(station.charged_mas // 3_600_000 >= 24 for station in stations)  # Ah
