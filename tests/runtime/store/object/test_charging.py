"""Charging sessions come back from the store: the one that is open, and those that ended, the newest first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from runtime.core.charging.station.session import ChargeSession
from runtime.store.env import Store, open_store
from runtime.store.object.charging import (
    PAGE,
    ended_records,
    iterate_sessions,
    limit_record,
    load_limits,
    load_open,
    load_quiet_until,
    open_record,
    quiet_record,
)

T_MS = 1_780_000_000_000
SESSION = ChargeSession(7, 3, T_MS, seen_ts_ms=T_MS + 5, energy_n=12, parts=((1_780_000_200, 12),), rfid="04A1")


def put(store: Store, *records: tuple[str, str | int, object]) -> None:
    with store.writing() as txn:
        for kind, key, record in records:
            store.records.put(txn, kind, key, record)


def test_an_open_session_is_there_until_it_ends(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    put(store, open_record(SESSION), open_record(replace(SESSION, station=70)))
    assert load_open(store, 7) == SESSION
    ended = replace(SESSION, ended_ts_ms=T_MS + 9, ended_by="unplugged")
    put(store, *ended_records(ended))
    assert load_open(store, 7) is None
    assert load_open(store, 70) is not None
    assert list(iterate_sessions(store, 0, T_MS * 2)) == [ended]
    store.close()


def test_those_that_ended_in_a_span_come_the_newest_first(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    sessions = [replace(SESSION, station=1 + n % 3, ended_ts_ms=T_MS + n // 3) for n in range(2 * PAGE + 2)]
    put(store, *(record for session in sessions for record in ended_records(session)))
    assert list(iterate_sessions(store, 0, T_MS * 2)) == sessions[::-1]
    found = list(iterate_sessions(store, T_MS + 10, T_MS + 12))
    assert [session.ended_ts_ms - T_MS for session in found] == [11] * 3 + [10] * 3
    store.close()


def test_a_limit_is_kept_until_it_is_over(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    put(store, limit_record(1, 20_000, T_MS), limit_record(12, 6_000, T_MS + 1), limit_record(1, 0, T_MS + 2))
    assert load_limits(store) == {1: (0, T_MS + 2), 12: (6_000, T_MS + 1)}
    put(store, limit_record(12, None, 0))
    assert load_limits(store) == {1: (0, T_MS + 2)}
    store.close()


def test_until_when_a_station_is_left_alone_is_kept(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    put(store, quiet_record(7, T_MS), quiet_record(7, T_MS + 1), quiet_record(70, T_MS + 2))
    assert [load_quiet_until(store, station) for station in (7, 70, 8)] == [T_MS + 1, T_MS + 2, 0]
    store.close()
