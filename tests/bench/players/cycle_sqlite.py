"""The same cycles in SQLite with rollup tables, in WAL mode. FOLDER CYCLES FILLED values|blobs -> JSON.

values  a row a value, as most do it; blobs: a row a device and slot, packed
"""

import datetime
import json
import sqlite3
import struct
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.bench.players.cycle_samples import COUNTERS, GAUGES, cycle, written

PARIS = ZoneInfo("Europe/Paris")
ROLLUPS = ("hour", "day", "month", "year")


def main(folder: str, cycles: int, filled: int, what: str) -> None:
    db = sqlite3.connect(Path(folder) / "samples.db")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE value(series INTEGER, ts INTEGER, n INTEGER, PRIMARY KEY(series, ts)) WITHOUT ROWID")
    db.execute("CREATE TABLE sample(device INTEGER, ts INTEGER, v BLOB, PRIMARY KEY(device, ts)) WITHOUT ROWID")
    for name in ROLLUPS:
        db.execute(f"CREATE TABLE {name}(series INTEGER, at INTEGER, n INTEGER, PRIMARY KEY(series, at)) WITHOUT ROWID")
    before, wall_s = 0, 0.0
    for number in range(filled + cycles):
        samples = cycle(number)
        if number == filled:
            before = written()
        wall = time.perf_counter()
        with db:
            _insert(db, samples, what)
            _roll_up(db, samples)
        if number >= filled:
            wall_s += time.perf_counter() - wall
    print(json.dumps({"kb": (written() - before) / cycles / 1024, "ms": wall_s / cycles * 1e3}))


def _insert(db, samples, what):
    if what == "blobs":
        packed = struct.Struct(f"<{len(GAUGES)}i{len(COUNTERS)}q")
        rows = [
            (s.device, s.start_ts, packed.pack(*s.columns_n, *(r[2][1] for r in s.counters.values()))) for s in samples
        ]
        db.executemany("INSERT INTO sample VALUES(?, ?, ?)", rows)
        return
    values = [
        (s.device * 64 + column, s.start_ts, n)
        for s in samples
        for column, n in enumerate((*s.columns_n, *(readings[2][1] for readings in s.counters.values())))
    ]
    db.executemany("INSERT INTO value VALUES(?, ?, ?)", values)


def _roll_up(db, samples):
    at = datetime.datetime.fromtimestamp(samples[0].start_ts, PARIS)
    keys = (samples[0].start_ts // 3600, at.toordinal(), at.year * 12 + at.month, at.year)
    energies = [
        (s.device * 64 + i, readings[2][1] - readings[0][1])
        for s in samples
        for i, readings in enumerate(s.counters.values())
    ]
    for name, key in zip(ROLLUPS, keys, strict=True):
        db.executemany(
            f"INSERT INTO {name} VALUES(?, {key}, ?) ON CONFLICT(series, at) DO UPDATE SET n = n + excluded.n", energies
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
