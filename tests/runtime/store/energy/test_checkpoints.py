"""Checkpoints are found by moment and device, and thinned out but never all."""

from __future__ import annotations

from runtime.core.clock.timegrid import DAY_S
from runtime.store.energy.checkpoints import KEY, checkpoint_before, keep_checkpoint, thin_checkpoints
from runtime.store.energy.counters import put_ledgers
from tests.runtime.store.site import STEP_S, T0, book, sample


def kept(store):
    with store.reading() as txn, txn.cursor(db=store.tree("checkpoints")) as cursor:
        return [KEY.unpack(key) for key in cursor.iternext(values=False)]


def test_the_newest_checkpoint_before_a_moment_is_found(store):
    states = {}
    for i in range(3):
        book(store, [sample(device, T0 + i * STEP_S) for device in (1, 5)])
        with store.writing() as txn:
            assert keep_checkpoint(store, txn, T0 + i * DAY_S) == 2
            states[i] = checkpoint_before(store, txn, 5, T0 + i * DAY_S)[1]
    with store.reading() as txn:
        assert checkpoint_before(store, txn, 5, T0 - 1) is None
        assert checkpoint_before(store, txn, 3, T0 + 9 * DAY_S) is None
        for i in range(3):
            assert checkpoint_before(store, txn, 5, T0 + i * DAY_S + 7) == (T0 + i * DAY_S, states[i])
    assert len({str(state) for state in states.values()}) == 3


def test_the_same_moment_is_kept_once_as_it_was_first(store):
    book(store, [sample(1, T0)])
    with store.writing() as txn:
        keep_checkpoint(store, txn, T0)
        first = checkpoint_before(store, txn, 1, T0)
        put_ledgers(store, txn, 1, {})
        assert keep_checkpoint(store, txn, T0) == 0
        assert checkpoint_before(store, txn, 1, T0) == first


def test_a_damaged_one_is_passed_over(store):
    book(store, [sample(1, T0)])
    with store.writing() as txn:
        keep_checkpoint(store, txn, T0)
        keep_checkpoint(store, txn, T0 + DAY_S)
        txn.put(KEY.pack(T0 + DAY_S, 1), b"\1" * 40, db=store.tree("checkpoints"))
        assert checkpoint_before(store, txn, 1, T0 + 2 * DAY_S)[0] == T0


def test_old_ones_become_one_in_four_weeks(store):
    book(store, [sample(device, T0) for device in (1, 2)])
    days = [T0 - T0 % (28 * DAY_S) + i * DAY_S for i in range(140)]
    with store.writing() as txn:
        for ts in days:
            keep_checkpoint(store, txn, ts)
        while thin_checkpoints(store, txn, days[-1], most=50):
            pass
    expected = [days[0], days[28], days[56], *days[78:]]
    assert kept(store) == [(ts, device) for ts in expected for device in (1, 2)]
