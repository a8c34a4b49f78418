"""Charging as records: sessions, the open one and those that ended in order; limits from outside; who is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.core.charging.station.session import ChargeSession, session_of
from runtime.store.env import Store
from runtime.store.records import expect_known

OPEN, ENDED, LIMIT, QUIET = "chargenow", "chargesession", "chargelimit", "chargequiet"
PAGE = 500
_STATIONS = 10_000
Record = tuple[str, str | int, Any]  # (kind, key, record)


def open_record(session: ChargeSession) -> Record:
    """Keeps the session of the vehicle that is there."""
    return OPEN, session.station, session.as_record()


def ended_records(session: ChargeSession) -> tuple[Record, Record]:
    """Keep a session that is over, in its order, and have the station free."""
    return (ENDED, _key(session.ended_ts_ms, session.station), session.as_record()), (OPEN, session.station, None)


def load_open(store: Store, station: int) -> ChargeSession | None:
    """What a station goes on with. Raises StoreError store_newer."""
    record = store.records.get(OPEN, station)
    with expect_known("the session of a charging station"):
        return None if record is None else session_of(record)


def iterate_sessions(store: Store, from_ms: int, to_ms: int) -> Iterator[ChargeSession]:
    """Those that ended in [from, to), the newest first. Raises StoreError store_newer."""
    before = _key(to_ms, 0)
    while page := store.records.newest(ENDED, PAGE, before):
        with expect_known("the list of charging sessions"):
            sessions = [session_of(record) for record in page]
        for session in sessions:
            if session.ended_ts_ms < from_ms:
                return
            yield session
        before = _key(sessions[-1].ended_ts_ms, sessions[-1].station)


def limit_record(circuit: int, limit_ma: int | None, until_ts_ms: int) -> Record:
    """Keeps a limit from outside; None = it is over."""
    return LIMIT, circuit, None if limit_ma is None else {"limit_ma": limit_ma, "until_ts_ms": until_ts_ms}


def load_limits(store: Store) -> Mapping[int, tuple[int, int]]:
    """Circuit -> (mA, UTC ms of its end). Raises StoreError store_newer."""
    with expect_known("the limits of charging circuits"):
        kept = store.records.all(LIMIT).items()
        return {int(circuit): (int(record["limit_ma"]), int(record["until_ts_ms"])) for circuit, record in kept}


def quiet_record(station: int, until_ts_ms: int) -> Record:
    """Keeps until when (UTC ms) a station is not contacted, so that its own watchdog acts."""
    return QUIET, station, {"until_ts_ms": until_ts_ms}


def load_quiet_until(store: Store, station: int) -> int:
    """UTC ms, 0 = it was never left alone. Raises StoreError store_newer."""
    record = store.records.get(QUIET, station)
    with expect_known("the silence of a charging station"):
        return 0 if record is None else int(record["until_ts_ms"])


def _key(ended_ts_ms: int, station: int) -> int:
    """Of 17 digits from 2001 to 2286, so that they lie in order."""
    return max(10**12, min(ended_ts_ms, 10**13 - 1)) * _STATIONS + station % _STATIONS
