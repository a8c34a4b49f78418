"""A small site for the tests of the store: samples as a gateway closes them, and what must come of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from actors.message.device import SampleClosed
from runtime.core.accounting.accounting import accounting_of
from runtime.core.clock import timegrid
from runtime.core.energy.bins import SLOTS, Period, address
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import Installation
from runtime.store.energy.accounts import CORRECTED, TOTALS
from runtime.store.energy.bins import KEY, get_cell
from runtime.store.energy.cycle import Cycle
from runtime.store.env import Store
from runtime.store.sample.rows import Rows

ENERGY = "active_energy_import_wh"
POWER = (("active_power_w", "mean"), ("active_power_w", "max"))
PARIS = ZoneInfo("Europe/Paris")
T0 = 1_780_000_200  # an edge of ten minutes
STEP_S = 600


def index_n(device: int, ts_ms: int) -> int:
    """A counter in closed form: device thousandths of a Wh every second, and a start of its own."""
    return 1_000_000_000 * device + (ts_ms - 1_700_000_000_000) * device * 7 // 1000


def sample(
    device: int,
    start_ts: int,
    *,
    step_s: int = STEP_S,
    quantities: Iterable[str] = (ENERGY,),
    index: Callable[[int, int], int] = index_n,
    is_steady: bool = False,
) -> SampleClosed:
    """What a gateway closes when it reads the counter 3 s before and 4 s after each edge. At T0 it was just born."""
    end_ts = start_ts + step_s
    times = [(start_ts - 3) * 1000, (start_ts + 4) * 1000, (end_ts - 3) * 1000, (end_ts + 4) * 1000]
    readings = tuple((ts_ms, index(device, ts_ms)) for ts_ms in times if not (T0 - 60) * 1000 < ts_ms < T0 * 1000)
    counters = dict.fromkeys(quantities, readings)
    steady = (times[2],) if is_steady else ()  # what was read between climbed alike
    return SampleClosed(device, start_ts, end_ts, POWER, (device * 10, device * 20), (0, 0), counters, steady=steady)


def book(
    store: Store, samples: Iterable[SampleClosed], zone: ZoneInfo = PARIS, site: Installation | None = None
) -> Cycle:
    """One committed cycle."""
    with store.writing() as txn:
        cycle = Cycle(store, txn, Rows(store), zone, accounting_of(site) if site else None)
        for one in samples:
            cycle.book(one)
        cycle.flush()
    return cycle


def bin_n(store: Store, period: Period, ts: int, device: int, quantity: str = ENERGY, zone: ZoneInfo = PARIS):
    """What a bin holds of a device, None if nothing."""
    ordinal = getattr(address(ts, zone), period.name.lower())
    chunk, slot = divmod(device, SLOTS)
    with store.reading() as txn:
        cell = get_cell(store, txn, period, ordinal, QUANTITIES[quantity].number, chunk)
    return None if cell is None else cell.value_n(slot)


def bins_from_rows(store: Store, zone: ZoneInfo = PARIS) -> dict[tuple[int, int, int, int], int]:
    """(period, ordinal, quantity, device) -> energy, added up from the rows alone."""
    sums: dict[tuple[int, int, int, int], int] = {}
    with store.reading() as txn:
        for row in Rows(store).scan(txn, 0, 1 << 40):
            at = address(row.start_ts, zone)
            for (quantity, statistic), value_n in zip(row.columns, row.values_n, strict=True):
                if statistic == "energy" and value_n is not None:
                    for period in Period:
                        key = (period, getattr(at, period.name.lower()), QUANTITIES[quantity].number, row.device)
                        sums[key] = sums.get(key, 0) + value_n
    return sums


def bins_as_stored(store: Store) -> dict[tuple[int, int, int, int], int]:
    """The same as it lies in the store, without what lies beside."""
    found: dict[tuple[int, int, int, int], int] = {}
    with store.reading() as txn, txn.cursor(db=store.tree("bins")) as cursor:
        for key in cursor.iternext(values=False):
            period, ordinal, quantity, chunk = KEY.unpack(key)
            if period == TOTALS or quantity >= CORRECTED:
                continue
            cell = get_cell(store, txn, period, ordinal, quantity, chunk)
            for slot in range(SLOTS):
                if cell.value_n(slot) is not None:
                    found[period, ordinal, quantity, chunk * SLOTS + slot] = cell.values_n[slot]
    return found


def edges(start_ts: int, count: int, zone: ZoneInfo = PARIS, step_s: int = STEP_S) -> list[int]:
    found = [start_ts]
    while len(found) < count:
        found.append(timegrid.next_boundary(found[-1], step_s, zone))
    return found
