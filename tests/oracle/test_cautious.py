"""The oracle asks for nothing impossible: a ledger that knows no more than a server is right in almost all lives."""

from __future__ import annotations

from random import Random

import pytest

from tests.oracle import generator
from tests.oracle.cautious import kept
from tests.oracle.clairvoyant import calendar_of, cut, played
from tests.oracle.comparison import differences
from tests.oracle.life import Life, Replaced
from tests.oracle.named import LIVES
from tests.soak import tenth


def undeclared(life: Life) -> bool:
    """Nobody has to say what happened."""
    return not any(isinstance(act, Replaced) for act in life.acts)


def wrong(life: Life) -> list[str]:
    meter, readings = played(life)
    return differences(meter.truth(), calendar_of(life), cut(life, kept(life, readings)))


@pytest.mark.parametrize("name", [name for name, life in LIVES.items() if undeclared(life)])
def test_a_cautious_ledger_is_right_in_the_named_lives(name: str) -> None:
    assert wrong(LIVES[name]) == []


@pytest.mark.soak
@pytest.mark.parametrize("make", [generator.life, generator.varied])
def test_a_cautious_ledger_is_right_in_random_lives(make) -> None:
    seeds = tenth(300)
    lives = [life for seed in range(seeds) if undeclared(life := make(Random(seed)))]
    assert len(lives) > seeds // 2
    assert len([life.name for life in lives if wrong(life)]) <= seeds // 60
