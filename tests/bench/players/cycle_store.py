"""Commits cycles into the store. FOLDER CYCLES FILLED all|rows -> JSON."""

import json
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from runtime.core.accounting.accounting import accounting_of
from runtime.core.energy.bins import Period, address
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.store.energy.accounts import BOOKED
from runtime.store.energy.cycle import Cycle
from runtime.store.env import open_store
from runtime.store.sample.closedsample import row_of
from runtime.store.sample.rows import Rows
from tests.bench.players.cycle_samples import COUNTERS, DEVICES, T0, cycle, written

PARIS = ZoneInfo("Europe/Paris")
SITE = Installation(
    devices=tuple(DeviceSpec(id, str(id), 1, id, "m", load=id % 15, groups=(id % 20 + 1,)) for id in DEVICES),
    tariffs=(
        TariffSpec(1, "Peak", prices=(Price(1, 180_000),), unpriced=3),
        TariffSpec(2, "Night", prices=(Price(2, 120_000),), unpriced=4),
    ),
    rules=(RuleSpec(1, 1, start="06:00", end="21:59"), RuleSpec(2, 2, start="22:00", end="05:59")),
)


def main(folder: str, cycles: int, filled: int, what: str) -> None:
    store = open_store(Path(folder))
    rows = Rows(store)
    with store.writing() as txn:  # months and years that are too big for 32 bit, as in real life
        begun, at = Cycle(store, txn, rows, PARIS), address(T0, PARIS)
        for device in DEVICES:
            for quantity in COUNTERS:
                for period, ordinal in ((Period.MONTH, at.month), (Period.YEAR, at.year)):
                    for lane in (QUANTITIES[quantity].number, BOOKED | 1, BOOKED | 2):
                        begun.tally.cell(period, ordinal, lane, device // 120).add(device % 120, 10**11)
        begun.flush()
    books, before, cpu_s, wall_s = accounting_of(SITE), 0, 0.0, 0.0
    for number in range(filled + cycles):
        samples = cycle(number)
        if number == filled:
            before = written()
        cpu, wall = time.process_time(), time.perf_counter()
        with store.writing() as txn:
            one = Cycle(store, txn, rows, PARIS, books)
            for sample in samples:
                one.book(sample) if what == "all" else one.merge(row_of(sample, {}))
            one.flush()
        if number >= filled:
            cpu_s, wall_s = cpu_s + time.process_time() - cpu, wall_s + time.perf_counter() - wall
    figures = {"kb": (written() - before) / cycles / 1024, "cpu_ms": cpu_s / cycles * 1e3, "ms": wall_s / cycles * 1e3}
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
