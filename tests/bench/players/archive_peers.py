"""The same samples in SQLite with rollup tables and in rrdtool, which may be missing. FOLDER DEVICES SPANS -> JSON."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from runtime.store.sample.blocks import SPAN_S
from tests.bench.players.archive_samples import COLUMNS, COUNTERS, FIRST_TS, SLOTS, STEP_S, span
from tests.bench.players.charts import slowest_ms

ROLLUPS = {"hour": 3600, "day": 86_400, "month": SPAN_S}


def main(folder: str, devices: int, spans: int) -> None:
    figures = {"sqlite": sqlite(Path(folder), devices, spans)}
    if shutil.which("rrdtool"):
        figures["rrdtool"] = rrdtool(Path(folder))
    print(json.dumps(figures))


def sqlite(folder: Path, devices: int, spans: int) -> dict[str, float]:
    db = sqlite3.connect(folder / "samples.db")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE value(series INTEGER, ts INTEGER, n INTEGER, PRIMARY KEY(series, ts)) WITHOUT ROWID")
    for name in ROLLUPS:
        db.execute(f"CREATE TABLE {name}(series INTEGER, at INTEGER, n INTEGER, PRIMARY KEY(series, at)) WITHOUT ROWID")
    took_s = 0.0
    for device in range(1, devices + 1):
        before: dict[str, int] = {}
        for number in range(spans):
            start_ts, columns = FIRST_TS + number * SPAN_S, span(device, number, before)
            began = time.perf_counter()
            with db:
                for series, values in enumerate(columns.values(), device * 64):
                    times = range(start_ts, start_ts + SPAN_S, STEP_S)
                    rows = ((series, ts, n) for ts, n in zip(times, values, strict=True))
                    db.executemany("INSERT INTO value VALUES(?, ?, ?)", rows)
                _roll_up(db, device, columns, start_ts)
            took_s += time.perf_counter() - began
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    values, day_ts = devices * spans * SLOTS * COLUMNS, FIRST_TS + 9 * 86_400
    query = "SELECT ts, n FROM value WHERE series = 80 AND ts >= ? AND ts < ?"
    day_ms = slowest_ms(lambda: db.execute(query, (day_ts, day_ts + 86_400)).fetchall(), 20)
    size = os.stat(folder / "samples.db").st_size
    return {"bytes_a_value": size / values, "us_a_value": took_s / values * 1e6, "day_ms": day_ms}


def _roll_up(db, device, columns, start_ts):
    for at, counter in enumerate(COUNTERS):
        for name, length_s in ROLLUPS.items():
            sums: dict[int, int] = {}
            for i, n in enumerate(columns[counter, "energy"]):
                key = (start_ts + i * STEP_S) // length_s
                sums[key] = sums.get(key, 0) + n
            rows = [(device * 64 + at, key, n) for key, n in sums.items()]
            db.executemany(
                f"INSERT INTO {name} VALUES(?, ?, ?) ON CONFLICT(series, at) DO UPDATE SET n = n + excluded.n", rows
            )


def rrdtool(folder: Path) -> dict[str, float]:
    """One device, four weeks: a file of all columns with the same lengths of archive."""
    file, columns = str(folder / "device.rrd"), span(1, 0, {})
    sources = [f"DS:c{n}:GAUGE:1200:U:U" for n in range(len(columns))]
    archives = [f"RRA:LAST:0.5:1:{SLOTS}", "RRA:AVERAGE:0.5:6:672", "RRA:MAX:0.5:6:672", "RRA:AVERAGE:0.5:144:28"]
    create = ["rrdtool", "create", file, "--start", str(FIRST_TS - STEP_S), "--step", str(STEP_S)]
    subprocess.run([*create, *sources, *archives], check=True, capture_output=True)
    rows = zip(*columns.values(), strict=True)
    updates = "".join(
        f"update {file} {FIRST_TS + i * STEP_S}:{':'.join(map(str, row))}\n" for i, row in enumerate(rows)
    )
    began = time.perf_counter()
    subprocess.run(["rrdtool", "-"], input=updates, text=True, check=True, capture_output=True)
    took_s, values = time.perf_counter() - began, SLOTS * COLUMNS
    day = ["--start", str(FIRST_TS + 9 * 86_400), "--end", str(FIRST_TS + 10 * 86_400)]

    def fetch():
        return subprocess.run(["rrdtool", "fetch", file, "LAST", *day], capture_output=True, check=True)

    return {
        "bytes_a_value": os.stat(file).st_size / values, "us_a_value": took_s / values * 1e6,
        "day_ms": slowest_ms(fetch, 5),
    }  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
