"""How far the record goes."""

from __future__ import annotations

from runtime.store.env import Store
from runtime.store.sample.rows import KEY, Rows


def newest_ts(store: Store) -> int:
    """UTC seconds when the newest recorded slot ended, 0 without any."""
    with store.reading() as txn, txn.cursor(db=store.tree("rows")) as cursor:
        if not cursor.last():
            return 0
        start_ts, device = KEY.unpack(bytes(cursor.key()))
        row = Rows(store).get(txn, device, start_ts)
        return int(start_ts) + (row.interval_s if row is not None else 0)
