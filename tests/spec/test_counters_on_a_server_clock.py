"""The clock of the machine runs a day ahead and is put right, and the server reads it as it really does.

Line 31 of the table of what an index may do (docs/history.md), with ``TrustedClock``: what it does not believe, the
server does not record ahead; what it believes, is put in its place. 1 kW without a pause from 08:31 on, the clock is
ahead from 10:03 to 10:23: each hour holds 1,000 Wh.
"""

from __future__ import annotations

import time
from functools import partial

import pytest

from runtime.clock import TrustedClock
from runtime.store.upkeep.newest import ahead_ms as recorded_ahead_ms
from runtime.store.upkeep.newest import newest_ts
from tests.actors.stage import LAST_RESORT_S
from tests.spec.cellar import EvenMeter, cellar
from tests.spec.steppedwire import SteppedWire

DAY, TOMORROW = "2026-05-04", "2026-05-05"
DAY_MS = 86_400_000
HOURS = ["09:00", "10:00", "11:00"]
SLACK_WH = 18  # a minute at either edge, and a Wh


class Machine:
    """A clock that is off by ``off_ms``; the network steers it or does not."""

    def __init__(self, site, synced: bool) -> None:
        self._site, self.synced, self.off_ms, self.looks = site, synced, 0, 0
        self.monotonic = site.clock.monotonic

    def now_ms(self) -> int:
        return self._site.clock.now_ms() + self.off_ms

    def now_ts(self) -> int:
        return self.now_ms() // 1000

    def is_synced(self) -> bool:
        self.looks += 1
        return self.synced

    def starts(self) -> None:
        """The server, by what this clock shows."""
        newest, ahead_ms = self._site.looked_into(lambda store: (newest_ts(store), recorded_ahead_ms(store)))
        elapsed = partial(lambda clock: clock.now_ms() / 1000, self._site.clock)
        self._site.start(TrustedClock(self, newest, self.is_synced, elapsed, ahead_ms))

    def begins_anew(self, off_ms: int) -> None:
        """The server is ended, the clock is set, the server starts."""
        self._site.stop()
        self.off_ms = off_ms
        self.starts()


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setattr("actors.service.timekeeper.LOOKS_EACH_S", 0.002)
    with cellar(tmp_path, f"{DAY} 08:31", meter=partial(EvenMeter, hourly=1_000), runs=False) as site:
        yield site


def lives(site, machine: Machine, until: str) -> None:
    """The timekeeper looks in each minute, as it does in life each second."""
    step = SteppedWire.step

    def looked_at(wire: SteppedWire, seconds: float) -> None:
        step(wire, seconds)
        after, last = machine.looks + 2, time.monotonic() + LAST_RESORT_S
        while machine.looks < after:
            assert time.monotonic() < last, "nobody looks at the clock"
            time.sleep(0.001)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SteppedWire, "step", looked_at)
        site.passes_until(f"{DAY} {until}")


def assert_each_hour_holds_what_was_taken(site) -> None:
    site.eventually(True, lambda: "12:00" in site.hours(DAY))
    hours = site.hours(DAY)
    assert {hour: hours[hour] for hour in HOURS} == pytest.approx(dict.fromkeys(HOURS, 1000), abs=SLACK_WH)
    assert sum(hours[hour] for hour in HOURS) == pytest.approx(3_000, abs=SLACK_WH)
    assert site.hours(TOMORROW) == {}
    codes = {event["code"] for event in site.ask("/events?subject=device.1")}
    assert not codes & {"counter_exchanged", "counter_reset", "counter_returned", "counter_rolled_over"}
    assert len(site.ask("/events?subject=server&code=clock_put_back")) == 1
    assert site.ask("/health")["status"] == "ok"


BY = pytest.mark.parametrize("synced", [True, False], ids=["by the network", "by hand"])


@BY
def test_31_the_clock_is_put_right_while_the_server_runs(site, synced):
    machine = Machine(site, synced)
    machine.starts()
    lives(site, machine, "10:03")
    machine.off_ms = DAY_MS
    lives(site, machine, "10:23")
    machine.off_ms = 0
    lives(site, machine, "12:22")
    assert_each_hour_holds_what_was_taken(site)


@BY
def test_31_the_clock_is_put_right_while_the_server_is_off(site, synced):
    machine = Machine(site, synced)
    machine.starts()
    lives(site, machine, "10:03")
    machine.off_ms = DAY_MS
    lives(site, machine, "10:23")
    machine.begins_anew(0)
    lives(site, machine, "12:22")
    assert_each_hour_holds_what_was_taken(site)


@BY
def test_31_the_server_starts_by_a_clock_that_is_ahead_and_again_by_the_right_one(site, synced):
    machine = Machine(site, synced)
    machine.starts()
    lives(site, machine, "10:03")
    machine.begins_anew(DAY_MS)
    lives(site, machine, "10:23")
    machine.begins_anew(0)
    lives(site, machine, "12:22")
    assert_each_hour_holds_what_was_taken(site)


@BY
def test_31_the_server_starts_anew_while_the_clock_is_ahead(site, synced):
    machine = Machine(site, synced)
    machine.starts()
    lives(site, machine, "10:03")
    machine.off_ms = DAY_MS
    lives(site, machine, "10:19")
    machine.begins_anew(DAY_MS)
    lives(site, machine, "10:23")
    machine.off_ms = 0
    lives(site, machine, "12:22")
    assert_each_hour_holds_what_was_taken(site)
