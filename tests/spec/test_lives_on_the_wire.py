"""Lives of meters behind a whole server, on a wire: bins and bills are those of the oracle."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.oracle import generator
from tests.oracle.strategies import seeds, tariff_tables
from tests.oracle.tariffs import Tariffs
from tests.soak import FULL
from tests.spec.fleet import Fleet

METERS = 200 if FULL else 40  # at one site


@st.composite
def sites(draw: st.DrawFn) -> tuple[int, Tariffs]:
    seed = draw(seeds)
    _, day = generator.site_day(Random(seed))
    return seed, draw(tariff_tables(date.fromisoformat(day) - timedelta(days=20), 40))


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600 if FULL else 300)
@given(sites())
@settings(
    max_examples=50 if FULL else 1, derandomize=not FULL, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)  # fmt: skip
def test_what_befalls_meters_is_booked_and_billed_as_it_was(site: tuple[int, Tariffs]) -> None:
    seed, tariffs = site
    lives = generator.site_lives(Random(seed), METERS)
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(Path(folder), lives, tariffs)
        fleet.play()
        assert fleet.differences() == []
