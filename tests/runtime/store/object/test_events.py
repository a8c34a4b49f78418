"""Events come back newest first and keep their ids."""

from runtime.store.object.events import add_event, list_events


def test_events_come_newest_first_and_can_be_picked(store):
    with store.writing() as txn:
        for i in range(5):
            add_event(store, txn, 1000 * i, f"device.{i % 2}", "communication_error", str(i))
        add_event(store, txn, 2000, "server", "clock_trusted")
    assert [event.detail for event in list_events(store, code="communication_error")] == ["4", "3", "2", "1", "0"]
    assert [event.detail for event in list_events(store, subject="device.1")] == ["3", "1"]
    assert [event.ts_ms for event in list_events(store, from_ms=1000, to_ms=3000)] == [2000, 2000, 1000]
    assert len(list_events(store, limit=2)) == 2


def test_events_of_one_millisecond_are_all_kept(store):
    with store.writing() as txn:
        ids = [add_event(store, txn, 77, "server", "clock_trusted", str(i)) for i in range(300)]
    assert len(set(ids)) == 300 == len(list_events(store))
    assert [event.id for event in list_events(store)] == ids[::-1]


def test_a_damaged_event_is_noted_and_left_out(store):
    with store.writing() as txn:
        add_event(store, txn, 1, "server", "clock_set")
        add_event(store, txn, 2, "server", "network_set")
        with txn.cursor(db=store.tree("events")) as cursor:
            cursor.first()
            txn.put(cursor.key(), b"\0" * 9, db=store.tree("events"))
    assert [event.code for event in list_events(store)] == ["network_set"]
    assert len(store.damaged) == 1
