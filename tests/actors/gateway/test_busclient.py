from actors.gateway.busclient import LOOK_AGAIN_S, BusClient, LookAgain, Unwatch
from actors.gateway.outgoing import Later
from actors.gateway.readlist import Periods, ReadList
from actors.message.device import BlocksDue, PlanChanged, WatchDevices
from tests.actors.gateway.test_gateway import ENERGY_BLOCK
from tests.actors.gateway.test_readlist import METER

LIFE = 3


def polling():
    return BusClient(ReadList(Periods()), {7: METER}, LIFE)


def test_counters_are_asked_for_at_an_edge():
    assert polling().counters() == BlocksDue(LIFE, ((7, ENERGY_BLOCK),))


def test_a_new_name_is_looked_at_again_and_again_until_it_was_enough():
    first, later = polling().look_again(LookAgain(7, 1, times=2))
    assert later == Later(LOOK_AGAIN_S, LookAgain(7, 1, times=1))
    (second,) = polling().look_again(later.message)
    assert first == second == BlocksDue(LIFE, ((7, 1),))


def test_a_watched_device_changes_the_plan_until_nobody_looks():
    plans = polling()
    plan, later = plans.watch(WatchDevices((7, 99), 30.0), 100.0)
    assert isinstance(plan, PlanChanged) and later == Later(30.0, Unwatch())
    assert plans.watch(WatchDevices((7,), 30.0), 110.0) == ()
    assert plans.unwatch(130.0) == (Later(10.0, Unwatch()),)
    (plan,) = plans.unwatch(140.0)
    assert isinstance(plan, PlanChanged)
