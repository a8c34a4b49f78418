"""A ledger comes back as it was kept, whatever its state."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.energy.candidate import Candidate
from runtime.core.energy.ledger import Former, LedgerState
from runtime.core.energy.ledgerstate import moved_since
from runtime.store.codec import Damaged
from runtime.store.energy.counters import all_ledgers, get_ledgers, pack_ledgers, put_ledgers, unpack_ledgers
from runtime.store.env import open_store

NOW = 1_780_000_000
counts = st.integers(0, 2**62)


@st.composite
def states(draw):
    total_n = draw(counts)
    return LedgerState(
        ts_ms=NOW * 1000 + draw(st.integers(-(10**12), 10**9)),
        raw_n=draw(counts),
        total_n=total_n,
        edge_ts=NOW + 600 * draw(st.integers(-3, 0)),
        edge_total_n=draw(st.integers(0, total_n)),
        quality=draw(st.integers(0, 4)),
        rollovers=draw(st.sampled_from([0, 0, 2])),
        held=draw(st.sampled_from([(), (Candidate(((NOW * 1000, 5), (NOW * 1000 + 1, 6)), True, 2),)])),
        former=draw(st.sampled_from([None, Former(1, 2, 3)])),
        unmoved_n=draw(st.sampled_from([0, 0, 9])),
        dip_ms=draw(st.sampled_from([0, 0, 77])),
        pace=draw(st.integers(0, 62)),
        moved_ts=NOW - draw(st.integers(-5, 10**7)),
        paused=draw(st.booleans()),
    )


@given(st.sampled_from([0, 12, 23, 42]), st.integers(0, 10**6))
def test_a_counter_that_nothing_befell_takes_eighteen_bytes_however_long_it_stood_still(pace, still_s):
    moved_ts = moved_since(NOW - still_s, NOW)
    state = LedgerState(NOW * 1000, 5, 0, NOW, 0, pace=pace, moved_ts=moved_ts)
    value = pack_ledgers(b"\0\1", {10: state, 11: state})
    assert unpack_ledgers(b"\0\1", value) == {10: state, 11: state}
    assert len(value) - len(pack_ledgers(b"\0\1", {10: state})) == 18


@given(st.dictionaries(st.integers(1, 300), states(), max_size=9))
def test_ledgers_come_back_as_they_were_put(tmp_path_factory, ledgers):
    store = open_store(tmp_path_factory.mktemp("ledger"))
    with store.writing() as txn:
        put_ledgers(store, txn, 255, ledgers)
        assert get_ledgers(store, txn, 255) == ledgers
        assert get_ledgers(store, txn, 254) == {}
    store.close()


def test_a_damaged_ledger_is_never_guessed(store):
    with store.writing() as txn:
        put_ledgers(store, txn, 1, {10: LedgerState(NOW * 1000, 5, 0, NOW, 0)})
        put_ledgers(store, txn, 2, {10: LedgerState(NOW * 1000, 5, 0, NOW, 0)})
        txn.put(b"\0\1", b"\1" * 30, db=store.tree("ledger"))
        with pytest.raises(Damaged):
            get_ledgers(store, txn, 1)
        assert [device for device, _ in all_ledgers(store, txn)] == [2]
