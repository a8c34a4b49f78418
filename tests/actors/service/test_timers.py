from __future__ import annotations

import datetime

import pytest

from actors.message.device import Minute
from actors.service.timers import Timers
from tests.actors.stage import Stage, heard


@pytest.fixture
def stage() -> Stage:
    return Stage()


def next_run(timers: Timers) -> datetime.datetime:
    run = timers._schedule.get_next_run()
    assert run is not None
    return run


def put_next_run(timers: Timers, seconds_away: float) -> None:
    """As if the machine's clock had been set."""
    for job in timers._schedule.get_jobs():
        job.next_run += datetime.timedelta(seconds=seconds_away)


def test_the_tick_is_planned_for_the_full_minute(stage):
    timers = stage.add(Timers(stage.incarnation("timers"), ()))
    assert next_run(timers).second == 0
    assert timers._idle_s() <= 60


def test_at_its_time_every_subscriber_hears_the_minute_once(stage):
    boxes = [stage.mailbox(name) for name in ("recorder", "gateway.1")]
    timers = stage.add(Timers(stage.incarnation("timers"), ("recorder", "gateway.1", "nobody")))
    put_next_run(timers, -60)
    stage.clock.advance(1)
    stage.play()
    stage.clock.advance(1)
    stage.play()
    assert [heard(box) for box in boxes] == [[Minute(stage.clock.now_ts() - 1)]] * 2


def test_before_its_time_nobody_hears_anything(stage):
    box = stage.mailbox("recorder")
    timers = stage.add(Timers(stage.incarnation("timers"), ("recorder",)))
    put_next_run(timers, 30 - timers._idle_s())
    stage.clock.advance(1)
    stage.play()
    assert heard(box) == []


def test_a_clock_set_back_by_an_hour_costs_no_tick(stage):
    box = stage.mailbox("recorder")
    timers = stage.add(Timers(stage.incarnation("timers"), ("recorder",)))
    put_next_run(timers, 3600)
    stage.clock.advance(1)
    stage.play()
    assert heard(box) == [Minute(stage.clock.now_ts())]
    assert timers._idle_s() <= 60


def test_a_clock_set_forward_strikes_at_once(stage):
    box = stage.mailbox("recorder")
    timers = stage.add(Timers(stage.incarnation("timers"), ("recorder",)))
    put_next_run(timers, -86_400)
    stage.clock.advance(1)
    stage.play()
    assert len(heard(box)) == 1
