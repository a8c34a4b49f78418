"""Two accidents at once, in any scene: a counter while another thing goes on, or while its server is started anew."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.oracle.crowded import CROWDED, Cross
from tests.oracle.generator import fitting_scene
from tests.oracle.life import Edit, Fallback, Happening, Life, OtherMeter, Restart, Silence, Wrong
from tests.oracle.register import Register
from tests.oracle.scene import HOUR, KWH, MINUTE, SECOND, Scene

WHOLE = (Register("u32", 1000), Register("u32", 10_000), Register("u32", 100_000), Register("u64", 1000))


def _restart_in_a_jump(scene: Scene, random: Random) -> list[Happening]:
    at = scene.at(10, 3, 7)
    return [OtherMeter(at, 200), Restart(at + random.randrange(5 * SECOND, 4 * scene.poll_ms))]


def _restart_in_an_outage(scene: Scene, random: Random) -> list[Happening]:
    begin, end = scene.at(10, 3), scene.at(10, 3) + random.choice([2, 10, 47, 200]) * MINUTE
    return [Silence(begin, end), Restart(random.randrange(begin, end))]


def _restart_after_an_outage_and_a_wrong_answer(scene: Scene, random: Random) -> list[Happening]:
    begin, end = scene.at(10, 3), scene.at(10, 3) + random.choice([10, 47]) * MINUTE
    wrong = Wrong(end, random.choice(["zero", "ones", "any number"]), seed=random.randrange(1 << 30))
    return [Silence(begin, end), wrong, Restart(end + random.randrange(1, 3 * scene.poll_ms))]


def _exchange_and_restart_in_an_outage(scene: Scene, random: Random) -> list[Happening]:
    begin, end = scene.at(10, 3), scene.at(10, 3) + random.choice([10, 47]) * MINUTE
    return [Silence(begin, end), OtherMeter((begin + end) // 2, 0), Restart(random.randrange(begin, end))]


def _edit_in_an_outage(scene: Scene, random: Random) -> list[Happening]:
    begin, end = scene.at(10, 3), scene.at(10, 3) + random.choice([10, 47]) * MINUTE
    return [Silence(begin, end), Edit(random.randrange(begin, end), "address", scene.register, 900 * KWH)]


def _two_edits(scene: Scene, random: Random) -> list[Happening]:
    at = scene.at(10, 3, 7)
    apart = random.choice([20 * MINUTE, 61 * MINUTE])
    return [Edit(at, "address", scene.register, 900 * KWH), Edit(at + apart, "register", scene.register, 120 * KWH)]


def _edit_and_wrong_answer(scene: Scene, random: Random) -> list[Happening]:
    at = scene.at(10, 3, 7)
    wrong = Wrong(at + HOUR, random.choice(["zero", "ones"]), answers=random.choice([1, 2]))
    return [Edit(at, "gateway", scene.register, 900 * KWH), wrong]


def _forgets_and_is_started_anew(scene: Scene, random: Random) -> list[Happening]:
    begin, end = scene.at(10, 3), scene.at(10, 3) + random.choice([4, 15, 60]) * MINUTE
    back = Fallback(end, 2 * scene.register.step_m)
    return [Silence(begin, end), back, Restart(end + random.randrange(1, 5 * scene.poll_ms))]


def _two_outages_and_an_exchange(scene: Scene, random: Random) -> list[Happening]:
    begin, end = scene.at(10, 3), scene.at(10, 13)
    again = end + 40 * SECOND + random.choice([4, 6, 9]) * scene.poll_ms
    return [Silence(begin, end), Silence(again, again + 10 * MINUTE), OtherMeter(again + 5 * MINUTE, 0)]


CROSSES: dict[str, Cross] = {
    each.__name__.strip("_"): each
    for each in (
        _restart_in_a_jump, _restart_in_an_outage, _restart_after_an_outage_and_a_wrong_answer,
        _exchange_and_restart_in_an_outage, _edit_in_an_outage, _two_edits, _edit_and_wrong_answer,
        _forgets_and_is_started_anew, _two_outages_and_an_exchange,
    )
} | CROWDED  # fmt: skip


def crossed(name: str, random: Random) -> Life:
    """A life of one of ``CROSSES``; its index is far from 0 and from where a register begins anew."""
    scene = replace(fitting_scene(random), register=random.choice(WHOLE))
    return scene.life(name, 6_200 * KWH, CROSSES[name](scene, random), hours=8)
