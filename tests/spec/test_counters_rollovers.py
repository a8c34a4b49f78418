"""A counter that begins anew, one that falls, one that forgot what it had not saved, and an outage of many counters.

Lines 14, 15, 16, 29, 33 of the table of what an index may do (docs/history.md), on a socket. The consumer takes 3.6 kW
from 8 o'clock on, a Wh each second, unless said.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.oracle.flow import Flow
from tests.oracle.life import Fallback, Restart, Silence
from tests.oracle.register import Register
from tests.oracle.scene import KW, KWH, MINUTE, Scene
from tests.spec.counterwire import wired

POLL_M = 22_000


@pytest.fixture
def play(tmp_path):
    with wired(tmp_path) as plays:
        yield plays


def over_the_top(register: Register, kw: float = 3.6, minutes: int = 10, fluid: str = "electricity", others=()):
    """It begins anew in the middle of a silence from 10:03 on, or at 10:08 without one."""
    rate_m = round(kw * KW)
    scene = Scene(register, rate_m, fluid=fluid, rated_m=2 * rate_m if kw > 100 else 0)
    begin = scene.at(10, 3)
    end = begin + (minutes or 10) * MINUTE
    silences = [Silence(begin, end)] if minutes else []
    return scene.life("over", scene.before_wrap((begin + end) // 2), [*silences, *others], hours=4)


U16_20_WH = Register("u16", 20_000)


@pytest.mark.parametrize("minutes", [0, 3, 10, 90])
@pytest.mark.parametrize("step_wh", [20, 10, 100])
def test_14_16_bits_begin_anew_in_an_outage(play, step_wh, minutes):
    site = play(over_the_top(replace(U16_20_WH, step_m=step_wh * 1000), minutes=minutes))
    assert 4 * 3600_000 - POLL_M - 2000 * step_wh <= site.days() <= 4 * 3600_000 + 1000 * step_wh
    assert "counter_rolled_over" in site.events() and site.complaints() == [] and site.differences() == []


def test_14_a_restart_in_the_outage_changes_nothing(play):
    scene = Scene()
    restarts = (Restart(scene.at(10, 7)), Restart(scene.at(10, 13, 15)))
    site = play(over_the_top(U16_20_WH, others=restarts))
    assert 4 * 3600_000 - POLL_M - 40_000 <= site.days() <= 4 * 3600_000 + 20_000
    assert site.events().count("counter_rolled_over") == 1 and site.differences() == []


KNOWN = {
    "2^32 of 2.5 Wh": (Register("u32", 2_500), 3.6, "electricity"),
    "2^32 of 0.1 Wh": (Register("u32", 100), 3.6, "electricity"),
    "10^8 of 5 dm3": (Register("u32", 5_000, digits=8), 3.6, "water"),
    "10^8 of 10 Wh": (Register("u32", 10_000, digits=8), 3.6, "electricity"),
    "9,999.999 m3": (Register("u32", 1_000, digits=7), 3.6, "water"),
    "99,999.99 m3 of gas": (Register("u32", 10_000, digits=7), 3.6, "gas"),
    "five digits of 1 MWh": (Register("u32", 1_000 * KWH, digits=5), 3_600, "electricity"),
    "twelve digits of a Wh in 64 bit": (Register("u64", 1_000, digits=12), 3.6, "electricity"),
}


@pytest.mark.parametrize("kind", KNOWN)
@pytest.mark.parametrize("minutes", [0, 10])
def test_15_a_roll_over_that_the_map_names_is_exact(play, kind, minutes):
    register, kw, fluid = KNOWN[kind]
    site = play(over_the_top(register, kw, minutes, fluid))
    taken_m = round(4 * kw * KWH)
    assert taken_m - POLL_M * kw / 3.6 - 2 * register.step_m <= site.days() <= taken_m + register.step_m
    assert site.events().count("counter_rolled_over") == 1
    assert site.complaints() == [] and site.differences() == []


@pytest.mark.parametrize("step_dm3", [1, 10])
@pytest.mark.parametrize("digits", [7, 6])
def test_15_one_that_nobody_names_is_a_reset(play, step_dm3, digits):
    site = play(over_the_top(Register("u32", step_dm3 * 1000, digits, named=False), fluid="water"))
    assert 4 * 3600_000 - 600_000 - 60_000 <= site.days() <= 4 * 3600_000
    assert {"counter_reset", "counter_exchanged"} & set(site.events())
    assert "counter_rolled_over" not in site.events() and site.differences() == []


def falling(*, named: bool, step_m: int = 100_000, kw: float = 3, type: str = "s32", hours: int = 24):
    scene = Scene(Register(type, step_m, falls=True, named=named))
    flow = Flow(((scene.start_ms, round(kw * KW)),))
    return scene.life("export", 987_100_000, hours=hours, flow=flow, register=scene.register)


@pytest.mark.parametrize(("step_m", "kw", "type"), [(100_000, 3, "s32"), (1_000, 0.4, "s64"), (10_000, 30, "s32")])
def test_16_an_export_that_falls_is_counted_where_the_map_says_so(play, step_m, kw, type):
    site = play(falling(named=True, step_m=step_m, kw=kw, type=type))
    assert site.total_m() == pytest.approx(24 * kw * KWH, abs=2 * step_m + kw * 6_000)
    assert site.events() == [] and site.differences() == []


@pytest.mark.parametrize(("step_m", "kw"), [(100_000, 3), (1_000, 0.4), (10_000, 30)])
def test_16_else_nothing_is_booked_and_the_event_says_why(play, step_m, kw):
    site = play(falling(named=False, step_m=step_m, kw=kw, hours=12))
    assert site.total_m() == 0
    assert "counter_falling" in site.events() and "counter_rolled_over" not in site.events()
    assert len(site.events()) <= 8


FORGOT = {
    "4,321.4 kWh is 4,321.1": (4_321.4, 0.3, "electricity", Register("u32", 1_000)),
    "4,321.4 kWh is 4,321.1 by tenths": (4_321.4, 0.3, "electricity", Register("u32", 100_000)),
    "4,321.4 kWh is 4,321.1 as a real number": (4_321.4, 0.3, "electricity", Register("f64")),
    "40 kWh is 38.9": (40.0, 1.1, "electricity", Register("u32", 10_000)),
    "812.345 m3 of water is 812.300": (812.345, 0.045, "water", Register("u32", 1_000)),
    "812.345 m3 of gas is 812.300": (812.345, 0.045, "gas", Register("u32", 1_000)),
    "9.9 m3 of gas is 9.2": (9.9, 0.7, "gas", Register("u32", 10_000)),
}


@pytest.mark.parametrize("kind", FORGOT)
@pytest.mark.parametrize("minutes", [3, 15, 60])
def test_29_what_a_meter_had_not_saved_is_not_booked_again(play, kind, minutes):
    """A power cut at 10:03: nothing flows, nobody answers, and the index is lower afterwards."""
    index, lost, fluid, register = FORGOT[kind]
    scene = Scene(register, fluid=fluid)
    cut = scene.at(10, 3)
    back = cut + minutes * MINUTE
    flow = Flow(((scene.start_ms, scene.rate_m), (cut, 0), (back, scene.rate_m)))
    first_m = round(index * KWH) - scene.taken(scene.start_ms, cut)
    happenings = [Silence(cut, back), Fallback(back, round(lost * KWH))]
    site = play(scene.life("forgot", first_m, happenings, hours=4, flow=flow))
    taken_m = (4 * 60 - minutes) * MINUTE
    slack_m = 3 * POLL_M + 2 * register.step_m
    assert taken_m - lost * KWH - slack_m <= site.days() <= taken_m + register.step_m
    assert site.impossible(1000, slack_m) == [] and site.complaints() == [] and site.differences() == []
    assert not {"counter_exchanged", "counter_rolled_over", "counter_returned"} & set(site.events())
