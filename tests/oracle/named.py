"""The lives that a table of the trade's accidents names, by its numbers; each can be played in any scene.

Where a line speaks of its own register (14, 15, 16 …) the scene changes all the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.oracle.flow import Flow
from tests.oracle.life import (
    ClockOff,
    Edit,
    Fallback,
    Happening,
    Life,
    OtherMeter,
    Rate,
    Replaced,
    Silence,
    Wrong,
)
from tests.oracle.register import Register
from tests.oracle.scene import DAY, HOUR, KW, KWH, MINUTE, Scene

EXCHANGE = (("exchange", "reset"),)
GLITCH = (("glitch",),)
EDITED = (("rebased",),)
Line = Callable[[Scene], Life]


@dataclass(frozen=True, slots=True)
class Named:
    """One line of the table, or a kind of it. ``number`` is the table's."""

    number: int
    name: str
    play: Line


def _exchange(old: float, new: float, minutes: int, *, typed: float | None = None) -> Line:
    """Silence, and another meter answers afterwards; ``typed``: by how many kWh the last index is too high."""

    def play(scene: Scene) -> Life:
        begin, end = scene.at(10, 3), scene.at(10, 3) + scene.outage(minutes)
        changed = (begin + end) // 2
        first_m, other_m = scene.index(old), scene.index(new) if new < old else round(new * KWH)
        happenings: list[Happening] = [Silence(begin, end), OtherMeter(changed, other_m)]
        reports = EXCHANGE
        if typed is not None:
            last_m = first_m + scene.taken(scene.start_ms, changed) + round(typed * KWH)
            last_m -= last_m % scene.register.step_m
            refused = typed > 0
            happenings.append(Replaced(end + 2 * HOUR, changed, last_m, other_m, refused))
            reports += (("refused",),) if refused else ()
        return scene.life("", first_m, happenings, hours=6 + 2 * scene.outage(minutes) / HOUR, reports=reports)

    return play


def _wrong_after(old: float, minutes: int, how: str, kwh: int = 0) -> Line:
    """Silence, then one wrong answer, then all is as before."""

    def play(scene: Scene) -> Life:
        begin, end = scene.at(10, 3), scene.at(10, 3) + scene.outage(minutes)
        wrong = Wrong(end, how, kwh if scene.register.is_float else kwh * KWH // scene.register.step_m)
        return scene.life("", scene.index(old), [Silence(begin, end), wrong], reports=GLITCH)

    return play


def _zeros_then_silence(scene: Scene) -> Life:
    begin = scene.at(10)
    silent = begin + 3 * scene.poll_ms
    happenings = [Wrong(begin, "zero", until_ms=silent), Silence(silent, silent + scene.outage(30))]
    return scene.life("", scene.index(2_000), happenings)


def _reset_then_wrong(new_m: int, hours: int, kwh: int) -> Line:
    """Another index is there, and hours later one answer shows a third one."""

    def play(scene: Scene) -> Life:
        step_m = scene.register.step_m
        wrong = Wrong(scene.at(9 + hours, 5), "count", kwh if scene.register.is_float else scene.index(kwh) // step_m)
        changed = OtherMeter(scene.at(9, 5, 3), new_m)
        return scene.life("", scene.index(5_000), [changed, wrong], hours=hours + 3, reports=EXCHANGE + GLITCH)

    return play


def _noise(how: str, share: int) -> Line:
    def play(scene: Scene) -> Life:
        noise = Wrong(scene.at(9), how, until_ms=scene.at(21), share=share, seed=scene.seed)
        return scene.life("", scene.index(5_000), [noise], hours=14)

    return play


def _coarse(scene: Scene) -> Life:
    """A register of 1 kWh (a MWh where the consumer is that strong) at 256 reads 320 once."""
    scene = replace(scene, register=replace(scene.register, type="u32", step_m=KWH, digits=0))
    return scene.life("", 256 * KWH, [Wrong(scene.at(10, 7), "shift", 64)], reports=GLITCH)


def _edit(what: str, kwh: float, step: tuple[int, int] = (1, 1), other: float | None = None) -> Line:
    """An edit in the middle of a slot; ``step``: what a count is worth before and after, ``other``: another counter."""

    def play(scene: Scene) -> Life:
        register = Register("u32", 1000)
        after = replace(register, step_m=register.step_m * step[1] // step[0])
        edit = Edit(scene.at(10, 3, 7), what, after, None if other is None else round(other * KWH))
        scene = replace(scene, rated_m=scene.rated_m * max(1, step[1] // step[0]))  # which carries it in any terms
        return scene.life("", round(kwh * KWH), [edit], register=register, reports=EDITED)

    return play


def _words(before: str, after: str) -> Line:
    """The number of words is put right: what was read until then was another thing."""

    def play(scene: Scene) -> Life:
        edit = Edit(scene.at(10, 3, 7), "words", Register(after, 1000), 731 * KWH)
        return scene.life("", 40 * KWH, [edit], register=Register(before, 1000), reports=EDITED)

    return play


def _rolls(register: Register, rate_kw: int = 0, minutes: int = 10, fluid: str = "") -> Line:
    """Over the top, in an outage of so many minutes or without one."""

    def play(scene: Scene) -> Life:
        scene = replace(scene, register=register, fluid=fluid or scene.fluid)
        if rate_kw:  # a circuit that carries so much is known to whoever installs it
            scene = replace(scene, rate_m=rate_kw * KW, rated_m=2 * rate_kw * KW)
        begin, end = scene.at(10, 3), scene.at(10, 3) + scene.outage(minutes)
        silences = [Silence(begin, end)] if minutes else []
        reports = (("roll-over",),) if register.named else (("reset", "exchange"),)
        return scene.life("", scene.before_wrap((begin + end) // 2), silences, reports=reports)

    return play


def _falling(named: bool) -> Line:
    def play(scene: Scene) -> Life:
        register = Register("s32", 100_000, falls=True, named=named)
        flow = Flow(((scene.start_ms, 3 * KW),))
        reports = () if named else (("falling", "dip"),)
        return scene.life("", 987_100_000, hours=24, flow=flow, register=register, reports=reports)

    return play


def _rate_changed(scene: Scene) -> Life:
    scene = replace(scene, interval_s=60)
    return scene.life("", scene.index(1_234), [Rate(scene.at(10, 23), 3600)], hours=6)


def _long_silence(scene: Scene) -> Life:
    scene = replace(scene, interval_s=60)
    begin, end = scene.at(10, 23), scene.at(10, 23) + 90 * DAY
    changed = begin + 40 * DAY
    first_m = round(1_234 * KWH)
    last_m = first_m + scene.taken(scene.start_ms, changed)
    happenings = [
        Silence(begin, end),
        OtherMeter(changed, 0),
        Replaced(end + HOUR, changed, last_m - last_m % 1000, 0),
    ]
    return scene.life("", first_m, happenings, hours=90 * 24 + 8, register=Register("u32", 1000))


def _dusk(how: str) -> Line:
    """An inverter shows nonsense at dusk, sleeps all night and goes on in the morning where it was."""

    def play(scene: Scene) -> Life:
        dusk, dawn = scene.at(21), scene.at(30, 30)
        off = dusk + 4 * MINUTE
        flow = Flow(
            ((scene.start_ms, scene.rate_m), (dusk - HOUR, scene.rate_m // 20), (dusk, 0), (dawn, scene.rate_m // 10))
        )
        happenings = [Wrong(dusk + MINUTE, how, until_ms=off), Silence(off, dawn + 2 * MINUTE)]
        return scene.life("", scene.index(4_321), happenings, hours=28, flow=flow)

    return play


def _forgetful(kwh: float, lost: float, minutes: int, fluid: str, step_m: int) -> Line:
    """A power cut: the meter had not saved its last counts."""

    def play(scene: Scene) -> Life:
        scene = replace(scene, register=Register("u32", step_m), fluid=fluid)
        cut = scene.at(10, 3)
        back = cut + scene.outage(minutes)
        flow = Flow(((scene.start_ms, scene.rate_m), (cut, 0), (back, scene.rate_m)))
        first_m = round(kwh * KWH) - scene.taken(scene.start_ms, cut)
        lost_m = round(lost * KWH)
        return scene.life(
            "",
            first_m,
            [Silence(cut, back), Fallback(back, lost_m)],
            flow=flow,
            reports=(("dip", "exchange", "reset"),),
        )

    return play


def _trembling(kwh: float) -> Line:
    def play(scene: Scene) -> Life:
        dips = Wrong(scene.at(8, 5), "shift", -2, until_ms=scene.at(13, 30), share=30, seed=scene.seed)
        return scene.life("", scene.index(kwh), [dips])

    return play


def _clock_ahead(scene: Scene) -> Life:
    off = ClockOff(scene.at(10, 3), scene.at(10, 23), DAY)
    return scene.life("", scene.index(1_234), [off], hours=30, flow=Flow(((scene.start_ms, KW),)))


def _outage(minutes: int) -> Line:
    def play(scene: Scene) -> Life:
        begin = scene.at(10, 3)
        happenings = [Silence(begin, begin + scene.outage(minutes))]
        return scene.life("", scene.index(1_234), happenings, reports=(("gap",),))

    return play


_MANY_2500 = Register("u32", 2_500)
_EIGHT_DIGITS = Register("u32", 5_000, digits=8)
_CUBIC = Register("u32", 1_000, digits=7)
_MEGA = Register("u32", 1_000 * KWH, digits=5)

LINES: tuple[Named, ...] = (
    Named(1, "a new meter at 0 after 10 min", _exchange(6_200, 0, 10)),
    Named(2, "a new meter at 0.2 kWh after 50 min", _exchange(40_000, 0.2, 50)),
    Named(3, "an index of 999,700 kWh is 0 after 5 min", _exchange(999_700, 0, 5)),
    Named(4, "one answer of 0 after 10 min", _wrong_after(6_200, 10, "zero")),
    Named(5, "one answer 600 kWh too high after 10 min", _wrong_after(5_000, 10, "shift", 600)),
    Named(6, "a used meter at 1,500 kWh after 30 min", _exchange(81_234, 1_500, 30)),
    Named(7, "three zeros, then 30 min of silence", _zeros_then_silence),
    Named(8, "a reset, and one old index four hours later", _reset_then_wrong(0, 4, 20_000)),
    Named(9, "an exchange, and one wrong index an hour later", _reset_then_wrong(0, 1, 6_500)),
    Named(10, "a turned bit in 2 % of the answers", _noise("any bit", 20)),
    Named(10, "a third of the answers is any number", _noise("any number", 333)),
    Named(11, "256 reads 320 once", _coarse),
    Named(12, "factor 1 to 10", _edit("factor", 60, (1, 10))),
    Named(13, "another meter's address, higher", _edit("address", 500, other=900)),
    Named(13, "another meter's address, lower", _edit("address", 500, other=120)),
    Named(13, "another register", _edit("register", 500, other=731)),
    Named(13, "one word becomes two", _words("u16", "u32")),
    Named(13, "two words become four", _words("u32", "u64")),
    Named(13, "the weight of a pulse", _edit("weight", 60, (10, 1))),
    Named(13, "supply", _edit("supply", 500, other=500.4)),
    Named(13, "gateway", _edit("gateway", 500, other=40_000)),
    Named(13, "model", _edit("model", 500, other=4.7)),
    Named(13, "current transformer", _edit("ct", 60, (1, 5))),
    Named(14, "u16 of 20 Wh rolls over in 10 min", _rolls(Register("u16", 20_000))),
    Named(15, "2^32 of 2.5 Wh", _rolls(_MANY_2500)),
    Named(15, "10^8 of 5 dm3", _rolls(_EIGHT_DIGITS, fluid="water")),
    Named(15, "9,999.999 m3", _rolls(_CUBIC, fluid="water")),
    Named(15, "five digits of 1 MWh", _rolls(_MEGA, 3_600, fluid="electricity")),
    Named(15, "2^32 of 2.5 Wh without an outage", _rolls(_MANY_2500, minutes=0)),
    Named(15, "10^8 of 5 dm3, not named", _rolls(replace(_EIGHT_DIGITS, named=False), fluid="water")),
    Named(15, "9,999.999 m3, not named", _rolls(replace(_CUBIC, named=False), fluid="water")),
    Named(16, "export falls and the map knows", _falling(True)),
    Named(16, "export falls and nobody knows", _falling(False)),
    Named(17, "an exchange that is declared afterwards", _exchange(6_200, 0, 10, typed=0)),
    Named(18, "a last index 400 kWh too high", _exchange(6_200, 0, 10, typed=400)),
    Named(23, "sample rate 1 to 60 min at 10:23", _rate_changed),
    Named(24, "an exchange after 90 days of silence", _long_silence),
    Named(28, "0 at dusk", _dusk("zero")),
    Named(28, "all bits at dusk", _dusk("ones")),
    Named(29, "4,321.4 kWh is 4,321.1 after 15 min", _forgetful(4_321.4, 0.3, 15, "electricity", 1000)),
    Named(29, "4,321.4 kWh is 4,321.1 after an hour", _forgetful(4_321.4, 0.3, 60, "electricity", 100_000)),
    Named(29, "812.345 m3 of water is 812.300", _forgetful(812.345, 0.045, 15, "water", 1000)),
    Named(29, "812.345 m3 of gas is 812.300", _forgetful(812.345, 0.045, 60, "gas", 1000)),
    Named(30, "two counts back now and then at 9.3 kWh", _trembling(9.3)),
    Named(30, "two counts back now and then at 20,303 kWh", _trembling(20_303)),
    Named(31, "the clock a day ahead for 20 min", _clock_ahead),
    Named(33, "an outage", _outage(47)),
)


def named_life(line: Named, scene: Scene | None = None) -> Life:
    """A line as the table has it, or in another scene."""
    return replace(line.play(scene or Scene()), name=f"{line.number:02} {line.name}")


LIVES = {life.name: life for life in map(named_life, LINES)}
