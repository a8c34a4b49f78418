from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from runtime.core.sample.en50160 import QUANTITIES, check, last_week, means

PARIS = ZoneInfo("Europe/Paris")
WEEK = last_week(int(datetime(2026, 11, 20, 13, tzinfo=UTC).timestamp()), PARIS)
INTERVALS = 1008
GOOD = {"voltage_l1_v": 230.0, "thd_voltage_l1_pct": 2.0, "frequency_hz": 50.0}


def lasting(value, bad=0, to=0.0, step_s=600, week=WEEK):
    """A week of samples of ``value``, the first ones of them ``to``."""
    times = range(week[0], week[1], step_s)
    return [(ts, ts + step_s, to if number < bad else value) for number, ts in enumerate(times)]


def judged(week=WEEK, recorded=QUANTITIES, **changes):
    samples = {quantity: lasting(value, week=week) for quantity, value in GOOD.items()} | changes
    return check(week, samples, recorded)


def verdicts(made):
    return {row.id: row.verdict for row in made.rows}


def test_a_week_as_it_should_be():
    made = judged()
    assert (made.verdict, made.un_v) == ("ok", 230)
    assert {row.share_pct for row in made.rows} == {100}
    assert set(verdicts(made).values()) == {"ok"}


@pytest.mark.parametrize(
    ("quantity", "value", "most", "broken"),
    [
        ("voltage_l1_v", 206.9, 50, "voltage_95"), ("voltage_l1_v", 195.4, 0, "voltage_100"),
        ("voltage_l1_v", 253.1, 0, "voltage_100"), ("thd_voltage_l1_pct", 8.1, 50, "thd_95"),
        ("frequency_hz", 49.4, 5, "frequency_995"), ("frequency_hz", 52.1, 0, "frequency_100"),
    ],
)  # fmt: skip
def test_as_many_may_be_outside_and_not_one_more(quantity, value, most, broken):
    just = judged(**{quantity: lasting(GOOD[quantity], most, value)})
    over = judged(**{quantity: lasting(GOOD[quantity], most + 1, value)})
    assert (just.verdict, over.verdict) == ("ok", "ko")
    assert verdicts(over)[broken] == "ko" and verdicts(just)[broken] == "ok"
    share_pct = next(row.share_pct for row in over.rows if row.id == broken)
    assert share_pct == pytest.approx(100 * (INTERVALS - most - 1) / INTERVALS)


def test_limits_themselves_are_within():
    for volts in (207.0, 253.0):
        assert judged(voltage_l1_v=lasting(volts)).verdict == "ok"


def test_the_worst_phase_counts():
    assert judged(voltage_l2_v=lasting(230.0, 51, 200.0)).verdict == "ko"


@pytest.mark.parametrize(("missing", "verdict"), [(100, "ok"), (101, "no_data")])
def test_a_tenth_of_the_week_may_be_missing(missing, verdict):
    made = judged(voltage_l1_v=lasting(230.0)[missing:])
    assert made.verdict == verdict
    assert verdicts(made) == dict.fromkeys(verdicts(made), "ok") | {"voltage_95": verdict, "voltage_100": verdict}


def test_a_week_without_anything_is_not_judged():
    made = check(WEEK, {})
    assert (made.verdict, made.un_v) == ("no_data", 0)
    assert {row.share_pct for row in made.rows} == {None}


def test_what_is_not_recorded_is_told_and_does_not_hinder():
    recorded = ("voltage_l1_v", "thd_voltage_l1_pct")
    made = judged(recorded=recorded, frequency_hz=[])
    assert made.verdict == "ok"
    assert verdicts(made)["frequency_995"] == verdicts(made)["frequency_100"] == "not_recorded"
    assert judged(recorded=("frequency_hz",), voltage_l1_v=[]).verdict == "no_data"


@pytest.mark.parametrize(("month", "day", "intervals"), [(3, 30, 1002), (10, 26, 1014)])
def test_weeks_in_which_the_clock_changes_are_whole_local_weeks(month, day, intervals):
    week = last_week(int(datetime(2026, month, day, 12, tzinfo=UTC).timestamp()), PARIS)
    assert [datetime.fromtimestamp(ts, PARIS).strftime("%a %H:%M") for ts in week] == ["Mon 00:00"] * 2
    assert (week[1] - week[0]) // 600 == intervals
    assert judged(week=week).verdict == "ok"


def test_a_week_ends_when_monday_begins():
    assert last_week(WEEK[1], PARIS) == WEEK
    assert last_week(WEEK[1] - 1, PARIS)[1] == WEEK[0]


def test_shorter_samples_are_put_together_and_longer_ones_refused():
    assert means([(0, 300, 200.0), (300, 600, 260.0), (600, 900, 231.0), (1200, 1380, 9.0)], 0) == {0: 230.0, 1: 231.0}
    assert judged(voltage_l1_v=lasting(230.0, step_s=300)).verdict == "ok"
    made = judged(voltage_l1_v=lasting(230.0, step_s=900))
    assert (made.verdict, made.rows) == ("interval_too_long", ())


def test_interruptions_and_phases_that_are_not_connected_are_left_out():
    made = judged(
        voltage_l1_v=lasting(230.0, 90), voltage_l2_v=lasting(0.0), thd_voltage_l2_pct=lasting(99.0),
        frequency_hz=lasting(50.0, 90), voltage_l3_v=[],
    )  # fmt: skip
    assert made.verdict == "ok"
    assert judged(voltage_l2_v=lasting(230.0, 90)).verdict == "ko"  # one phase alone is no interruption


@pytest.mark.parametrize(
    ("volts", "un_v", "verdict"), [(231.0, 230, "ok"), (258.0, 230, "ko"), (118.0, 120, "ok"), (404.0, 400, "ok")]
)
def test_the_nominal_voltage_is_never_one_that_hides_a_bad_network(volts, un_v, verdict):
    made = judged(voltage_l1_v=lasting(volts))
    assert (made.un_v, made.verdict) == (un_v, verdict)


def test_voltages_between_phases_stand_in_where_there_is_no_neutral():
    made = judged(voltage_l1_v=[], voltage_l12_v=lasting(398.0), thd_voltage_l1_pct=[], thd_voltage_l12_pct=lasting(3))
    assert (made.un_v, made.verdict) == (400, "ok")
