import pytest

from actors.gateway.busclient import LOOK_AGAIN_S, BusClient, LookAgain, Unwatch
from actors.gateway.readlist import Periods, ReadList
from actors.message.device import BlocksDue, PlanChanged, WatchDevices
from tests.actors.gateway.test_gateway import ENERGY_BLOCK
from tests.actors.gateway.test_readlist import METER

LIFE = 3


class Clock:
    now_s = 100.0

    def monotonic(self):
        return self.now_s


@pytest.fixture
def stage():
    """(polling, what the bus got, what comes later, clock)"""
    to_bus, later, clock = [], [], Clock()
    polling = BusClient(
        ReadList(Periods()), {7: METER}, LIFE, clock, to_bus.append, lambda wait_s, what: later.append((wait_s, what))
    )
    return polling, to_bus, later, clock


def test_counters_are_asked_for_at_an_edge(stage):
    polling, to_bus, _, _ = stage
    polling.read_counters()
    assert to_bus == [BlocksDue(LIFE, ((7, ENERGY_BLOCK),))]


def test_a_new_name_is_looked_at_again_and_again_until_it_was_enough(stage):
    polling, to_bus, later, _ = stage
    polling.look_again(LookAgain(7, 1, times=2))
    assert later == [(LOOK_AGAIN_S, LookAgain(7, 1, times=1))]
    polling.look_again(later[0][1])
    assert to_bus == [BlocksDue(LIFE, ((7, 1),))] * 2 and len(later) == 1


def test_a_watched_device_changes_the_plan_until_nobody_looks(stage):
    polling, to_bus, later, clock = stage
    polling.watch(WatchDevices((7, 99), 30.0))
    assert [type(message) for message in to_bus] == [PlanChanged] and later == [(30.0, Unwatch())]
    clock.now_s += 10
    polling.watch(WatchDevices((7,), 30.0))
    assert len(to_bus) == 1
    clock.now_s += 20
    polling.unwatch()
    assert len(to_bus) == 1 and later[-1] == (10.0, Unwatch())
    clock.now_s += 10
    polling.unwatch()
    assert len(to_bus) == 2 and len(later) == 2
