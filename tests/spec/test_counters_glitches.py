"""What was misread leaves nothing behind: not a Wh more or less, whenever and however often it comes.

Lines 4, 5, 7, 8, 9, 10, 11, 28, 30 of the table of what an index may do (docs/history.md), on a socket. The consumer
takes 3.6 kW without a pause, a Wh each second, from 8 o'clock on.
"""

from __future__ import annotations

import pytest

from tests.oracle.flow import Flow
from tests.oracle.life import Life, OtherMeter, Restart, Silence, Wrong
from tests.oracle.register import Register
from tests.oracle.scene import HOUR, KW, KWH, MINUTE, Scene
from tests.soak import FULL
from tests.spec.counterwire import wired

U32_WH = Register("u32", 1000)
KINDS = {
    "Wh in 32 bit": U32_WH,
    "Wh in 64 bit": Register("u64", 1000),
    "10 Wh in 32 bit": Register("u32", 10_000),
    "0.1 kWh in 32 bit": Register("u32", 100_000),
    "10 Wh of eight digits": Register("u32", 10_000, digits=8),
    "kWh as a real number": Register("f32"),
    "kWh as a long real number": Register("f64"),
    "Wh with a sign": Register("s32", 1000),
}


@pytest.fixture
def play(tmp_path):
    with wired(tmp_path) as plays:
        yield plays


def counts(register: Register, kwh: float) -> int:
    return round(kwh) if register.is_float else round(kwh * KWH) // register.step_m


def grain_m(register: Register, kwh: float) -> float:
    return kwh * KWH * 2.0**-22 + 1 if register.is_float else register.step_m


def assert_exact(site, hours: float, register: Register = U32_WH, kwh: float = 0, *, days: int = 1) -> None:
    """All that was taken between the first and the last poll, to the meter's own step."""
    step_m = grain_m(register, kwh)
    taken_m = hours * 3600_000
    assert taken_m - 22_000 - 2 * step_m <= site.days(days) <= taken_m + step_m
    assert site.impossible(1000, 2 * step_m + 25_000) == []
    assert site.complaints() == [] and site.differences() == []


def one_wrong(old_kwh: float, how: str, value: int, register: Register, *, minutes: int = 10, others=()) -> Life:
    """Silence from 10:03 on, then one wrong answer, then all is as before; without a silence it comes as it is."""
    scene = Scene(register)
    begin = scene.at(10, 3)
    end = begin + minutes * MINUTE
    silences = [Silence(begin, end)] if minutes else []
    return scene.life("one wrong", round(old_kwh * KWH), [*silences, Wrong(end, how, value), *others], hours=4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("minutes", [0, 10, 90])
def test_04_one_answer_of_0_after_a_silence(play, kind, minutes):
    site = play(one_wrong(6_200, "zero", 0, KINDS[kind], minutes=minutes))
    assert_exact(site, 4, KINDS[kind], 6_200)
    assert "counter_glitch" in site.events()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kwh", [600, 3, -600])
def test_05_one_answer_that_is_off_after_a_silence(play, kind, kwh):
    site = play(one_wrong(5_000, "shift", counts(KINDS[kind], kwh), KINDS[kind]))
    assert_exact(site, 4, KINDS[kind], 5_600)


@pytest.mark.parametrize("seconds", [4, 14, 24])
@pytest.mark.parametrize("how", ["zero", "ones"])
def test_04_and_05_a_restart_while_it_is_not_agreed(play, how, seconds):
    scene = Scene()
    restart = Restart(scene.at(10, 13, seconds))
    site = play(one_wrong(6_200, how, 0, U32_WH, others=[restart]))
    assert_exact(site, 4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("zeros", [3, 12])
def test_07_zeros_then_a_silence_then_as_before(play, kind, zeros):
    scene = Scene(KINDS[kind])
    begin = scene.at(10)
    silent = begin + zeros * 10_000
    happenings = [Wrong(begin, "zero", until_ms=silent), Silence(silent, silent + 30 * MINUTE)]
    site = play(scene.life("zeros", 2_000 * KWH, happenings, hours=4))
    assert_exact(site, 4, KINDS[kind], 2_000)


@pytest.mark.parametrize("silent_minutes", [0, 30])
def test_07_zeros_for_half_an_hour_or_before_and_after_a_silence_lie_in_no_slot_as_one(play, silent_minutes):
    scene = Scene()
    begin, end = scene.at(10, 0, 30), scene.at(10, 32)
    silences = [Silence(begin + MINUTE, begin + MINUTE + silent_minutes * MINUTE)] if silent_minutes else []
    site = play(scene.life("zeros", 2_000 * KWH, [Wrong(begin, "zero", until_ms=end), *silences], hours=4))
    assert_exact(site, 4)
    assert "counter_returned" in site.events()
    assert site.complaints() == [] and site.overlapping() == []


@pytest.mark.parametrize(("old_kwh", "hours", "wrong_kwh"), [(5_000, 4, 20_000), (5_000, 4, 5_001), (700, 2, 900)])
def test_08_an_old_or_foreign_index_long_after_a_reset(play, old_kwh, hours, wrong_kwh):
    scene = Scene()
    reset, wrong = OtherMeter(scene.at(9, 5, 3), 0), Wrong(scene.at(9 + hours, 5), "count", wrong_kwh * 1000)
    site = play(scene.life("reset", old_kwh * KWH, [reset, wrong], hours=hours + 3))
    assert_exact(site, hours + 3)
    assert [code for code in site.events() if code != "counter_glitch"] == ["counter_reset"]


@pytest.mark.parametrize("wrong_kwh", [6_500, 5_008, 0])
def test_09_a_wrong_index_an_hour_after_an_exchange(play, wrong_kwh):
    scene = Scene()
    other, wrong = OtherMeter(scene.at(9, 5, 3), 31 * KWH), Wrong(scene.at(10, 5), "count", wrong_kwh * 1000)
    site = play(scene.life("exchange", 5_000 * KWH, [other, wrong], hours=4))
    assert_exact(site, 4)
    assert site.events() == ["counter_exchanged", "counter_glitch"]


NOISE_H, WHOLE_H = (12, 13) if FULL else (1.2, 2)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("how", "share"), [("any bit", 20), ("any number", 333)])
def test_10_noise_for_half_a_day(play, kind, how, share, seed):
    """A turned bit in 2 % of the answers; any number in each third: no phantom, not a Wh."""
    scene = Scene(KINDS[kind], seed=seed)
    begin = scene.at(8, 30)
    noise = Wrong(begin, how, until_ms=begin + round(NOISE_H * HOUR), share=share, seed=seed)
    site = play(scene.life("noise", 5_000 * KWH, [noise], hours=WHOLE_H))
    assert_exact(site, WHOLE_H, KINDS[kind], 5_000)


@pytest.mark.parametrize("index", [256, 4_096, 255])
@pytest.mark.parametrize("bit", [6, 4])
@pytest.mark.parametrize("kwh_a_count", [1, 10])
def test_11_a_coarse_register_is_misread_once(play, index, bit, kwh_a_count):
    scene = Scene(Register("u32", kwh_a_count * KWH))
    wrong = Wrong(scene.at(10, 7), "shift", 1 << bit)
    site = play(scene.life("coarse", index * kwh_a_count * KWH, [wrong], hours=6))
    assert site.days() in (21_600_000 // KWH // kwh_a_count * kwh_a_count * KWH, 21_000_000)
    assert site.events() == ["counter_glitch"] and site.differences() == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["zero", "ones"])
@pytest.mark.parametrize("minutes", [4])
def test_28_an_inverter_shows_nonsense_at_dusk_and_sleeps_all_night(play, kind, how, minutes):
    register = KINDS[kind]
    scene = Scene(register)
    dusk, dawn = scene.at(21), scene.at(30, 30)
    off = dusk + minutes * MINUTE
    flow = Flow(((scene.start_ms, 3_600_000), (dusk - HOUR, KW // 10), (dusk, 0), (dawn, KW // 10)))
    happenings = [Wrong(dusk + MINUTE, how, until_ms=off), Silence(off, dawn + 2 * MINUTE)]
    site = play(scene.life("dusk", 4_321 * KWH, happenings, hours=24.5, flow=flow))
    made_m = 12 * 3_600_000 + 100_000 + 200_000
    slack_m = 2 * grain_m(register, 4_321) + 12_000
    assert made_m - slack_m <= site.days(2) <= made_m + slack_m
    assert site.impossible(1000, slack_m) == [] and site.complaints() == [] and site.differences() == []


@pytest.mark.parametrize("kind", ["Wh in 32 bit", "Wh in 64 bit", "10 Wh in 32 bit", "Wh with a sign"])
@pytest.mark.parametrize("kwh", [9.3, 20_303])
@pytest.mark.parametrize("steps", [-1, -2])
def test_30_an_index_that_steps_back_a_little_now_and_then(play, kind, kwh, steps):
    register = KINDS[kind]
    scene = Scene(register, seed=3)
    dips = Wrong(scene.at(8, 5), "shift", steps, until_ms=scene.at(11, 30), share=30, seed=5)
    site = play(scene.life("trembling", round(kwh * KWH), [dips], hours=4))
    assert_exact(site, 4, register, kwh)
    assert not {"counter_exchanged", "counter_reset", "counter_returned"} & set(site.events())
