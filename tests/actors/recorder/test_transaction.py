from __future__ import annotations

import pytest

from actors.message.device import EventReported, KeepRecords
from actors.recorder.transaction import AHEAD_S, Transaction, Waiting, unacceptable
from actors.recorder.waitingsample import WaitingSample
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.errors import StoreError
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.store.sample.rows import LAST_TS, Rows
from tests.runtime.store.site import STEP_S, T0, sample

SITE = Installation(devices=(DeviceSpec(1, "Main", 1, 1, "m"),))


@pytest.fixture
def store(tmp_path):
    made = open_store(tmp_path / "store")
    yield made
    made.close()


def test_samples_events_and_records_are_kept_together(store):
    committing = Transaction(store, Rows(store))
    note = EventReported(T0 * 1000, "server", "medium_set")
    kept = KeepRecords((("user", "key", 7),), (EventReported(T0 * 1000, "server", "retention_set"),))
    assert committing.commit(SITE, Waiting((WaitingSample(sample(1, T0)),), (note,), (kept,))) == 1
    assert store.records.get("user", "key") == 7
    assert {event.code for event in History(store).events()} == {"medium_set", "retention_set"}
    assert committing.accounting_of(SITE) is committing.accounting_of(SITE)


def test_when_room_runs_out_rows_are_given_up_and_energy_goes_on(store, monkeypatch):
    rows = Rows(store)
    committing = Transaction(store, rows)

    def full(*_):
        raise StoreError("store_full", "no room left")

    monkeypatch.setattr(rows, "merge", full)
    assert committing.commit(SITE, Waiting((WaitingSample(sample(1, T0)), WaitingSample(sample(1, T0 + STEP_S))))) == 0
    assert committing.rows_paused


@pytest.mark.parametrize(
    ("start_ts", "step_s", "now_ts", "code"),
    [
        (T0, STEP_S, T0 + STEP_S, ""),
        (-STEP_S, STEP_S, T0, "sample_before_1970"),
        (T0, STEP_S, T0 + STEP_S - AHEAD_S - 1, "sample_from_future"),
        (LAST_TS, STEP_S, 1 << 40, "sample_from_future"),
        (T0, 0, T0 + STEP_S, "sample_without_slot"),
        (T0, 7200, T0 + 7200, "sample_without_slot"),
    ],
)
def test_samples_of_impossible_times_are_refused_with_a_reason(start_ts, step_s, now_ts, code):
    assert unacceptable(sample(1, start_ts, step_s=step_s), now_ts) == code
