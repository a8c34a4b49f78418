"""LINK-3: what a slave's ledgers have counted the master has booked, to the Wh, whatever happens to either."""

from __future__ import annotations

import random

import pytest

from tests.soak import tenth
from tests.spec.linkedlives import ALL, Linked

START_TS = 1_773_222_900  # 2026-03-11 10:55 in Paris
HOUR_S, DAY_S = 3_600, 86_400
POWERS_N = (2_800, 450, 1_250)  # 10 kW, 1.6 kW, 4.5 kW
AT_REST_S = 2 * 1_200  # until jumps are believed and their intervals are over


@pytest.fixture
def linked() -> Linked:
    made = Linked(POWERS_N, START_TS)
    made.passes(2 * HOUR_S)
    return made


def rest(linked: Linked) -> None:
    """All is well again, and at last nothing draws any more: what the last interval held is booked, too."""
    linked.passes(AT_REST_S)
    for meter in linked.slave.meters.values():
        meter.power_n = 0
    linked.passes(AT_REST_S)


def assert_all_is_booked(linked: Linked) -> None:
    rest(linked)
    assert linked.missing_wh() == dict.fromkeys(linked.links, 0)


def test_a_quiet_day(linked: Linked) -> None:
    assert_all_is_booked(linked)
    assert linked.shown[ALL] > 30_000
    assert not [code for link in linked.links.values() for code in link.findings]


@pytest.mark.parametrize("away_s", [60, HOUR_S, DAY_S])
def test_a_slave_that_is_killed_and_comes_back(linked: Linked, away_s: int) -> None:
    linked.slave.kill()
    linked.passes(away_s)
    linked.slave.start()
    assert_all_is_booked(linked)


@pytest.mark.parametrize("away_s", [60, HOUR_S, DAY_S])
def test_a_meter_that_its_slave_does_not_reach_while_others_go_on(linked: Linked, away_s: int) -> None:
    """The sum jumps by what one of its meters counted meanwhile, though it was never still."""
    linked.slave.meters[1].is_silent = True
    linked.passes(away_s)
    linked.slave.meters[1].is_silent = False
    assert_all_is_booked(linked)
    found = {code for link in linked.links.values() for code in link.findings}
    assert found <= {"counter_gap"}


def test_all_meters_of_a_slave_come_back_one_after_the_other(linked: Linked) -> None:
    for meter in linked.slave.meters.values():
        meter.is_silent = True
    linked.passes(5 * HOUR_S)
    for meter in linked.slave.meters.values():
        meter.is_silent = False
        linked.passes(15)
    assert_all_is_booked(linked)


def test_a_meter_that_is_exchanged_at_the_slave(linked: Linked) -> None:
    linked.slave.meters[1].index_n = 12
    assert_all_is_booked(linked)


def test_a_meter_that_is_exchanged_while_its_slave_is_away(linked: Linked) -> None:
    linked.slave.kill()
    linked.passes(HOUR_S)
    linked.slave.meters[1].index_n = 12
    linked.slave.start()
    assert_all_is_booked(linked)


def test_a_slave_that_is_killed_while_a_meter_is_silent_gives_less_for_a_while(linked: Linked) -> None:
    linked.slave.meters[1].is_silent = True
    linked.passes(20)
    linked.slave.kill()
    linked.passes(20)
    linked.slave.start()
    linked.passes(HOUR_S)
    linked.slave.meters[1].is_silent = False
    assert_all_is_booked(linked)


def test_a_master_that_is_killed_and_comes_back(linked: Linked) -> None:
    linked.is_master_up = False
    linked.passes(DAY_S)
    linked.restart_master()
    assert_all_is_booked(linked)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(tenth(200)))
def test_any_accidents(seed: int) -> None:
    rng = random.Random(seed)
    linked = Linked(tuple(rng.randrange(20, 8_000) for _ in range(rng.randint(1, 4))), START_TS)
    linked.passes(2 * HOUR_S)
    for _ in range(rng.randint(2, 8)):
        _accident(linked, rng)
        linked.passes(rng.choice((30, 300, 2_000)))
    for meter in linked.slave.meters.values():
        meter.is_silent = False
    if not linked.slave.is_up:
        linked.slave.start()
    if not linked.is_master_up:
        linked.restart_master()
    assert_all_is_booked(linked)


def _accident(linked: Linked, rng: random.Random) -> None:
    meter = rng.choice(list(linked.slave.meters.values()))
    match rng.randrange(5):
        case 0:
            meter.is_silent = not meter.is_silent
        case 1:
            meter.index_n = rng.randrange(1_000_000)
        case 2:
            meter.power_n = rng.randrange(20, 8_000)
        case 3 if linked.slave.is_up:
            linked.slave.kill()
        case 3:
            linked.slave.start()
        case 4 if linked.is_master_up:
            linked.is_master_up = False
        case _:
            linked.restart_master()
