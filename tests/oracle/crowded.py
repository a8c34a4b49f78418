"""Accidents that come one upon the other: before the books have settled after one, the next is there.

Each is a few lines, so that what is played can be read here. All begin about 10 o'clock of the scene.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.oracle.life import Edit, Fallback, Happening, OtherMeter, Rate, Restart, Silence, Wrong
from tests.oracle.scene import HOUR, KWH, MINUTE, SECOND, Scene

Cross = Callable[[Scene, Random], list[Happening]]
OTHER_M, THIRD_M, HIGHER_M = 900 * KWH, 120 * KWH, 81_234 * KWH  # indexes, where the first is at 6,200 kWh
INTERVALS_S = (60, 300, 900, 3600)


def _exchange_and_wrong_answer(scene: Scene, random: Random) -> list[Happening]:
    at = scene.at(10, 3, 7)
    return [OtherMeter(at, 200), _misread(at + random.randrange(4 * scene.poll_ms), random)]


def _exchange_in_an_outage_and_wrong_answer(scene: Scene, random: Random) -> list[Happening]:
    begin, end = _outage(scene, random)
    return [Silence(begin, end), OtherMeter((begin + end) // 2, random.choice([0, HIGHER_M])), _misread(end, random)]


def _exchange_for_a_higher_index(scene: Scene, random: Random) -> list[Happening]:
    return [OtherMeter(scene.at(10, 3, random.randrange(60)), HIGHER_M)]


def _two_exchanges(scene: Scene, random: Random) -> list[Happening]:
    at = scene.at(10, 3, 7)
    return [OtherMeter(at, OTHER_M), OtherMeter(at + random.choice([20, 61, 130]) * MINUTE, THIRD_M)]


def _two_exchanges_in_one_outage(scene: Scene, random: Random) -> list[Happening]:
    begin, end = _outage(scene, random, (10, 47))
    return [Silence(begin, end), OtherMeter(begin + 2 * MINUTE, OTHER_M), OtherMeter(end - 2 * MINUTE, THIRD_M)]


def _exchange_in_noise(scene: Scene, random: Random) -> list[Happening]:
    return [_noise(scene, random, 2, 50), OtherMeter(scene.at(11), THIRD_M)]


def _edit_in_noise(scene: Scene, random: Random) -> list[Happening]:
    return [_noise(scene, random, 2, 20), Edit(scene.at(11, 0, 7), "address", scene.register, THIRD_M)]


def _outage_in_noise(scene: Scene, random: Random) -> list[Happening]:
    begin = scene.at(11)
    return [_noise(scene, random, 3, 200), Silence(begin, begin + random.choice([2, 10, 47]) * MINUTE)]


def _other_rate_in_an_outage(scene: Scene, random: Random) -> list[Happening]:
    begin, end = _outage(scene, random)
    return [Silence(begin, end), Rate(random.randrange(begin, end), random.choice(INTERVALS_S))]


def _other_rate_in_a_jump(scene: Scene, random: Random) -> list[Happening]:
    at = scene.at(10, 3, 7)
    return [OtherMeter(at, 200), Rate(at + random.randrange(1, 4 * scene.poll_ms), random.choice(INTERVALS_S))]


def _forgets_twice(scene: Scene, random: Random) -> list[Happening]:
    begin, end = _outage(scene, random)
    again, back = end + HOUR, end + HOUR + random.choice([2, 10, 47]) * MINUTE
    lost_m = 2 * scene.register.step_m
    return [Silence(begin, end), Fallback(end, lost_m), Silence(again, back), Fallback(back, lost_m)]


def _forgets_and_is_exchanged(scene: Scene, random: Random) -> list[Happening]:
    begin, end = _outage(scene, random)
    changed = OtherMeter(end + random.choice([40, 90]) * MINUTE, THIRD_M)
    return [Silence(begin, end), Fallback(end, 2 * scene.register.step_m), changed]


def _wakes_with_zeros(scene: Scene, random: Random) -> list[Happening]:
    begin, end = _outage(scene, random)
    return [Silence(begin, end), Wrong(end, "zero", answers=random.choice([1, 2, 3, 5]))]


def _wakes_with_all_bits_and_a_restart(scene: Scene, random: Random) -> list[Happening]:
    begin, end = _outage(scene, random)
    woken = Wrong(end, "ones", answers=random.choice([1, 2, 3]))
    return [Silence(begin, end), woken, Restart(end + random.randrange(1, 5 * scene.poll_ms))]


def _wrong_before_and_after_an_outage(scene: Scene, random: Random) -> list[Happening]:
    begin, end = _outage(scene, random)
    return [_misread(begin - 2 * scene.poll_ms, random), Silence(begin, end), _misread(end, random)]


def _trembles_over_a_restart(scene: Scene, random: Random) -> list[Happening]:
    return [_trembling(scene, random, -2), Restart(scene.at(10, 30))]


def _trembles_over_an_outage(scene: Scene, random: Random) -> list[Happening]:
    begin, end = _outage(scene, random)
    return [_trembling(scene, random, random.choice([-2, -1])), Silence(begin, end)]


def _restarts_in_a_row(scene: Scene, random: Random) -> list[Happening]:
    apart = random.choice([20, 45, 120]) * SECOND
    return [Restart(scene.at(10, 3) + number * apart) for number in range(4)]


def _outages_in_a_row(scene: Scene, random: Random) -> list[Happening]:
    silences: list[Happening] = []
    at = scene.at(10, 3)
    for _ in range(6):
        end = at + random.choice([1, 2, 5]) * MINUTE
        silences.append(Silence(at, end))
        at = end + random.choice([3, 5, 12]) * scene.poll_ms
    return silences


def _edit_that_is_undone(scene: Scene, random: Random) -> list[Happening]:
    at, again = scene.at(10, 3, 7), scene.at(10, 3, 7) + random.choice([15, 61]) * MINUTE
    back = Edit(again, "address", scene.register, 6_210 * KWH)
    return [Edit(at, "address", scene.register, OTHER_M), back]


def _edit_and_first_answer_wrong(scene: Scene, random: Random) -> list[Happening]:
    at = scene.at(10, 3, 7)
    wrong = _misread(at + random.randrange(1, scene.poll_ms), random)
    return [Edit(at, "gateway", scene.register, OTHER_M), wrong]


def _zeros_for_long(scene: Scene, random: Random) -> list[Happening]:
    return [_elsewhere(scene, random)]


def _zeros_for_long_and_a_restart(scene: Scene, random: Random) -> list[Happening]:
    zeros = _elsewhere(scene, random)
    return [zeros, Restart(random.randrange(zeros.at_ms, zeros.until_ms + 3 * scene.poll_ms))]


def _zeros_before_and_after_an_outage(scene: Scene, random: Random) -> list[Happening]:
    begin, end = _outage(scene, random)
    zeros = Wrong(begin - 3 * scene.poll_ms, random.choice(["zero", "ones"]), until_ms=end + 4 * scene.poll_ms)
    return [zeros, Silence(begin, end)]


def _outage(scene: Scene, random: Random, minutes: tuple[int, ...] = (2, 10, 47)) -> tuple[int, int]:
    return scene.at(10, 3), scene.at(10, 3) + random.choice(minutes) * MINUTE


def _misread(at_ms: int, random: Random) -> Wrong:
    return Wrong(at_ms, random.choice(["zero", "ones"]))


def _noise(scene: Scene, random: Random, hours: int, share: int) -> Wrong:
    begin = scene.at(10)
    return Wrong(begin, "any number", until_ms=begin + hours * HOUR, share=share, seed=random.randrange(1 << 30))


def _trembling(scene: Scene, random: Random, counts: int) -> Wrong:
    begin = scene.at(9, 30)
    return Wrong(begin, "shift", counts, until_ms=begin + 2 * HOUR, share=100, seed=random.randrange(1 << 30))


def _elsewhere(scene: Scene, random: Random) -> Wrong:
    begin = scene.at(10, 3)
    return Wrong(begin, random.choice(["zero", "ones"]), until_ms=begin + random.choice([12, 30, 55]) * MINUTE)


CROWDED: dict[str, Cross] = {
    each.__name__.strip("_"): each
    for each in (
        _exchange_and_wrong_answer, _exchange_in_an_outage_and_wrong_answer, _exchange_for_a_higher_index,
        _two_exchanges, _two_exchanges_in_one_outage, _exchange_in_noise, _edit_in_noise, _outage_in_noise,
        _other_rate_in_an_outage, _other_rate_in_a_jump, _forgets_twice, _forgets_and_is_exchanged, _wakes_with_zeros,
        _wakes_with_all_bits_and_a_restart, _wrong_before_and_after_an_outage, _trembles_over_a_restart,
        _trembles_over_an_outage, _restarts_in_a_row, _outages_in_a_row, _edit_that_is_undone,
        _edit_and_first_answer_wrong, _zeros_for_long, _zeros_for_long_and_a_restart,
        _zeros_before_and_after_an_outage,
    )
}  # fmt: skip
