"""Whatever happens to a meter and its line: what is booked is what passed, bin by bin, and people learn why."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings

from tests.oracle import generator
from tests.oracle.crossed import CROSSES, crossed
from tests.oracle.life import Life
from tests.oracle.named import LIVES
from tests.oracle.strategies import calm_lives
from tests.soak import FULL
from tests.spec.lives import Player, is_pure


def played(life: Life) -> Player:
    player = Player(life)
    player.play()
    return player


@pytest.mark.soak
@given(calm_lives())
@settings(max_examples=2_000 if FULL else 60)
def test_outages_restarts_and_changes_of_the_clock_lose_and_add_nothing(life: Life) -> None:
    player = played(life)
    assert player.differences() == []
    assert player.unreported() == []
    assert player.unmarked() == []


@pytest.mark.parametrize("name", [name for name, life in LIVES.items() if is_pure(life)])
def test_what_may_befall_a_counter_books_what_passed_and_is_reported(name: str) -> None:
    player = played(LIVES[name])
    assert player.differences() == []
    assert player.unreported() == []


@pytest.mark.parametrize("tens", range(6))
def test_mixtures_of_it_do_so_too(tens: int) -> None:
    lives = [life for seed in range(10 * tens, 10 * tens + 10) if is_pure(life := generator.life(Random(seed)))]
    assert [(life.name, seen) for life in lives if (seen := played(life).differences())] == []


@pytest.mark.parametrize("name", CROSSES)
def test_two_accidents_at_once_lose_and_add_nothing(name: str) -> None:
    for seed in range(100 if FULL else 2):
        player = Player(crossed(name, Random(seed)), orderly=True)
        player.play()
        assert (seed, player.differences()) == (seed, [])


# lives that showed something once: quick polls of which too few were kept to agree, an index in large steps whose first
# reading was taken for misread (also where the next one trembled), a power cut after which counts of before it were
# taken back, a trembling index too high, a fall of which the readings that were kept said too little for an hour,
# a counter that begins anew each hour
VARIED = (676, 835, 1029, 1883, 700639, 900880, 30000213)
LIVED = (1714, 243, 20402028)  # the last: noise of 16 bits in which three readings agreed by chance
FORMER = [*[(generator.life, seed) for seed in LIVED], *[(generator.varied, seed) for seed in VARIED]]


@pytest.mark.parametrize(("make", "seed"), FORMER, ids=lambda value: getattr(value, "__name__", str(value)))
def test_what_showed_something_once_is_right(make, seed: int) -> None:
    assert played(make(Random(seed))).differences() == []
