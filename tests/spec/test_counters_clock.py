"""The clock goes back, or forward and back: nothing is lost, recording goes on at once, and one event says so.

Lines 31 and 23 of the table of what an index may do (docs/history.md), on a socket. The consumer takes 1 kW without a
pause from 8 o'clock on, and its power is recorded.
"""

from __future__ import annotations

import datetime

import pytest

from runtime.core.quantity.quality import Quality
from runtime.store.history import History
from tests.oracle.flow import Flow
from tests.oracle.life import Rate, Silence
from tests.oracle.register import Register
from tests.oracle.scene import HOUR, KW, Scene
from tests.spec.counterwire import WiredLife, wired

DAY = datetime.date(2026, 5, 4)
POLL_M = 6_000
WEEKS = 50


class Site:
    """A life whose clock the test sets. Times are those of a right clock."""

    def __init__(
        self, plays, *, interval_s: int = 600, poll_ms: int = 10_000, hours: float = 12, register=None
    ) -> None:
        self.scene = Scene(register or Register("u32", 1000), KW, interval_s=interval_s, poll_ms=poll_ms)
        silences = [Silence(self.scene.at(20, 30), self.scene.at(20, 31))]
        flow = Flow(((self.scene.start_ms, KW),))
        life = self.scene.life("clock", 1_234_000_000, silences, hours=hours, flow=flow)
        self.life: WiredLife = plays(life, is_played=False)
        self.hours = hours

    def until(self, hour: int, minute: int = 0, second: int = 0) -> None:
        self.life.passes_until(self.scene.at(hour, minute, second))

    def put(self, seconds: float) -> None:
        self.life.clock.step(seconds)

    def ends(self) -> None:
        self.life.passes_until(self.life.life.end_ms)
        self.life.settle()

    def reports(self) -> list[str]:
        events = History(self.life.store).events(subject="server")[::-1]
        return [event.detail for event in events if event.code == "clock_put_back"]

    def assert_nothing_is_lost(self, *, step_m: int = 1000) -> None:
        taken_m = round(self.hours * KW)
        ledger = self.life.ledger()
        assert taken_m - POLL_M - step_m <= ledger.total_n <= taken_m + step_m
        assert self.life.days(WEEKS, since=-4) == self.life.total_m() == ledger.edge_total_n
        assert self.life.complaints() == [] and self.life.overlapping() == []
        found = set(self.life.events())
        assert not {"counter_exchanged", "counter_reset", "counter_returned", "counter_rolled_over"} & found

    def assert_in_its_place(self, *, slack_m: int = 4_000) -> None:
        """No slot holds less than nothing or more than 1 kW makes in it, and none lies after the end."""
        assert self.life.impossible(1000 / 3.6, slack_m) == []
        assert self.life.slots()[-1][1] * 1000 <= self.scene.start_ms + round(self.hours * HOUR) + 600_000


@pytest.fixture
def site_of(tmp_path):
    with wired(tmp_path) as plays:
        yield lambda **how: Site(plays, **how)


DAY_S = 86_400


@pytest.mark.parametrize("ahead_s", [DAY_S, 3 * DAY_S + 1234, 3600 * 5 + 777, 40 * DAY_S])
@pytest.mark.parametrize(("interval_s", "minutes"), [(600, 20), (60, 20), (3600, 130), (900, 200), (600, 3)])
def test_31_ahead_for_a_while_then_right_again(site_of, ahead_s, interval_s, minutes):
    site = site_of(interval_s=interval_s)
    site.until(10, 3)
    site.put(ahead_s)
    site.until(10, 3 + minutes)
    site.put(-ahead_s)
    site.ends()
    site.assert_nothing_is_lost()
    site.assert_in_its_place()
    assert len(site.reports()) == 1


def test_31_what_was_recorded_ahead_lies_before_now_and_is_marked(site_of):
    site = site_of()
    site.until(10, 3)
    site.put(DAY_S)
    site.until(10, 33)
    site.put(-DAY_S)
    site.until(10, 50, 20)
    powers = {ts - site.scene.start_ms // 1000: told for ts, told in site.life.powers().items()}
    assert all(value == 1000 for value, _ in powers.values())
    assert powers.keys() == set(range(0, 170 * 60, 600))  # until 10:50, and nothing of tomorrow
    assert {powers[at][1] for at in (7800, 8400)} == {int(Quality.CLOCK_UNTRUSTED)}
    assert powers[9_600] == powers[3600] == (1000, int(Quality.GOOD))
    site.ends()
    site.assert_nothing_is_lost()


@pytest.mark.parametrize("ahead_s", [DAY_S, 5 * DAY_S, 6 * 3600])
@pytest.mark.parametrize("stopped_s", [0, 25, 1500])
def test_31_corrected_while_the_server_is_off(site_of, ahead_s, stopped_s):
    site = site_of()
    site.until(10, 3)
    site.put(ahead_s)
    site.until(10, 24)
    site.put(-ahead_s)
    site.life.restart(stopped_s=stopped_s)
    site.ends()
    site.assert_nothing_is_lost()
    site.assert_in_its_place()
    assert len(site.reports()) == 1


@pytest.mark.parametrize("back_s", [3, 8, 29, 59, 61, 300, 599, 601, 3600, 7199, 2 * DAY_S])
@pytest.mark.parametrize("interval_s", [60, 600, 3600])
@pytest.mark.parametrize("second", [5, 200])
def test_31_set_back_once_and_for_all(site_of, back_s, interval_s, second):
    """It had been ahead all the time: the time that is shown twice holds what was taken in both."""
    site = site_of(interval_s=interval_s, hours=8)
    site.until(11, 0, second)
    site.put(-back_s)
    site.ends()
    site.assert_nothing_is_lost()
    assert len(site.reports()) == 1 or (back_s < 10 and not site.reports())  # shorter than between two polls


@pytest.mark.parametrize("poll_ms", [5_000, 30_000, 60_000])
@pytest.mark.parametrize("back_s", [7, 50, 600])
def test_31_polls_slower_than_the_step(site_of, poll_ms, back_s):
    site = site_of(poll_ms=poll_ms, hours=6)
    site.until(11, 0, 25)
    site.put(-back_s)
    site.ends()
    site.assert_nothing_is_lost(step_m=1000 + poll_ms // 2)


def test_31_what_is_counted_in_a_time_that_is_shown_twice_is_marked(site_of):
    site = site_of(hours=6)
    site.until(11, 0, 5)
    site.put(-3600)
    site.ends()
    hours = site.life.hours(DAY)
    assert [round(value_n / KW) for value_n, _ in hours] == [1, 1, 2, 1, 1]
    assert [quality for _, quality in hours] == [0, 0, int(Quality.ESTIMATED), 0, 0]


@pytest.mark.parametrize(("back_s", "at_hour"), [(90, 11), (3600, 11), (DAY_S, 35)])
def test_31_back_for_a_while_then_right_again(site_of, back_s, at_hour):
    """A wrong clock, then the right one: what was recorded by the right one stays as it was."""
    site = site_of(hours=at_hour - 5)
    site.until(at_hour, 3)
    before = site.life.slots()
    site.put(-back_s)
    site.until(at_hour, 23)
    site.put(back_s)
    site.ends()
    site.assert_nothing_is_lost()
    kept = {start: energy for start, _, energy in site.life.slots()}
    changed = [start for start, _, energy in before if kept[start] != energy]
    assert len(changed) <= 20 // 10 + 2 and all(kept[start] >= energy for start, _, energy in before)
    assert len(site.reports()) == 1


def test_31_again_and_again(site_of):
    site = site_of(hours=10)
    for hour in (9, 10, 11, 12):
        site.until(hour, 3)
        site.put(DAY_S)
        site.until(hour, 24)
        site.put(-DAY_S)
    site.ends()
    site.assert_nothing_is_lost()
    site.assert_in_its_place()
    assert 1 <= len(site.reports()) <= 4


def test_31_ahead_from_the_first_reading_on(site_of):
    """A machine whose clock was wrong when it was new."""
    site = site_of()
    site.put(DAY_S)
    site.life.restart()
    site.until(9, 7)
    site.put(-DAY_S)
    site.ends()
    site.assert_nothing_is_lost()
    site.assert_in_its_place(slack_m=20_000)


def test_31_ahead_during_an_outage(site_of):
    site = site_of(hours=14)
    site.until(20, 29, 30)
    site.put(DAY_S)
    site.until(20, 50)
    site.put(-DAY_S)
    site.ends()
    site.assert_nothing_is_lost()
    site.assert_in_its_place()


def test_23_a_longer_sample_rate_in_mid_hour_keeps_the_rest_of_the_hour(tmp_path):
    scene = Scene(interval_s=60)
    with wired(tmp_path) as plays:
        site = plays(scene.life("rate", 1_234_000_000, [Rate(scene.at(10, 23), 3600)], hours=4))
        powers = site.powers()
        slots = site.slots()
    assert sum(energy for _, _, energy in slots) == pytest.approx(4 * 3600_000, abs=22_000)
    rest = scene.at(10, 23) // 1000
    assert {rest - 60, rest, rest + 37 * 60} <= powers.keys()
    assert (rest, rest + 37 * 60) in {(start, end) for start, end, _ in slots}
