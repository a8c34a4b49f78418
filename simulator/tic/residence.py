"""A house with a roof: what it takes and what it gives, by two meters, live and in the past, from one truth."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from simulator.plant.grid import Grid
from simulator.plant.meter import Meter
from simulator.plant.plant import Branch, BranchSpec
from simulator.plant.profiles import Weather
from simulator.tic.meters import Linky, Producer
from simulator.tic.port import TicPort

NAME, ZONE, SEED, INTERVAL_S = "House", "Europe/Paris", 7, 600
ORIGIN_TS = int(datetime.datetime(2023, 1, 1, tzinfo=datetime.UTC).timestamp())
_ONE_PHASE = (1000, 0, 0)
_USED = (("Heating", "heating", 3200), ("Hot water", "hot_water", 2200), ("Kitchen", "kitchen", 2600),
         ("Sockets", "offices", 450), ("Stand-by", "base", 120))  # fmt: skip
_ROOF = ("Roof", "pv", 3000)
ENERGIES = ("active_energy_import_wh", "active_energy_export_wh")
_SITE = """
[site]
name = "{name}"
zone = "{zone}"
currency = "EUR"
interval_s = {interval_s}

[[gateway]]
name = "Linky"
url = "tic://{folder}/tic-1"

[[gateway]]
name = "Producer's meter"
url = "tic://{folder}/tic-2"

[[device]]
name = "Supply"
gateway = "Linky"
unit = 1
model = "teleinfo-standard"

[[device]]
name = "Roof"
gateway = "Producer's meter"
unit = 1
model = "teleinfo-historique"
parameters = {{use = "production"}}

[[tariff]]
name = "Peak hours"
colour = "#d9480f"
price = "0.2065"

[[tariff]]
name = "Off-peak hours"
colour = "#1c7ed6"
price = "0.1579"

[[rule]]
tariff = "Peak hours"
start = "06:00"
end = "21:59"

[[rule]]
tariff = "Off-peak hours"
start = "22:00"
end = "05:59"
"""


class Residence:
    """Everything that depends on nothing but the moment."""

    def __init__(self) -> None:
        weather, grid = Weather(SEED, ZONE), Grid(SEED)
        used = [_branch(*row, weather) for row in _USED]
        self._used, self._given = Meter(used, grid, ENERGIES), Meter([_branch(*_ROOF, weather)], grid, ENERGIES)
        self.linky = Linky(self._used, "041876123456", ZoneInfo(ZONE))
        self.producer = Producer(self._given, "022061234567")

    def ports(self, folder: Path, now_ms: Callable[[], int]) -> dict[str, TicPort]:
        """By name of the gateway, not yet plugged in."""
        return {
            "Linky": TicPort(self.linky, folder / "tic-1", now_ms),
            "Producer's meter": TicPort(self.producer, folder / "tic-2", now_ms),
        }

    def history(self, from_ts: int, to_ts: int, rows_from: int) -> Iterator[str]:
        """What both showed, as ``wattkeeper history`` takes it in: hourly, from ``rows_from`` on by the interval."""
        day_s = 86_400
        for start in range(from_ts, to_ts, day_s):
            end, step = min(start + day_s, to_ts), INTERVAL_S if start >= rows_from else 3600
            edges = range(start, end // step * step + 1, step)
            for number, (speaker, meter) in enumerate(self._both(), 1):
                shown = [speaker.indexes(edge * 1000) for edge in edges]
                line: dict[str, object] = {"device": number, "start_ts": start, "step_s": step}
                line["indexes"] = {quantity: [each[quantity] for each in shown] for quantity in shown[0]}
                if step == INTERVAL_S:
                    middles = [meter.gauges((edge + step // 2) * 1000) for edge in edges[:-1]]
                    line["columns"] = {
                        f"{id}.{statistic}": [abs(each[id]) for each in middles]
                        for id in ("apparent_power_va", "current_l1_a")
                        for statistic in ("mean", "max")
                    }
                yield json.dumps(line, separators=(",", ":"))

    def _both(self) -> tuple[tuple[Linky | Producer, Meter], ...]:
        return (self.linky, self._used), (self.producer, self._given)


def installation(folder: Path) -> str:
    """What a server needs to hear both meters, with the tariffs of the contract, as TOML."""
    return _SITE.format(name=NAME, zone=ZONE, interval_s=INTERVAL_S, folder=folder)


def _branch(name: str, profile: str, rated_w: int, weather: Weather) -> Branch:
    return Branch(BranchSpec(name, profile, rated_w, _ONE_PHASE), SEED, ORIGIN_TS, weather)
