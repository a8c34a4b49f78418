"""Alarms and maintenance come back from the store as they were; the oldest go."""

from __future__ import annotations

from pathlib import Path

from runtime.core.alarm.alarm import Alarm
from runtime.core.alarm.alarms import FLAP_S
from runtime.core.alarm.condition import Cause
from runtime.store.env import Store, open_store
from runtime.store.object.alarms import KEPT, PAGE, alarm_records, iterate_alarms, load_alarms, maintenance_record

NOW_MS = 1_780_000_000_000
TRIP = Cause("tripped", "device.1")


def put(store: Store, *records: tuple[str, str | int, object]) -> None:
    with store.writing() as txn:
        for kind, key, record in records:
            store.records.put(txn, kind, key, record)


def test_they_come_back_the_newest_first(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    alarms = [Alarm(id, TRIP, id, id, "why", cleared_ms=1, acknowledged_ms=1) for id in range(1, 2 * PAGE + 2)]
    put(store, *alarm_records(alarms))
    assert list(iterate_alarms(store)) == alarms[::-1]
    store.close()


def test_their_owner_goes_on_with_what_is_open_or_may_come_again(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    active, unseen = Alarm(1, TRIP, 1, 1), Alarm(2, Cause("disk", "server"), 1, 1, cleared_ms=5)
    lately = Alarm(3, Cause("clock", "server"), 1, 1, cleared_ms=NOW_MS - 1000, acknowledged_ms=9)
    over = Alarm(4, Cause("backup", "server"), 1, 1, cleared_ms=NOW_MS - round(FLAP_S * 1000), acknowledged_ms=9)
    put(store, *alarm_records([active, unseen, lately, over]), maintenance_record("gateway.1", 77))
    alarms, maintained = load_alarms(store, NOW_MS)
    assert {alarm.id for alarm in alarms.open} == {1, 2}
    assert dict(maintained) == {"gateway.1": 77}
    store.close()


def test_a_new_one_drops_the_oldest_of_too_many(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    put(store, *alarm_records([Alarm(7, TRIP, 1, 1)]))
    put(store, *alarm_records([Alarm(KEPT + 7, TRIP, 2, 2)]))
    assert [alarm.id for alarm in iterate_alarms(store)] == [KEPT + 7]
    store.close()


def test_maintenance_that_is_over_is_gone(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    put(store, maintenance_record("board.1", 77))
    put(store, maintenance_record("board.1", 0))
    assert load_alarms(store, NOW_MS)[1] == {}
    store.close()
