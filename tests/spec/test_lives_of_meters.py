"""Whatever happens to a meter and its line: what is booked is what passed, bin by bin, and people learn why."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings

from tests.oracle.life import Life
from tests.oracle.strategies import calm_lives
from tests.spec.lives import Player

FULL = os.environ.get("WATTKEEPER_SOAK") == "full"


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
