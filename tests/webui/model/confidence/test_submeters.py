"""Which meters belong to what was chosen."""

from __future__ import annotations

import pytest

from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from webui.model.confidence.submeters import Comparison, ComparisonBar, members

SITE = Installation(
    gateways=(GatewaySpec(1, "Hall", "tcp://10.0.0.1:502", board=4), GatewaySpec(2, "Yard", "tcp://10.0.0.2:502")),
    devices=(
        DeviceSpec(1, "Main", 1, 1, "m", excluded=True),
        DeviceSpec(2, "Oven", 1, 2, "m", load=3, groups=(5,)),
        DeviceSpec(3, "Pump", 2, 1, "m", load=3),
    ),
)


@pytest.mark.parametrize(
    ("of", "ids"),
    [
        ("others", (1, 2, 3)), ("device:3", (3,)), ("load:3", (2, 3)), ("group:5", (2,)), ("gateway:1", (1, 2)),
        ("board:4", (1, 2)), ("board:9", None), ("total", None), ("device:x", None), ("device:30000", None),
    ],
)  # fmt: skip
def test_what_is_left_out_of_totals_belongs_too(of, ids):
    assert members(SITE, of) == ids


def test_only_what_both_have_is_compared():
    bars = (ComparisonBar(0, 1, 10, 4), ComparisonBar(1, 2, 10, None), ComparisonBar(2, 3, None, 9))
    comparison = Comparison("others", (2, 3), bars)
    assert (comparison.main_n, comparison.parts_n) == (10, 4)
    assert Comparison("others", (2,), bars[1:]).parts_n is None
