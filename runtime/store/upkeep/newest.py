"""How far the record goes, and by how much that may be ahead of the true time."""

from __future__ import annotations

from runtime.store.env import Store
from runtime.store.sample.rows import KEY, Rows

AHEAD = ("clock", "ahead")  # kind and key of the record: ms


def newest_ts(store: Store) -> int:
    """UTC seconds when the newest recorded slot ended, 0 without any."""
    with store.reading() as txn, txn.cursor(db=store.tree("rows")) as cursor:
        if not cursor.last():
            return 0
        start_ts, device = KEY.unpack(bytes(cursor.key()))
        row = Rows(store).get(txn, device, start_ts)
        return int(start_ts) + (row.interval_s if row is not None else 0)


def ahead_ms(store: Store) -> int:
    """By how much that time may be ahead, since a clock that nobody vouched for was believed; see ``ClockTrust``."""
    return int(store.records.get(*AHEAD) or 0)
