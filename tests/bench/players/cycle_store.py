"""Commits cycles into the store. FOLDER CYCLES FILLED all|rows -> JSON."""

import json
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from runtime.core.bins import Period, address
from runtime.core.quantities import QUANTITIES
from runtime.store.cycle import Cycle, row_of
from runtime.store.env import open_store
from runtime.store.rows import Rows
from tests.bench.players.cycle_samples import COUNTERS, DEVICES, T0, cycle, written

PARIS = ZoneInfo("Europe/Paris")


def main(folder: str, cycles: int, filled: int, what: str) -> None:
    store = open_store(Path(folder))
    rows = Rows(store)
    with store.writing() as txn:  # months and years that are too big for 32 bit, as in real life
        begun, at = Cycle(store, txn, rows, PARIS), address(T0, PARIS)
        for device in DEVICES:
            for quantity in COUNTERS:
                for period, ordinal in ((Period.MONTH, at.month), (Period.YEAR, at.year)):
                    number = QUANTITIES[quantity].number
                    begun.tally.cell(period, ordinal, number, device // 120).add(device % 120, 10**11)
        begun.flush()
    before, cpu_s, wall_s = 0, 0.0, 0.0
    for number in range(filled + cycles):
        samples = cycle(number)
        if number == filled:
            before = written()
        cpu, wall = time.process_time(), time.perf_counter()
        with store.writing() as txn:
            one = Cycle(store, txn, rows, PARIS)
            for sample in samples:
                one.book(sample) if what == "all" else one.merge(row_of(sample, {}))
            one.flush()
        if number >= filled:
            cpu_s, wall_s = cpu_s + time.process_time() - cpu, wall_s + time.perf_counter() - wall
    figures = {"kb": (written() - before) / cycles / 1024, "cpu_ms": cpu_s / cycles * 1e3, "ms": wall_s / cycles * 1e3}
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
