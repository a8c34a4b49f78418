import pytest

from runtime.store.env import open_store
from runtime.store.sample.passage import Passage, passage_at
from runtime.store.sample.rows import Rows
from tests.runtime.store.site import ENERGY, STEP_S, T0, book, index_n, sample

GONE_TS, BACK_TS = T0 + 3 * STEP_S, T0 + 9 * STEP_S


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path / "store")
    book(store, [sample(1, ts) for ts in range(T0, GONE_TS, STEP_S)])
    book(store, [sample(1, ts) for ts in range(BACK_TS, BACK_TS + 3 * STEP_S, STEP_S)])
    yield store
    store.close()


def passage(store, ts, closing_n, opening_n):
    with store.reading() as txn:
        return passage_at(txn, Rows(store), 1, ENERGY, ts, closing_n, opening_n)


def test_a_silence_that_was_taken_for_a_climb_is_found_with_what_was_booked(store):
    last_n = index_n(1, (GONE_TS - 3) * 1000)
    found = passage(store, GONE_TS + 900, last_n + 500, last_n + 800)
    assert found == Passage(GONE_TS * 1000, BACK_TS * 1000, last_n, index_n(1, (BACK_TS + STEP_S - 3) * 1000))
    assert found.booked_n == found.after_n - last_n


def test_indexes_that_the_readings_deny_fit_nowhere(store):
    last_n, first_n = index_n(1, (GONE_TS - 3) * 1000), index_n(1, (BACK_TS + STEP_S) * 1000)
    assert passage(store, GONE_TS + 900, index_n(1, T0 * 1000) - 1, 0) is None
    assert passage(store, GONE_TS + 900, last_n + 500, first_n + 1) is None
    assert passage(store, T0 - 400 * 86_400, last_n, 0) is None
