"""A meter exchanged by hand loses no energy."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.candidate import Candidate
from runtime.core.energy.counterlimits import limits_of
from runtime.core.energy.ledger import fold
from runtime.core.energy.meterexchange import exchange_meter, missed_energy, most_counted

GRID = Grid(600, ZoneInfo("Europe/Paris"))
LIMITS = limits_of("active_energy_import_wh")
T0 = 1_780_000_200
STATE = fold(None, [(T0 * 1000, 1_000_000), ((T0 + 300) * 1000, 1_030_000)], GRID, LIMITS).state


def test_the_old_meter_counts_to_its_last_index_and_the_new_one_from_its_first():
    folded = exchange_meter(STATE, (T0 + 900) * 1000, 1_090_000, 77, GRID, LIMITS)
    assert (folded.state.raw_n, folded.state.total_n) == (77, 90_000)
    assert [(part.start_ts, part.energy_n) for part in folded.booked] == [(T0, 60_000)]
    after = fold(folded.state, [((T0 + s) * 1000, 30_077) for s in (1200, 1215, 1230)], GRID, LIMITS)
    assert after.state.total_n == 120_000 and not after.findings


@pytest.mark.parametrize("closing_n", [1_029_999, 999])
def test_an_index_that_cannot_be_is_refused(closing_n):
    assert exchange_meter(STATE, (T0 + 900) * 1000, closing_n, 0, GRID, LIMITS) is None


def test_readings_of_the_new_meter_that_were_held_do_not_disturb():
    held = STATE._replace(held=(Candidate((((T0 + 950) * 1000, 77),)),))
    assert exchange_meter(held, (T0 + 900) * 1000, 1_090_000, 70, GRID, LIMITS).state.held == ()


@pytest.mark.parametrize(("opening_n", "first_n"), [(5_000_000_000, 5_000_040_000), (0, 10_000)])
def test_what_an_exchange_that_was_found_late_has_missed(opening_n, first_n):
    """The old meter went on for 60,000 steps, the new one had counted some before its first reading."""
    readings = [((T0 + 1200 + i * 10) * 1000, first_n + i * 1000) for i in range(5)]
    found = fold(STATE, readings, GRID, LIMITS)
    assert [finding.code for finding in found.findings][0] in ("counter_exchanged", "counter_reset")
    truth_n = 30_000 + 60_000 + first_n - opening_n + 4000
    assert found.state.total_n + missed_energy(found.state, 1_090_000, opening_n) == truth_n
    assert missed_energy(STATE, 1_090_000, 0) is None


def test_the_highest_index_that_a_meter_can_have_reached_follows_from_its_circuit_or_its_past():
    at_ms = (T0 + 3900) * 1000
    assert 1_030_000 + 3_600_000 < most_counted(STATE, 1_030_000, at_ms, LIMITS, STATE.ts_ms) < 1_030_000 + 3_800_000
    rated = limits_of("active_energy_import_wh", rated_ma=63_000)
    assert most_counted(STATE, 0, at_ms, rated, STATE.ts_ms) > 63 * 3 * 230 * 1000
