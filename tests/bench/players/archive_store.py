"""Fills years of history: ledgers and bins by import, samples as blocks. FOLDER DEVICES SPANS -> JSON."""

import json
import os
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.store.energy.importer import import_history
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.store.sample.blocks import SPAN_S, Blocks
from runtime.store.sample.compaction import block_of_columns
from tests.bench.players.archive_samples import COLUMNS, COUNTERS, FIRST_TS, SLOTS, STEP_S, span
from tests.bench.players.charts import slowest_ms

PARIS = ZoneInfo("Europe/Paris")


def main(folder: str, devices: int, spans: int) -> None:
    store = open_store(Path(folder))
    site = Installation(devices=tuple(DeviceSpec(id, str(id), 1, id, "m") for id in range(1, devices + 1)))
    before: dict[int, dict[str, int]] = {device.id: {} for device in site.devices}
    blocks, took_s = Blocks(store), 0.0
    for number in range(spans):
        start_ts = FIRST_TS + number * SPAN_S
        made = {device.id: span(device.id, number, before[device.id]) for device in site.devices}
        lines = list(_lines(made, start_ts))
        began = time.perf_counter()
        import_history(store, lines, site)
        with store.writing() as txn:
            for device, columns in made.items():
                blocks.put(txn, device, start_ts, block_of_columns(device, start_ts, STEP_S, columns))
        took_s += time.perf_counter() - began
    values = devices * spans * SLOTS * COLUMNS
    with store.reading() as txn:
        stat = txn.stat(store.tree("blocks"))
    pages = stat["branch_pages"] + stat["leaf_pages"] + stat["overflow_pages"]
    history, day_ts = History(store), FIRST_TS + (spans // 2) * SPAN_S + 9 * 86_400

    def ask(days):
        return slowest_ms(lambda: history.samples(1, "active_power_w", day_ts, day_ts + days * 86_400), 20)

    figures = {
        "values": values, "fill_s": took_s, "bytes_a_value": pages * stat["psize"] / values,
        "file_bytes_a_value": os.stat(Path(folder) / "data.mdb").st_size / values, "day_ms": ask(1), "week_ms": ask(7),
    }  # fmt: skip
    print(json.dumps(figures))


def _lines(made, start_ts):
    """A JSON line for each device and local day, as from any other system."""
    ts = start_ts
    while ts < start_ts + SPAN_S:
        end_ts = min(timegrid.day_start(timegrid.day_of(ts, PARIS) + 1, PARIS), start_ts + SPAN_S)
        low, high = (ts - start_ts) // STEP_S, (end_ts - start_ts) // STEP_S
        for device, columns in made.items():
            indexes = {counter: columns[counter, "index"][low:high] for counter in COUNTERS}
            yield json.dumps({"device": device, "start_ts": ts + STEP_S, "step_s": STEP_S, "indexes": indexes})
        ts = end_ts


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
