"""Random lives can be judged: whoever knows the truth is never wrong, whoever believes all is caught."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings

from tests.oracle import generator
from tests.oracle.clairvoyant import believing, calendar_of, knowing, played
from tests.oracle.comparison import differences
from tests.oracle.life import Life, Wrong
from tests.oracle.strategies import lives, varied_lives
from tests.soak import tenth


@pytest.mark.soak
@given(lives())
@settings(max_examples=tenth(300))
def test_a_ledger_that_knows_the_truth_is_right_in_any_life(life: Life) -> None:
    truth = played(life)[0].truth()
    assert differences(truth, calendar_of(life), knowing(life, truth)) == []
    assert 0 <= truth.total.least_m <= truth.total.most_m


@pytest.mark.soak
@given(varied_lives())
@settings(max_examples=tenth(150))
def test_a_ledger_that_knows_the_truth_is_right_in_any_scene_of_a_named_life(life: Life) -> None:
    truth = played(life)[0].truth()
    assert differences(truth, calendar_of(life), knowing(life, truth)) == []


@pytest.mark.soak
@given(lives())
@settings(max_examples=tenth(150))
def test_bins_that_nothing_disturbs_are_exact(life: Life) -> None:
    truth = played(life)[0].truth()
    for hour in calendar_of(life).bins("hour"):
        start_ms, end_ms = hour.start_ts * 1000, hour.end_ts * 1000
        if truth.start_ms <= start_ms and end_ms <= truth.end_ms and not truth.is_disturbed(start_ms - 1, end_ms + 1):
            bounds = truth.between(start_ms, end_ms)
            assert bounds.most_m - bounds.least_m <= (8 if life.register.is_float else 3)


@pytest.mark.soak
def test_a_ledger_that_believes_all_is_caught_in_most_lives_with_wrong_answers() -> None:
    caught = judged = 0
    for seed in range(tenth(250)):
        life = generator.life(Random(seed))
        if any(isinstance(each, Wrong) for each in life.happenings):
            meter, readings = played(life)
            judged += 1
            caught += bool(differences(meter.truth(), calendar_of(life), believing(life, readings)))
    assert judged > tenth(60) and caught > judged * 2 // 3


def test_one_seed_is_one_life() -> None:
    first, second = (generator.life(Random(7)) for _ in range(2))
    assert first == second and played(first)[1] == played(second)[1]
