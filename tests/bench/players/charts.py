"""Two years of history for 30 devices, then charts of them. FOLDER -> JSON."""

import datetime
import json
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.store.energy.importer import import_history
from runtime.store.env import open_store
from runtime.store.history import PERIODS, History

PARIS = ZoneInfo("Europe/Paris")
DAYS, FINE_DAYS = 730, 14
FIRST = datetime.date(2024, 11, 1).toordinal()
SITE = Installation(devices=tuple(DeviceSpec(id, str(id), 1, id, "m", load=id % 14) for id in range(1, 31)))
POWERS = [f"active_power{phase}_w.{statistic}" for phase in ("", "_l1", "_l2") for statistic in ("mean", "min", "max")]


def lines():
    for day in range(FIRST, FIRST + DAYS):
        start, end = timegrid.day_start(day, PARIS), timegrid.day_start(day + 1, PARIS)
        fine = day >= FIRST + DAYS - FINE_DAYS
        times = range(start, end, 600 if fine else 3600)
        for device in range(1, 31):
            energy = [10**9 * device + (ts - 1_600_000_000) * device * 70 for ts in times]
            record = {"device": device, "start_ts": start, "step_s": times.step}
            record["indexes"] = {"active_energy_import_wh": energy, "reactive_energy_import_varh": energy}
            if fine:
                record["columns"] = dict.fromkeys(POWERS, [1000] * len(times))
            yield json.dumps(record)


def slowest_ms(ask, times=50):
    ask()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    return sorted(took)[times // 2] * 1e3


def main(folder: str) -> None:
    store, made = open_store(Path(folder)), list(lines())
    began = time.perf_counter()
    import_history(store, made, SITE)
    import_s = time.perf_counter() - began
    history, date = History(store), datetime.date(2026, 10, 20)

    def chart(of, period):
        return lambda: history.consumption(SITE, of=of, fluid="electricity", period=period, date=date, zone=PARIS)

    charts = {f"{of} by {period}": slowest_ms(chart(of, period)) for of in ("total", "device:7") for period in PERIODS}
    day_ts = timegrid.day_start(date.toordinal(), PARIS)
    power = slowest_ms(lambda: history.samples(7, "active_power_w", day_ts, day_ts + 86_400))
    print(json.dumps({"import_s": import_s, "charts_ms": charts, "samples_ms": power}))


if __name__ == "__main__":
    main(sys.argv[1])
