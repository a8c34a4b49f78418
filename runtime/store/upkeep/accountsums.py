"""Do the lanes keep within the whole: is no more energy under tariffs than there is?"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter

import lmdb

from runtime.core.accounting.accounting import NUMBERS
from runtime.core.energy.bins import SLOTS, Period
from runtime.core.site.installation import Installation
from runtime.core.tariff.tariffs import FLUIDS, amounts
from runtime.store.energy.accounts import BOOKED, CORRECTED, MOVED, VERSION_MASK
from runtime.store.energy.bins import get_cell
from runtime.store.env import Store
from runtime.store.upkeep.sums import Tally, cells_of


def check_accounts(store: Store, txn: lmdb.Transaction, site: Installation) -> Tally:
    """Each hour: what was booked, and what is so after recomputations, against what was measured and corrected.

    Days and more are sums of hours in each lane, which ``check_lengths`` proves.
    """
    tally, known = Tally(), (*site.tariffs, *site.former_tariffs)
    quantity_of = {
        version: NUMBERS[fluid] for fluid in FLUIDS for version in amounts(t for t in known if t.fluid == fluid)
    }
    for ordinal, cells in groupby(cells_of(store, txn, Period.HOUR), key=itemgetter(0)):
        lanes: dict[int, list[int]] = {}
        for _, lane, chunk in cells:
            if lane >= BOOKED:
                lanes.setdefault(chunk, []).append(lane)
        for chunk, listed in lanes.items():
            _check_hour(_Hour(store, txn, ordinal, chunk), listed, quantity_of, tally)
    return tally


class _Hour:
    """The cells of one hour and chunk of devices."""

    def __init__(self, store: Store, txn: lmdb.Transaction, ordinal: int, chunk: int) -> None:
        self._store, self._txn, self.ordinal, self.chunk = store, txn, ordinal, chunk

    def values_n(self, *lanes: int) -> list[int]:
        """What the lanes hold together."""
        cells = (get_cell(self._store, self._txn, Period.HOUR, self.ordinal, lane, self.chunk) for lane in lanes)
        listed = [cell.values_n.tolist() for cell in cells if cell is not None]
        return [sum(values) for values in zip(*listed, strict=True)] if listed else [0] * SLOTS


def _check_hour(hour: _Hour, lanes: list[int], quantity_of: Mapping[int, int], tally: Tally) -> None:
    for number in sorted({quantity_of[lane & VERSION_MASK] for lane in lanes if lane & VERSION_MASK in quantity_of}):
        of = [lane for lane in lanes if quantity_of.get(lane & VERSION_MASK) == number]
        whole = hour.values_n(number, CORRECTED | number)
        for what, paid in (
            ("tariffs as billed within the whole", hour.values_n(*(lane for lane in of if lane < MOVED))),
            ("tariffs within the whole", hour.values_n(*of)),
        ):
            for slot, (paid_n, whole_n) in enumerate(zip(paid, whole, strict=True)):
                if paid_n or whole_n:
                    tally.compare(what, hour.chunk * SLOTS + slot, number, hour.ordinal, paid_n, min(paid_n, whole_n))
