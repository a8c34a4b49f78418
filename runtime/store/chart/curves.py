"""Curves of what was recorded, and the power that energy stands for where no samples are kept."""

from __future__ import annotations

from runtime.core.sample.curve import Curve, curve_of, step_of
from runtime.store.env import Store
from runtime.store.sample.columns import Columns
from runtime.store.sample.rows import Rows


class Curves:
    """Of one store. One object per thread."""

    def __init__(self, store: Store, rows: Rows) -> None:
        self._store = store
        self._columns = Columns(rows)

    def of(self, device: int, quantity: str, from_ts: int, to_ts: int) -> Curve:
        """What was recorded of a quantity in [from_ts, to_ts)."""
        with self._store.reading() as txn:
            stretches = self._columns.stretches(txn, device, quantity, from_ts, to_ts)
            return curve_of(stretches, from_ts, to_ts, step_of(from_ts, to_ts))
