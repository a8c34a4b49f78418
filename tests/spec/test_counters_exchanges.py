"""Another meter, or another index: what the new one counts is booked, and what nobody saw is not.

Lines 1, 2, 3, 6, 17, 18, 24 of the table of what an index may do (docs/history.md), on a socket. The consumer takes
3.6 kW without a pause, a Wh each second, from 8 o'clock on.
"""

from __future__ import annotations

import datetime

import pytest

from tests.oracle.life import Life, OtherMeter, Replaced, Restart, Silence
from tests.oracle.register import Register
from tests.oracle.scene import HOUR, KWH, MINUTE, Scene
from tests.spec.counterwire import wired

U32_WH = Register("u32", 1000)
KINDS = {
    "Wh in 32 bit": U32_WH,
    "Wh in 64 bit": Register("u64", 1000),
    "10 Wh in 32 bit": Register("u32", 10_000),
    "0.1 kWh in 32 bit": Register("u32", 100_000),
    "Wh of nine digits": Register("u32", 1000, digits=9),
    "kWh as a real number": Register("f32"),
    "kWh as a long real number": Register("f64"),
    "Wh with a sign": Register("s32", 1000),
}
LAST_DAY = datetime.date(2026, 8, 2)
POLLS_WH = 60  # what is taken between a poll and what happens, four times


@pytest.fixture
def play(tmp_path):
    with wired(tmp_path) as plays:
        yield plays


def exchange(
    old_kwh: float, new_kwh: float, minutes: int, register: Register = U32_WH, others: tuple[object, ...] = ()
) -> Life:
    """Silence from 10:03 on; another meter is there in the middle of it."""
    scene = Scene(register)
    begin, end = scene.at(10, 3), scene.at(10, 3) + minutes * MINUTE
    new = OtherMeter((begin + end) // 2, round(new_kwh * KWH))
    return scene.life("exchange", round(old_kwh * KWH), [Silence(begin, end), new, *others], hours=4)


def steps_wh(register: Register, kwh: float) -> float:
    """Two edges to the meter's own step."""
    last_place_kwh = kwh * 2.0**-22 if register.type == "f32" else 0
    return 2 * max(register.step_m / 1000 if not register.is_float else 0, 1000 * last_place_kwh) + 1


def assert_only_what_was_counted(site, register: Register, kwh: float, minutes: int) -> None:
    seen_wh = 4 * 3600 - minutes * 60
    slack_wh = POLLS_WH + steps_wh(register, kwh)
    assert seen_wh - slack_wh <= site.days() / 1000 <= seen_wh + minutes * 60 + slack_wh
    assert site.impossible(1000, 1000 * slack_wh) == []
    assert site.complaints() == [] and site.differences() == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("minutes", [10, 47])
def test_01_a_new_meter_begins_at_0(play, kind, minutes):
    site = play(exchange(6_200, 0, minutes, KINDS[kind]))
    assert_only_what_was_counted(site, KINDS[kind], 6_200, minutes)
    assert {"counter_reset", "counter_exchanged"} & set(site.events())


@pytest.mark.parametrize("kind", KINDS)
def test_02_a_new_meter_shows_a_little(play, kind):
    site = play(exchange(40_000, 0.2, 50, KINDS[kind]))
    assert_only_what_was_counted(site, KINDS[kind], 40_000, 50)
    assert {"counter_reset", "counter_exchanged"} & set(site.events())


@pytest.mark.parametrize("kind", ["Wh in 32 bit", "Wh in 64 bit", "10 Wh in 32 bit", "kWh as a long real number"])
@pytest.mark.parametrize("old_kwh", [999_700, 99_999.9, 999_999])
def test_03_an_index_near_a_round_number_is_0(play, kind, old_kwh):
    site = play(exchange(old_kwh, 0, 5, KINDS[kind]))
    assert_only_what_was_counted(site, KINDS[kind], old_kwh, 5)
    assert "counter_rolled_over" not in site.events()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("new_kwh", [1_500, 80_000, 91_500])
def test_06_a_used_meter_is_counted_from_its_index_on(play, kind, new_kwh):
    site = play(exchange(81_234, new_kwh, 30, KINDS[kind]))
    assert_only_what_was_counted(site, KINDS[kind], 91_500, 30)
    assert "counter_exchanged" in site.events()


def test_01_and_06_a_restart_between_old_and_new_changes_nothing(play):
    scene = Scene()
    for new_kwh in (0, 1_500):
        restarts = [Restart(scene.at(10, 5)), Restart(scene.at(10, 13, 25))]
        site = play(exchange(6_200, new_kwh, 10, others=restarts))
        assert_only_what_was_counted(site, U32_WH, 6_200, 10)


# ---- told by people afterwards


def typed(old_kwh: float, minutes: int, typed_kwh: float, *, when: int = HOUR, new_kwh: float = 0) -> Life:
    """As ``exchange``; both indexes are typed later, the last one higher by ``typed_kwh`` than it was."""
    scene = Scene()
    begin, end = scene.at(10, 3), scene.at(10, 3) + minutes * MINUTE
    changed = (begin + end) // 2
    last_m = round(old_kwh * KWH) + (changed - scene.start_ms) // 1000 * 1000 + round(typed_kwh * KWH)
    act = Replaced(end + when, changed, last_m, round(new_kwh * KWH), refused=typed_kwh > 0)
    return exchange(old_kwh, new_kwh, minutes, others=(act,))


@pytest.mark.parametrize("minutes", [10, 47])
def test_17_an_exchange_told_afterwards_adds_what_nobody_saw(play, minutes):
    site = play(typed(6_200, minutes, 0))
    assert site.refusals == []
    assert site.days() == pytest.approx(4 * 3600_000, abs=20_000)
    assert "meter_replaced" in site.events() and site.complaints() == []


@pytest.mark.parametrize("higher_wh", [300, 2_000])
def test_17_one_that_was_taken_for_a_climb_is_undone_where_it_was_spread(play, higher_wh):
    """The new meter shows no more than the old one could have come to."""
    taken_wh = 2 * 3600 + 180 + 47 * 30  # by the old one, until it is gone
    new_kwh = 6_200 + (taken_wh + higher_wh) / 1000
    site = play(typed(6_200, 47, 0, new_kwh=new_kwh))
    assert site.refusals == []
    assert site.days() == pytest.approx(4 * 3600_000, abs=20_000)
    assert site.complaints() == []


@pytest.mark.parametrize("typed_kwh", [400, 40])
def test_18_a_last_index_that_the_meter_cannot_have_reached_is_asked_back(play, typed_kwh):
    site = play(typed(6_200, 10, typed_kwh))
    assert site.refusals == ["meter_index_high"]
    assert_only_what_was_counted(site, U32_WH, 6_200, 10)


@pytest.mark.parametrize("was_read", [False, True])
def test_24_an_exchange_after_ninety_days_of_silence_is_booked_by_hours(play, was_read):
    """It is told while nobody answers, or after the new meter was read for an hour."""
    scene = Scene(interval_s=60)
    begin, end = scene.at(10, 23), scene.at(10, 23) + 90 * 24 * HOUR
    changed = begin + 40 * 24 * HOUR if was_read else end - 10 * MINUTE
    last_m = round(1_234 * KWH) + (changed - scene.start_ms) // 1000 * 1000
    act = Replaced(end + HOUR if was_read else end - 5 * MINUTE, changed, last_m, 0)
    happenings = [Silence(begin, end), OtherMeter(changed, 0), act]
    hours = 90 * 24 + 5
    site = play(scene.life("ninety days", round(1_234 * KWH), happenings, hours=hours))
    assert site.refusals == [] and "meter_replaced" in site.events()
    assert site.days(92) == pytest.approx(hours * 3600_000, abs=40_000)
    assert len(site.slots()) < 90 * 24 + 5 * 60 + 120
    assert {0 <= value_n <= 3_660_000 for value_n, _ in site.hours(LAST_DAY)} == {True} and site.complaints() == []
