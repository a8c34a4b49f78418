"""The rules against a plant that knows nothing of them: silent stations, meters that vanish, servers that die."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.core.charging.spec import CircuitSpec
from tests.runtime.core.charging.closedloop import (
    CAR_S,
    METER_AGE_S,
    PERIOD_S,
    RUN_S,
    WRITE_S,
    Trouble,
    longest_allowed_s,
    play,
)
from tests.runtime.core.charging.plant import Car, Station
from tests.soak import tenth

WIRINGS = ((1,), (2,), (3,), (1, 2, 3), (2, 3, 1), (3, 1, 2))
HOUR_S = 3600


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
    rise_s = max(others)[0]
    at_s = st.one_of(st.integers(10, 150), st.integers(-25, 10).map(lambda off_s: max(10, rise_s + off_s)))
    trouble = st.tuples(
        st.sampled_from(("meter", "server", "restart", "cut", "deaf", "deaf", "reboot")),
        at_s, st.sampled_from((5, 20, 120, 200)), st.integers(1, count),
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


def deaf_while_loads_rise(trouble, allocation):
    """Two charges, one of them deaf from 100 s on; all the other loads come on at 101 s. Longest time above, in s."""
    stations = [Station(id, (1,), 32_000, 30, 8_000) for id in (1, 2)]
    arrivals = [(id, id, Car((32_000,), 10**9, slow_s=5, wakes_s=0)) for id in (1, 2)]
    circuit = CircuitSpec(
        1, "Circuit", 1, 76_000, 76_000, on=True, hard_limit=True, others_ma=60_000, guaranteed_mah=0,
        allocation=allocation,
    )  # fmt: skip
    before_ma = 44_000 if trouble.what == "meter" else 12_000
    others = [(1, (before_ma,) * 3), (101, (60_000,) * 3)]
    troubles = [Trouble("deaf", 100, RUN_S, 1), trouble]
    longest, _ = play(circuit, stations, arrivals, troubles, others, 1, 0.0)
    return longest, longest_allowed_s(stations)


@pytest.mark.parametrize("allocation", ["steps", "fill"])
@pytest.mark.parametrize("from_s", range(98, 106))
def test_a_meter_that_falls_silent_beside_a_station_that_takes_no_limit_finds_it_out_early(from_s, allocation):
    """The station is found out when the safe current is commanded: at 9 s instead of 6 s it was 44 s."""
    longest, allowed = deaf_while_loads_rise(Trouble("meter", from_s, RUN_S), allocation)
    assert 0 < longest <= allowed


@pytest.mark.parametrize("allocation", ["steps", "fill"])
@pytest.mark.parametrize("gone_s", [5, 20, 28])
@pytest.mark.parametrize("from_s", [98, 100, 102])
def test_a_server_that_comes_back_in_the_red_area_feeds_no_watchdog(from_s, gone_s, allocation):
    """It was gone when the loads rose: nobody commanded the deaf station anything, so nothing of it is on disk."""
    longest, allowed = deaf_while_loads_rise(Trouble("server", from_s, from_s + gone_s), allocation)
    assert 0 < longest <= allowed


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
    assert longest <= longest_allowed_s(run[1], run[3])


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
