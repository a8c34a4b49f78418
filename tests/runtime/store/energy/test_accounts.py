"""Energy under price versions and of owners, beside the bins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.core.accounting.assignments import date_changes
from runtime.core.clock import timegrid
from runtime.core.energy.bins import SLOTS, Period, address
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.store.energy.accounts import tariff_cells, total_n
from runtime.store.energy.bins import KEY, LARGEST
from runtime.store.energy.importer import import_history
from tests.runtime.store.energy.test_importer import lines
from tests.runtime.store.site import ENERGY, PARIS, STEP_S, T0, bin_n, book, sample

PEAK, NIGHT, UNDATED = 1, 3, 2
SITE = Installation(
    devices=(
        DeviceSpec(3, "Oven", 1, 3, "m", load=2, groups=(1, 4)),
        DeviceSpec(130, "Main", 1, 4, "m", excluded=True, load=2),
        DeviceSpec(5, "Rest", 1, 5, "m", groups=(4,)),
    ),
    tariffs=(
        TariffSpec(1, "Peak", prices=(Price(PEAK, 200_000),), unpriced=UNDATED),
        TariffSpec(2, "Night", prices=(Price(NIGHT, 100_000),), unpriced=4),
    ),
    rules=(
        RuleSpec(1, 1, start="06:07", end="21:59", days=("mon", "tue", "wed", "thu", "fri")),
        RuleSpec(2, 2, start="22:00", end="06:06"),
        RuleSpec(3, 2, start="06:07", end="21:59"),
    ),
)
MIDNIGHT = timegrid.day_start(timegrid.day_of(T0, PARIS) + 1, PARIS)


def lanes_n(store, period, ts, device):
    """Version -> energy of a device in a bin."""
    chunk, slot = divmod(device, SLOTS)
    with store.reading() as txn:
        cells = list(tariff_cells(store, txn, period, getattr(address(ts, PARIS), period.name.lower())))
    return {version: cell.values_n[slot] for version, at, _, cell in cells if at == chunk and cell.known >> slot & 1}


def of_owner(store, kind, id=0, number=10):
    with store.reading() as txn:
        return total_n(store, txn, number, kind, id)


def runs(store, device, start_ts, slots, site=SITE):
    for slot in range(slots):
        book(store, [sample(device, start_ts + slot * STEP_S)], site=site)


@pytest.mark.parametrize("period", list(Period))
def test_energy_goes_under_its_tariff_in_all_four_bins(store, period):
    runs(store, 3, MIDNIGHT - 600, 145)  # Friday 29 May 2026
    day = lanes_n(store, period, MIDNIGHT + 6 * 3600, 3)
    assert sum(day.values()) == bin_n(store, period, MIDNIGHT + 6 * 3600, 3)
    if period is Period.HOUR:
        assert day == {NIGHT: 21 * 7 * 60, PEAK: 21 * 53 * 60}  # the slot of 06:00 divides at 06:07
    if period is Period.DAY:
        assert day == {NIGHT: 21 * (8 * 60 + 7) * 60, PEAK: 21 * (16 * 60 - 7) * 60}


def test_where_no_rule_is_true_nothing_is_kept(store):
    site = replace(SITE, rules=SITE.rules[:1])
    runs(store, 3, MIDNIGHT, 40, site)
    assert lanes_n(store, Period.HOUR, MIDNIGHT, 3) == {}
    assert 0 < sum(lanes_n(store, Period.DAY, MIDNIGHT, 3).values()) < bin_n(store, Period.DAY, MIDNIGHT, 3)


def test_energy_before_the_first_price_is_kept_under_its_tariff(store):
    dear = TariffSpec(1, "Peak", prices=(Price(7, 1, "2999-01-01"),), unpriced=8)
    runs(store, 3, MIDNIGHT, 3, replace(SITE, tariffs=(dear,), rules=(RuleSpec(1, 1),)))
    assert lanes_n(store, Period.HOUR, MIDNIGHT, 3) == {8: 21 * 1800}


def test_other_counters_are_not_paid_for(store):
    quantities = (ENERGY, "reactive_energy_import_varh")
    book(store, [sample(3, MIDNIGHT + i * STEP_S, quantities=quantities) for i in range(3)], site=SITE)
    assert sum(lanes_n(store, Period.DAY, MIDNIGHT, 3).values()) == bin_n(store, Period.DAY, MIDNIGHT, 3)


def test_each_owner_has_a_total_that_only_climbs(store):
    for device in (3, 5, 130):
        runs(store, device, T0, 4)
    three, five = (bin_n(store, Period.YEAR, T0, device) for device in (3, 5))
    assert [of_owner(store, "load", id) for id in (0, 2, 9)] == [five, three, 0]
    assert [of_owner(store, "group", id) for id in (1, 4)] == [three, three + five]
    assert of_owner(store, "all") == three + five
    assert of_owner(store, "all", number=150) == 0


def test_a_device_that_changes_its_load_leaves_the_total_behind(store):
    changed_ts = timegrid.next_hour(T0, PARIS)
    moved = replace(SITE, devices=(replace(SITE.devices[0], load=6, groups=()), *SITE.devices[1:]))
    site = date_changes(SITE, moved, T0)
    runs(store, 3, changed_ts - STEP_S, 4, site)
    before = of_owner(store, "load", 2)
    assert before == bin_n(store, Period.HOUR, changed_ts - STEP_S, 3)
    runs(store, 3, changed_ts + 3 * STEP_S, 4, site)
    assert of_owner(store, "load", 2) == before == of_owner(store, "group", 1)
    assert before + of_owner(store, "load", 6) == bin_n(store, Period.YEAR, T0, 3) == of_owner(store, "all")


@pytest.mark.parametrize("step_s", [600, 3600])
def test_imported_history_is_divided_as_if_it_had_been_measured(store, step_s):
    site = replace(SITE, devices=(DeviceSpec(1, "a", 1, 1, "m", load=3), DeviceSpec(130, "b", 1, 2, "m", load=3)))
    import_history(store, lines(5, step_s=step_s), site)
    whole = {device: bin_n(store, Period.MONTH, T0 - 65 * 86_400, device) for device in (1, 130)}
    for device, n in whole.items():
        found = lanes_n(store, Period.MONTH, T0 - 65 * 86_400, device)
        assert sum(found.values()) == n
        assert found[PEAK] == device * 7 * (16 * 60 - 7) * 60 * 3  # Friday, Monday and Tuesday
    assert of_owner(store, "load", 3) == of_owner(store, "all") == sum(whole.values())


def test_the_fullest_cells_stay_below_the_overflow_size(store):
    runs(store, 3, T0, 4)
    with store.reading() as txn, txn.cursor(db=store.tree("bins")) as cursor:
        assert all(len(key) == KEY.size and len(value) < LARGEST for key, value in cursor)
