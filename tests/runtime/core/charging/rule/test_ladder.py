"""A silent meter counts as full: hold, then less, then the safe current, then stop; back by itself."""

import pytest

from runtime.core.charging.decision import METER_SAFE, METER_SHRINK, METER_STOP, START_AGAIN, WAIT_METER
from runtime.core.charging.state import MeterReading
from tests.runtime.core.charging.stage import Stage


def silent(**settings):
    """A charge at 32 A, and a meter that falls silent now."""
    stage = Stage(pause_s=0, **settings)
    stage.station(1)
    stage.plug(1)
    stage.run(0)
    stage.lost_ms[1] = stage.now_ms
    return stage


@pytest.mark.parametrize("allocation", ["steps", "fill"])
def test_hold_then_less_then_the_safe_current_then_stop(allocation):
    stage = silent(lost_s=60)
    assert stage.run(after_s=4) == []
    assert stage.run(after_s=1) == [(METER_SHRINK, 1, 32, 16)]
    assert stage.run(after_s=1) == [(METER_SAFE, 1, 16, 6)]
    assert stage.run(after_s=53) == []
    assert stage.run(after_s=1) == [(METER_STOP, 1, 6, 0)]


def test_a_station_whose_safe_current_is_none_is_stopped_at_once():
    stage = silent()
    stage.change(1, fallback_ma=0)
    assert stage.run(after_s=9)[-1] == (METER_SAFE, 1, 32, 0)


def test_nothing_begins_while_the_meter_is_silent():
    stage = silent()
    stage.station(2)
    stage.plug(2)
    stage.run(after_s=5)
    assert (stage.limit(2), stage.waits(2)) == (0, WAIT_METER)


def test_a_meter_that_was_never_heard_counts_as_full():
    stage = Stage()
    stage.station(1)
    stage.plug(1)
    stage.lost_ms[1] = -(10**9)
    stage.run(0)
    assert stage.waits(1) == WAIT_METER


def test_everything_returns_by_itself():
    stage = silent(lost_s=60)
    for _ in range(40):
        stage.run()
    assert stage.limit(1) == 0
    del stage.lost_ms[1]
    assert stage.run() == [(START_AGAIN, 1, 0, 32)]


def test_a_charge_at_its_safe_current_is_raised_again():
    stage = silent()
    stage.run(after_s=9)
    del stage.lost_ms[1]
    stage.settle(5)
    assert stage.limit(1) == 32


def test_a_phase_that_is_not_measured_counts_as_full():
    stage = Stage()
    stage.station(1, phases=(1, 2, 3))
    stage.plug(1)
    stage._reading = lambda circuit: MeterReading(stage.now_ms, (0, None, 0))
    stage.run()
    assert stage.waits(1) == WAIT_METER
