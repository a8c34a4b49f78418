from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.core.accounting.accounting import NUMBERS
from runtime.core.energy.bins import Period, address
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.store.energy.accounts import BOOKED, MOVED
from runtime.store.energy.bins import Tally, get_cell
from runtime.store.env import open_store
from runtime.store.upkeep.accountsums import check_accounts
from tests.runtime.store.site import PARIS, STEP_S, T0, book, sample

SITE = Installation(
    devices=(DeviceSpec(7, "Main", 1, 1, "m"),),
    tariffs=(TariffSpec(1, "Day", prices=(Price(1, 200_000),), unpriced=2),),
    rules=(RuleSpec(1, 1, start="00:00", end="23:59"),),
)
NUMBER = NUMBERS["electricity"]


@pytest.fixture
def store(tmp_path):
    made = open_store(tmp_path / "store")
    book(made, [sample(7, T0 + i * STEP_S) for i in range(30)], site=SITE)
    yield made
    made.close()


def told(store, site=SITE):
    with store.reading() as txn:
        return check_accounts(store, txn, site)


def spoil(store, lane, energy_n):
    with store.writing() as txn:
        tally = Tally(store, txn)
        tally.add(address(T0, PARIS), lane, 7, energy_n, 0)
        tally.flush()


def test_what_is_booked_under_tariffs_keeps_within_the_whole(store):
    tally = told(store)
    assert tally.compared and tally.mismatches == []


def test_more_under_tariffs_than_there_is_is_told(store):
    spoil(store, BOOKED | 1, 5)
    assert [(m.device, m.found_n - m.expected_n) for m in told(store).mismatches] == [(7, 5), (7, 5)]


def test_what_a_recomputation_moved_there_counts_for_the_bill_of_now_only(store):
    spoil(store, MOVED | 1, 3)
    (mismatch,) = told(store).mismatches
    assert mismatch.what == "tariffs within the whole" and mismatch.found_n - mismatch.expected_n == 3


def test_a_deleted_tariff_still_counts(store):
    spoil(store, BOOKED | 1, 5)
    assert told(store, replace(SITE, tariffs=(), rules=(), former_tariffs=SITE.tariffs)).mismatches
    with store.reading() as txn:
        assert get_cell(store, txn, Period.HOUR, address(T0, PARIS).hour, NUMBER, 0) is not None
