"""Alarms as records, by their running numbers, and what is in maintenance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from runtime.core.alarm.alarm import Alarm
from runtime.core.alarm.alarms import FLAP_S, Alarms
from runtime.core.alarm.condition import Cause
from runtime.store.env import Store
from runtime.store.records import expect_known

KIND, MAINTENANCE = "alarm", "maintenance"
KEPT = 20_000  # the oldest beyond it go
PAGE = 500
Record = tuple[str, str | int, Any]  # (kind, key, record)


def alarm_records(alarms: Iterable[Alarm]) -> Iterator[Record]:
    """What keeps these alarms, and drops as many as are too many."""
    for alarm in alarms:
        yield KIND, alarm.id, asdict(alarm) | {"cause": list(alarm.cause)}
        if alarm.times == 1 and alarm.is_active and alarm.id > KEPT:
            yield KIND, alarm.id - KEPT, None


def maintenance_record(subject: str, until_ts: int) -> Record:
    """``until_ts`` 0 = it is over."""
    return MAINTENANCE, subject, {"until_ts": until_ts} if until_ts else None


def iterate_alarms(store: Store) -> Iterator[Alarm]:
    """All that are kept, the newest first. Raises StoreError store_newer."""
    before = 0
    while page := store.records.newest(KIND, PAGE, before):
        with expect_known("the list of alarms"):
            alarms = [Alarm(**{**record, "cause": Cause(*record["cause"])}) for record in page]
        yield from alarms
        before = alarms[-1].id


def load_alarms(store: Store, now_ms: int) -> tuple[Alarms, Mapping[str, int]]:
    """What its owner goes on with: alarms that are open or may come again, and what is in maintenance."""
    newest_id, kept = 0, []
    for alarm in iterate_alarms(store):
        newest_id = max(newest_id, alarm.id)
        if alarm.is_open or now_ms - alarm.cleared_ms < FLAP_S * 1000:
            kept.append(alarm)
    return Alarms(kept, newest_id), load_maintenance(store)


def load_maintenance(store: Store) -> Mapping[str, int]:
    """Subject -> UTC seconds of its end."""
    with expect_known("the list of what is in maintenance"):
        return {subject: int(record["until_ts"]) for subject, record in store.records.all(MAINTENANCE).items()}
