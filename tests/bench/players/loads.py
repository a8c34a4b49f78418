"""Ten years of bins for 255 devices, then charts divided by load. FOLDER -> JSON."""

import datetime
import json
import random
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid
from runtime.core.energy.bins import SLOTS, Period
from runtime.core.site.installation import DeviceSpec, Installation, LoadSpec
from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.store.energy.accounts import BOOKED
from runtime.store.energy.bins import Tally
from runtime.store.env import open_store
from runtime.store.history import History

PARIS = ZoneInfo("Europe/Paris")
DEVICES = range(1, 256)
DATE = datetime.date(2026, 10, 20)
MONTH = DATE.year * 12 + DATE.month - 1
ENERGY = 10
PEAK, NIGHT = 1, 2
SITE = Installation(
    devices=tuple(DeviceSpec(id, str(id), 1, id, "m", load=id % 14 + 1, groups=(id % 30 + 1,)) for id in DEVICES),
    loads=tuple(LoadSpec(id, f"load {id}") for id in range(1, 15)),
    tariffs=(
        TariffSpec(1, "Peak", prices=(Price(PEAK, 180_000),), unpriced=3),
        TariffSpec(2, "Night", prices=(Price(NIGHT, 120_000),), unpriced=4),
    ),
    rules=(RuleSpec(1, 1, start="06:00", end="21:59"), RuleSpec(2, 2, start="22:00", end="05:59")),
)


def fill(store):
    """Random energies, since only reading is measured."""
    dice = random.Random(1)
    day = DATE.toordinal()
    starts = [
        start for start, _ in timegrid.hours(timegrid.day_start(day, PARIS), timegrid.day_start(day + 1, PARIS), PARIS)
    ]
    months = range(DATE.year * 12 - 12, DATE.year * 12 + 12)
    days = range(timegrid.first_day(MONTH - 1), timegrid.first_day(MONTH + 1))
    years = range(DATE.year - 19, DATE.year + 1)
    every = ((Period.HOUR, starts), (Period.DAY, days), (Period.MONTH, months), (Period.YEAR, years))
    with store.writing() as txn:
        tally = Tally(store, txn)
        for period, ordinals in every:
            for ordinal in ordinals:
                for lane in (ENERGY, BOOKED | PEAK, BOOKED | NIGHT):
                    for device in DEVICES:
                        cell = tally.cell(period, ordinal, lane, device // SLOTS)
                        cell.add(device % SLOTS, dice.randrange(10 ** (6 + 2 * period)))
        tally.flush()


def median_ms(ask, times=200):
    ask()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    return sorted(took)[times // 2] * 1e3


def main(folder: str) -> None:
    store = open_store(Path(folder))
    fill(store)
    history, figures = History(store), {}
    for period in ("day", "month", "year", "decade"):
        asked = {"fluid": "electricity", "period": period, "date": DATE, "zone": PARIS}
        began = time.perf_counter()
        history.by_load(SITE, **asked)
        figures[f"by load, {period}, cold"] = (time.perf_counter() - began) * 1e3
        figures[f"by load, {period}"] = median_ms(lambda asked=asked: history.by_load(SITE, **asked))
        for of in ("total", "load:3", "device:7"):
            figures[f"{of}, {period}"] = median_ms(lambda of=of, asked=asked: history.consumption(SITE, of=of, **asked))
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1])
