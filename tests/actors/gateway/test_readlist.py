import pytest

from actors.gateway.readlist import Periods, ReadList
from runtime.core.device.livedevice import LiveDevice
from runtime.core.poll.schedule import LIVE, SLOW, WATCHED
from runtime.core.site.installation import DeviceSpec
from tests.actors.gateway.test_gateway import COMPILED, ENERGY_BLOCK, LIVE_BLOCK, PARAMETER_BLOCK

METER = LiveDevice(DeviceSpec(7, "meter", 1, 3, "test-meter"), COMPILED, lambda ts: (ts, ts + 600), 0, 30)


def test_each_block_has_the_period_and_the_class_of_its_kind():
    blocks = {block.block: (block.period_s, block.rank) for block in ReadList(Periods()).blocks([METER])}
    assert blocks == {PARAMETER_BLOCK: (3600.0, SLOW), LIVE_BLOCK: (2.0, LIVE), ENERGY_BLOCK: (10.0, LIVE)}


def test_a_gateway_may_ask_for_more_patience():
    assert {block.timeout_s for block in ReadList(Periods(), 2.5).blocks([METER])} == {2.5}
    assert {block.timeout_s for block in ReadList(Periods()).blocks([METER])} == {1.0}


def test_only_a_device_that_is_newly_looked_at_changes_the_plan():
    agenda = ReadList(Periods())
    assert agenda.watch([7], until=130.0)
    assert not agenda.watch([7], until=140.0)
    assert {block.rank for block in agenda.blocks([METER]) if block.block == LIVE_BLOCK} == {WATCHED}
    assert not agenda.unwatch(135.0)
    assert agenda.unwatch(140.0)
    assert agenda.watched_until is None


def test_how_often_counters_are_read_is_told_in_milliseconds():
    assert ReadList(Periods()).counters_ms(METER) == 10_000


@pytest.mark.parametrize("kind", ["live", "energy", "slow", "parameter"])
def test_every_kind_of_block_has_a_period(kind):
    assert Periods().of(kind) > 0


def test_a_device_that_is_left_alone_is_not_read_until_its_time_is_over():
    read_list = ReadList(Periods())
    read_list.leave_alone(7, until=130.0)
    assert read_list.blocks([METER]) == ()
    assert not read_list.ask_again(129.0)
    assert read_list.ask_again(130.0)
    assert len(read_list.blocks([METER])) == 3
