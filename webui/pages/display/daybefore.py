"""What the day before took until this hour, so that a day that still runs has something like it to stand beside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import local
from runtime.store.chart.consumption import ConsumptionBin, total_n


def sum_until(bins: Iterable[ConsumptionBin], now: datetime, zone: ZoneInfo) -> tuple[int | None, int | None]:
    """(energy, cost) of the bars of another day up to this minute of the day, its own hour by share.

    None where nothing is known. An hour that the clocks repeat counts once it has passed here too.
    """
    energies: list[int | None] = []
    costs: list[int | None] = []
    for bar in bins:
        hour = local(bar.start_ts, zone).hour
        if hour > now.hour:
            continue
        elapsed_s = now.minute * 60 if hour == now.hour else 3600
        energies.append(_share(bar.value_n, elapsed_s))
        costs.append(_share(bar.cost_p, elapsed_s))
    return total_n(energies), total_n(costs)


def _share(n: int | None, elapsed_s: int) -> int | None:
    return None if n is None else n * elapsed_s // 3600
