"""A counter of an older program may draw what it drew before, and phantoms teach it nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.store.energy.counters import all_ledgers, get_ledgers, put_ledgers
from runtime.store.energy.pace import seed_paces
from runtime.store.env import Store, open_store
from tests.runtime.store.migration.releases import unpack_phantoms
from tests.runtime.store.site import ENERGY, STEP_S, T0, book, sample

NUMBER = QUANTITIES[ENERGY].number


def seeded(store: Store) -> int:
    with store.writing() as txn:
        return seed_paces(store, txn)


def paces(store: Store) -> dict[int, int]:
    with store.reading() as txn:
        return {device: state.pace for device, each in all_ledgers(store, txn) for state in each.values()}


def test_each_counter_gets_the_pace_of_its_usual_hours_once(tmp_path: Path) -> None:
    store = open_store(unpack_phantoms(tmp_path / "data"))
    assert set(paces(store).values()) == {0}
    assert seeded(store) == 13
    by_device = paces(store)
    one_kw3_6 = (3_600_000).bit_length()
    assert {by_device[device] for device in (1, 2, 3, 4, 5, 7, 9, 12, 13, 14, 15)} == {one_kw3_6}
    assert by_device[6] == (36_000_000).bit_length() and by_device[11] == (60_000_000).bit_length()
    assert seeded(store) == 0
    store.close()


@pytest.mark.parametrize("pace", [20, 0])
def test_what_was_learned_stays_and_what_is_not_known_does(tmp_path: Path, pace: int) -> None:
    store = open_store(tmp_path / "store")
    book(store, [sample(1, T0 + at * STEP_S) for at in range(6)])  # an hour: too little to be usual
    with store.writing() as txn:
        ledgers = get_ledgers(store, txn, 1)
        put_ledgers(store, txn, 1, {NUMBER: ledgers[NUMBER]._replace(pace=pace)})
    assert seeded(store) == 0 and paces(store) == {1: pace}
    store.close()
