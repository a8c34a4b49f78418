"""A certificate from outside that ends soon is a condition."""

import pytest

from runtime.core.alarm.certificate import SOON_S, certificate_causes
from runtime.core.alarm.condition import Cause

NOW = 1_780_000_000


@pytest.mark.parametrize(
    ("ends_ts", "detail"),
    [
        (None, ""), (NOW + SOON_S + 1, ""), (NOW + SOON_S, "it ends in 14 days"), (NOW + 3600, "it ends in 0 days"),
        (NOW - 1, "it has ended"),
    ],
)  # fmt: skip
def test_how_long_it_lasts(ends_ts, detail):
    assert certificate_causes(ends_ts, NOW) == ({Cause("certificate", "server"): detail} if detail else {})
