from dataclasses import replace

import pytest

from actors.message.device import SampleClosed
from actors.recorder.waitingsample import WaitingSample

QUANTITIES = [f"quantity_{number}" for number in range(24)]
SAMPLE = SampleClosed(
    7,
    1_700_000_400,
    1_700_001_000,
    tuple((quantity, "mean") for quantity in QUANTITIES),
    (*range(100_000, 100_022), None, -5),
    (0,) * 24,
    dict.fromkeys(QUANTITIES, ((1700000399000, 10**9), (1700000999000, 2**62))),
    poll_ms=10_000,
    resumed=(1_700_000_410_000,),
)


CHANGES = ({}, {"columns_n": ()}, {"counters": {}}, {"begun_ms": 5}, {"turned_ms": 3, "is_open": True})


@pytest.mark.parametrize("changed", CHANGES)
def test_a_sample_that_waited_is_what_it_was(changed):
    sample = replace(SAMPLE, **changed)
    waiting = WaitingSample(sample)
    assert waiting.whole() == sample == waiting.whole()
    assert (waiting.device, waiting.start_ts, waiting.end_ts) == (7, sample.start_ts, sample.end_ts)
    assert waiting.is_open == sample.is_open
    assert waiting.follows_a_clock == bool(sample.begun_ms or sample.turned_ms)


def test_its_numbers_take_less_than_they_did():
    waiting = WaitingSample(SAMPLE)
    packed = waiting._columns.__sizeof__() + waiting._trails.__sizeof__()
    readings = [reading for pair in SAMPLE.counters.values() for reading in pair]
    assert packed < sum(each.__sizeof__() for reading in readings for each in (reading, *reading)) / 2


@pytest.mark.parametrize(
    "changed", [{"columns_n": (object(),)}, {"columns_n": (2**70,)}, {"counters": {"x": ((1, "2"),)}}]
)
def test_what_is_no_plain_number_waits_as_it_is(changed):
    sample = replace(SAMPLE, **changed)
    assert WaitingSample(sample).whole() is sample
