"""Exchanges, corrections and recomputations leave every sum exact."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from runtime.core.accounting.accounting import accounting_of
from runtime.core.clock import timegrid
from runtime.core.energy.bins import Period, address
from runtime.core.energy.corrections import Correction
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.errors import WattkeeperError
from runtime.store.energy.corrections import all_corrections
from runtime.store.energy.operations import Operations
from runtime.store.energy.recompute import recompute_day
from runtime.store.history import History
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.sums import check_ledgers, check_lengths, check_rows
from tests.runtime.store.site import ENERGY, PARIS, STEP_S, T0, bins_as_stored, bins_from_rows, book, index_n, sample

PEAK, NIGHT, DEARER = 1, 2, 5
OLD = TariffSpec(1, "Peak", prices=(Price(PEAK, 200_000),), unpriced=3)
SITE = Installation(
    devices=(DeviceSpec(3, "Oven", 1, 3, "m", load=1),),
    tariffs=(OLD, TariffSpec(2, "Night", prices=(Price(NIGHT, 100_000),), unpriced=4)),
    rules=(RuleSpec(1, 1, start="06:15", end="21:59"), RuleSpec(2, 2, start="22:00", end="06:14")),
)
DEAR = replace(SITE, tariffs=(replace(OLD, prices=(Price(DEARER, 300_000),), former=OLD.prices), SITE.tariffs[1]))
DAY = timegrid.day_of(T0, PARIS) + 1
MIDNIGHT = timegrid.day_start(DAY, PARIS)
HOUR_N = 21 * 3600
NOW_MS = (MIDNIGHT + 90_000) * 1000


@pytest.fixture
def filled(store):
    """A day of device 3, 21 steps a second."""
    for slot in range(146):
        book(store, [sample(3, MIDNIGHT - STEP_S + slot * STEP_S)], site=SITE)
    return store


def does(store, site=SITE):
    """Within a transaction of its own: what it is told to."""

    def do(name, *given, **more):
        with store.writing() as txn:
            operations = Operations(store, txn, Rows(store), site, accounting_of(site), NOW_MS)
            return getattr(operations, name)(*given, **more)

    return do


def recompute(store, site, day=DAY):
    with store.writing() as txn:
        recompute_day(store, txn, Rows(store), accounting_of(site), day)


def chart(store, site=SITE, period="day", basis="recomputed"):
    date = datetime.date.fromordinal(DAY)
    asked = {"of": "device:3", "fluid": "electricity", "period": period, "date": date, "zone": PARIS}
    return History(store).consumption(site, **asked, basis=basis)


def correction(delta_n, start_ts=MIDNIGHT + 3 * 3600, end_ts=MIDNIGHT + 7 * 3600):
    return Correction(0, 3, ENERGY, start_ts, end_ts, delta_n, "Ada", "loose clamp", NOW_MS)


def complaints(store):
    with store.reading() as txn:
        checks = (check_lengths(store, txn, PARIS), check_ledgers(store, txn, PARIS), check_rows(store, txn, PARIS))
    return [mismatch for tally in checks for mismatch in tally.mismatches]


def test_a_correction_is_an_overlay_that_counts_and_says_who_and_why(filled):
    made = does(filled)("correct", correction(-4000))
    assert all_corrections(filled) == (made,) and made.id == 1
    bars = chart(filled).bins
    assert [bars[hour].value_n for hour in (2, 3, 6, 7)] == [HOUR_N, HOUR_N - 1000, HOUR_N - 1000, HOUR_N]
    assert (bars[3].quality, bars[2].quality) == (Quality.SUBSTITUTED, Quality.GOOD)
    assert chart(filled, period="year").bins[4].value_n == sum(
        bar.value_n or 0 for bar in chart(filled, period="month").bins
    )
    assert chart(filled).cost_p == 21 * (8.25 * 100_000 + 15.75 * 200_000) * 3600 - 325_000_000 - 150_000_000
    assert bins_as_stored(filled) == bins_from_rows(filled)
    assert History(filled).events(code="energy_corrected")[0].detail == f"{ENERGY} -4000 by Ada: loose clamp"


def test_a_correction_lies_in_its_own_stretch_also_when_recomputed_and_when_another_one_is_taken_back(filled):
    """The tariff changes at 06:15: what lies before costs half."""
    at = MIDNIGHT + 6 * 3600
    does(filled)("correct", correction(600_000, at, at + STEP_S))
    before = [chart(filled, period=period) for period in ("day", "month", "year")]
    assert {part.tariff: part.value_n for part in before[0].bins[6].by_tariff}[2] == 21 * 900 + 600_000
    recompute(filled, SITE)
    assert [chart(filled, period=period) for period in ("day", "month", "year")] == before
    recompute(filled, DEAR)
    dear = chart(filled, DEAR)
    other = does(filled, DEAR)("correct", correction(90_000, at + 1800, at + 3600))
    does(filled, DEAR)("take_back", other.id, "Bob")
    assert chart(filled, DEAR) == dear


def test_the_first_hour_of_a_meter_costs_the_same_when_it_is_recomputed(store):
    for slot in range(37, 43):
        book(store, [sample(3, MIDNIGHT + slot * STEP_S)], site=SITE)
    before = chart(store)
    recompute(store, SITE)
    assert chart(store) == before


@pytest.mark.parametrize(
    ("first_s", "length_s", "most_n"),
    [(3600, 600, 21 * 600), (3600, 900, 21 * 900), (3000, 1200, 21 * 1200), (3700, 1, 21)],
)
def test_a_correction_takes_all_that_its_stretch_holds_and_not_a_step_more(filled, first_s, length_s, most_n):
    start_ts = MIDNIGHT + first_s
    with pytest.raises(WattkeeperError) as refused:
        does(filled)("correct", correction(-most_n - 1, start_ts, start_ts + length_s))
    assert refused.value.code == "correction_negative"
    does(filled)("correct", correction(-most_n, start_ts, start_ts + length_s))
    with pytest.raises(WattkeeperError):
        does(filled)("correct", correction(-1, start_ts, start_ts + length_s))


def test_what_was_added_to_one_part_of_an_hour_is_not_taken_from_another(filled):
    at = MIDNIGHT + 3600
    does(filled)("correct", correction(1_000_000, at, at + STEP_S))
    with pytest.raises(WattkeeperError):
        does(filled)("correct", correction(-500_000, at + STEP_S, at + 3600))
    does(filled)("correct", correction(-1_000_000, at, at + STEP_S))


def test_a_correction_that_is_taken_back_leaves_only_its_record(filled):
    before = [chart(filled, period=period) for period in ("day", "month", "year", "decade")]
    first = does(filled)("correct", correction(-4000))
    second = does(filled)("correct", correction(500, end_ts=MIDNIGHT + 4 * 3600))
    does(filled)("take_back", first.id, "Bob")
    assert chart(filled).bins[3].value_n == HOUR_N + 500
    assert [chart(filled).bins[hour].quality for hour in (3, 4)] == [Quality.SUBSTITUTED, Quality.GOOD]
    does(filled)("take_back", second.id, "Bob")
    assert [chart(filled, period=period) for period in ("day", "month", "year", "decade")] == before
    assert [one.taken_back_by for one in all_corrections(filled)] == ["Bob", "Bob"]
    with pytest.raises(WattkeeperError, match="taken back already"):
        does(filled)("take_back", first.id, "Bob")


@pytest.mark.parametrize("wrong", [correction(0), correction(5, end_ts=MIDNIGHT), correction(-4 * HOUR_N - 5)])
def test_a_correction_that_makes_no_sense_changes_nothing(filled, wrong):
    before = chart(filled)
    with pytest.raises(WattkeeperError):
        does(filled)("correct", wrong)
    assert chart(filled) == before and all_corrections(filled) == ()


def test_a_recomputed_day_has_the_new_price_and_the_old_bill_is_still_there(filled):
    billed = chart(filled)
    assert chart(filled, DEAR) == billed
    recompute(filled, DEAR)
    assert chart(filled, DEAR).cost_p - billed.cost_p == 21 * 15.75 * 3600 * 100_000
    assert chart(filled, DEAR).total_n == billed.total_n and chart(filled, DEAR).unpriced_n == 0
    assert chart(filled, DEAR, basis="billed") == billed
    once = chart(filled, DEAR, period="month")
    recompute(filled, DEAR)
    assert chart(filled, DEAR, period="month") == once
    recompute(filled, SITE)
    assert chart(filled).cost_p == billed.cost_p
    assert complaints(filled) == []


def test_25_a_day_recomputed_without_rules_has_no_cost_rather_than_one_of_zero(filled):
    billed = chart(filled)
    ruleless = replace(SITE, rules=())
    recompute(filled, ruleless)
    day = chart(filled, ruleless)
    assert (day.cost_p, day.unpriced_n, day.by_tariff) == (None, billed.total_n, ())
    assert {bar.cost_p for bar in day.bins} == {None}
    date = datetime.date.fromordinal(DAY)
    loads = History(filled).by_load(ruleless, fluid="electricity", period="day", date=date, zone=PARIS)
    assert {part.cost_p for part in loads.parts} == {None}
    assert chart(filled, ruleless, basis="billed").cost_p == billed.cost_p
    recompute(filled, SITE)
    assert chart(filled) == billed


def test_hours_that_divide_are_divided_by_their_slots(filled):
    """A load that ran in one slot only: by time alone another bill would come out."""

    def spike(device, ts_ms):
        return index_n(device, ts_ms) + 600_000 * ((ts_ms // 1000) >= MIDNIGHT + 86_400 + 6 * 3600 + 25 * 60)

    for slot in range(146, 146 + 48):
        book(filled, [sample(3, MIDNIGHT - STEP_S + slot * STEP_S, index=spike)], site=SITE)
    other = replace(SITE, tariffs=DEAR.tariffs, rules=SITE.rules)
    recompute(filled, other, DAY + 1)
    date = datetime.date.fromordinal(DAY + 1)
    asked = {"of": "device:3", "fluid": "electricity", "period": "day", "date": date, "zone": PARIS}
    bar = History(filled).consumption(other, **asked).bins[6]
    parts = {part.tariff: part.value_n for part in bar.by_tariff}
    assert sum(parts.values()) == bar.value_n and parts[2] == 21 * 900


def test_rules_that_came_later_can_be_applied_to_the_past(store):
    bare = replace(SITE, tariffs=(), rules=())
    for slot in range(146):
        book(store, [sample(3, MIDNIGHT - STEP_S + slot * STEP_S)], site=bare)
    assert chart(store).cost_p is None
    recompute(store, SITE)
    assert chart(store).cost_p == 21 * (8.25 * 100_000 + 15.75 * 200_000) * 3600
    assert chart(store, basis="billed").cost_p is None


def test_a_correction_of_a_recomputed_day_can_be_taken_back_too(filled):
    recompute(filled, DEAR)
    before = chart(filled, DEAR)
    made = does(filled, DEAR)("correct", correction(4000))
    assert chart(filled, DEAR).cost_p - before.cost_p == 325 * 10**6 + 225 * 10**6
    does(filled, DEAR)("take_back", made.id, "Bob")
    assert chart(filled, DEAR) == before


def test_a_price_that_only_a_correction_brought_goes_with_it(filled):
    before = chart(filled)
    made = does(filled, DEAR)("correct", correction(4000))  # at the newer price
    does(filled, DEAR)("take_back", made.id, "Bob")
    assert chart(filled, DEAR, basis="billed") == before
    ruleless = replace(DEAR, rules=())
    recompute(filled, ruleless)
    assert {bar.cost_p for bar in chart(filled, ruleless).bins} == {None}


def test_a_meter_that_is_exchanged_by_hand_goes_on_exactly(filled):
    last_ts = MIDNIGHT + 145 * STEP_S
    at_ms = (last_ts + 300) * 1000
    closing_n = index_n(3, at_ms)
    assert does(filled)("replace_meter", 3, ENERGY, at_ms, closing_n, 5_000, "Ada") == 0
    fresh = lambda device, ms: 5_000 + index_n(device, ms) - closing_n if ms > at_ms else index_n(device, ms)
    for slot in range(145, 160):
        book(filled, [sample(3, MIDNIGHT + slot * STEP_S, index=fresh)], site=SITE)
    counted = [event.code for event in History(filled).events(subject="device.3")]
    assert counted == ["meter_replaced"]
    energies = {n for (period, ts, *_), n in bins_as_stored(filled).items() if period == Period.HOUR and ts < last_ts}
    assert bins_as_stored(filled) == bins_from_rows(filled) and HOUR_N in energies
    assert bins_as_stored(filled)[Period.HOUR, address(last_ts, PARIS).hour, 10, 3] == HOUR_N
    assert complaints(filled) == []


def test_an_exchange_that_is_told_late_adds_what_nobody_saw(filled):
    last_ts = MIDNIGHT + 145 * STEP_S
    at_ms = (last_ts + 300) * 1000
    closing_n = index_n(3, at_ms)
    fresh = lambda device, ms: 5 * 10**12 + index_n(device, ms) - closing_n if ms > at_ms else index_n(device, ms)
    for slot in range(145, 160):
        book(filled, [sample(3, MIDNIGHT + slot * STEP_S, index=fresh)], site=SITE)
    added_n = does(filled)("replace_meter", 3, ENERGY, at_ms, closing_n, 5 * 10**12, "Ada")
    date = datetime.date.fromordinal(DAY + 1)
    asked = {"of": "device:3", "fluid": "electricity", "period": "day", "date": date, "zone": PARIS}
    hours = History(filled).consumption(SITE, **asked).bins
    assert added_n > 0 and hours[0].value_n + hours[1].value_n == 2 * HOUR_N
    assert all_corrections(filled)[0].reason == "meter replaced"


@pytest.mark.parametrize(
    ("device", "quantity", "closing_n", "code"),
    [(9, ENERGY, 1, "meter_unknown"), (3, "active_power_w", 1, "meter_unknown"), (3, ENERGY, 5, "meter_index_wrong")],
)
def test_an_exchange_that_cannot_be_is_refused(filled, device, quantity, closing_n, code):
    with pytest.raises(WattkeeperError) as refused:
        does(filled)("replace_meter", device, quantity, (MIDNIGHT + 90_000) * 1000, closing_n, 0, "Ada")
    assert refused.value.code == code


def test_a_coarse_meter_may_have_come_to_its_next_count_since_it_was_read(store):
    """Whole kWh at 3.6 kW: one more than what was read last can be, two more cannot."""
    for slot in range(40):
        book(store, [sample(3, MIDNIGHT + slot * STEP_S, index=lambda _device, ts_ms: ts_ms // 1_000_000 * 1_000_000)])
    last_ms = (MIDNIGHT + 40 * STEP_S + 4) * 1000
    shown_n = last_ms // 1_000_000 * 1_000_000
    asked = (3, ENERGY, last_ms + 40_000)
    with pytest.raises(WattkeeperError) as refused:
        does(store)("replace_meter", *asked, shown_n + 2_000_000, 0, "ada")
    assert refused.value.code == "meter_index_high"
    assert does(store)("replace_meter", *asked, shown_n + 1_000_000, 0, "ada") == 0
