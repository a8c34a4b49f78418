"""What speaks for the energy of a device and what against it."""

from __future__ import annotations

import pytest

from runtime.core.energy.confidence import REMARKS, Facts, estimated_share, level_of, remarks_of

GOOD = Facts(display="fits", power="fits", total_n=1000, rest_n=0)


def test_all_is_well():
    assert remarks_of(GOOD) == ("display_fits", "power_fits", "index_fits")
    assert level_of(remarks_of(GOOD)) == "good" and level_of(()) == "good"


@pytest.mark.parametrize(
    ("changes", "remark", "level"),
    [
        ({"display": ""}, "display_never", "open"),
        ({"display": "too_small"}, "display_never", "open"),
        ({"display": "scale"}, "display_differs", "bad"),
        ({"power": "differs"}, "power_differs", "bad"),
        ({"is_read": False}, "not_read", "warn"),
        ({"estimated_n": 50}, "estimated_much", "warn"),
        ({"rest_n": 11, "slack_n": 10}, "rest_unexplained", "warn"),
        ({"has_doubtful_jump": True}, "jump_doubtful", "bad"),
        ({"main_n": 1000, "parts_n": 1021}, "parts_exceed", "bad"),
    ],
)
def test_the_worst_stands_first(changes, remark, level):
    facts = Facts(**{name: getattr(GOOD, name) for name in Facts.__slots__} | changes)
    assert remarks_of(facts)[0] == remark and level_of(remarks_of(facts)) == level


def test_little_is_no_word_worth():
    facts = Facts(display="fits", total_n=1000, estimated_n=49, rest_n=-9, slack_n=10, main_n=1000, parts_n=1019)
    assert remarks_of(facts) == ("display_fits", "index_fits")


def test_the_share_of_nothing_is_unknown():
    assert estimated_share(0, None) is estimated_share(0, 0) is None
    assert (estimated_share(5, 10), estimated_share(20, 10)) == (0.5, 1.0)


def test_every_remark_has_a_level():
    assert set(REMARKS.values()) == {"bad", "warn", "open", "good"}
