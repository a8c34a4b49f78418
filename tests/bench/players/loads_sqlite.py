"""The same charts by load from rollup tables in SQLite. FOLDER -> JSON."""

import json
import random
import sqlite3
import sys
from pathlib import Path

from runtime.core.clock import timegrid
from tests.bench.players.loads import DATE, DEVICES, MONTH, SITE, median_ms

QUERY = """SELECT at, load, sum(n) FROM {table} JOIN device ON device.id = series WHERE at >= ? AND at < ?
           GROUP BY at, load"""


def main(folder: str) -> None:
    db = sqlite3.connect(Path(folder) / "bins.db")
    db.execute("CREATE TABLE device(id INTEGER PRIMARY KEY, load INTEGER)")
    db.executemany("INSERT INTO device VALUES(?, ?)", [(device.id, device.load) for device in SITE.devices])
    dice = random.Random(1)
    days = range(timegrid.first_day(MONTH - 1), timegrid.first_day(MONTH + 1))
    for table, ordinals in (("day", days), ("year", range(DATE.year - 19, DATE.year + 1))):
        db.execute(
            f"CREATE TABLE {table}(at INTEGER, series INTEGER, n INTEGER, PRIMARY KEY(at, series)) WITHOUT ROWID"
        )
        rows = [(at, device, dice.randrange(10**9)) for at in ordinals for device in DEVICES]
        db.executemany(f"INSERT INTO {table} VALUES(?, ?, ?)", rows)
    db.commit()
    bounds = {
        "month": ("day", timegrid.first_day(MONTH), timegrid.first_day(MONTH + 1)),
        "decade": ("year", DATE.year - 9, DATE.year + 1),
    }
    figures = {
        name: median_ms(
            lambda table=table, low=low, high=high: db.execute(QUERY.format(table=table), (low, high)).fetchall()
        )
        for name, (table, low, high) in bounds.items()
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1])
