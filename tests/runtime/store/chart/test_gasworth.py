from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid
from runtime.core.site.installation import Installation
from runtime.core.tariff.cost import Bill, TariffPart
from runtime.store.chart.gasworth import Worth, revalued
from runtime.store.chart.spans import spans_of
from runtime.store.energy.cells import NOTHING

PARIS = ZoneInfo("Europe/Paris")
SITE = Installation(gas_factors={"2026-11-02": 11_000, "2026-11-04": 12_000})
DAYS = spans_of("month", datetime.date(2026, 11, 1), PARIS)


def test_volumes_are_worth_what_holds_at_their_time_and_nothing_before_any() -> None:
    worth = Worth(SITE, PARIS, as_energy=True)
    assert [worth.of((5, True, 0), day) for day in DAYS[:4]] == [
        NOTHING, (55_000, True, 0), (55_000, True, 0), (60_000, True, 0)
    ]  # fmt: skip
    assert worth.of_each({3: (5, True, 0)}, DAYS[3]) == {3: (60_000, True, 0)}
    assert worth.versions([(DAYS[1], {7: 2}), (DAYS[3], {7: 1, 8: 1})]) == {7: 34_000, 8: 12_000}
    assert worth.with_cuts(lambda ts: timegrid.NEVER)(DAYS[0].start_ts) == DAYS[1].start_ts


def test_as_measured_nothing_is_changed_or_cut() -> None:
    worth = Worth(SITE, PARIS, as_energy=False)
    assert worth.of((5, True, 0), DAYS[3]) == (5, True, 0)
    assert worth.cut_after(0) == timegrid.NEVER and worth.with_cuts(abs) is abs


def test_a_bill_keeps_its_costs_and_shows_energies() -> None:
    cost = Bill((TariffPart(1, 5, 70), TariffPart(2, 3, None)), 70, 3)
    assert revalued(cost, Bill((TariffPart(1, 55, 1),), 1, 33)) == Bill(
        (TariffPart(1, 55, 70), TariffPart(2, 0, None)), 70, 33
    )
