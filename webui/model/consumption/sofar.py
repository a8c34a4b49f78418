"""What an earlier period took until the same moment of it, so that one that still runs has something beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import local
from runtime.store.chart.consumption import ConsumptionBin, total_n


@dataclass(frozen=True, slots=True)
class SoFar:
    """Energy and cost; None where nothing is known."""

    total_n: int | None
    cost_p: int | None


def sum_until(bins: Iterable[ConsumptionBin], period: str, now: datetime, zone: ZoneInfo) -> SoFar:
    """The bars of another day, month, year or ten years up to this moment of it, its own bar by share of time.

    An hour that the clocks repeat counts once it has passed here too.
    """
    energies: list[int | None] = []
    costs: list[int | None] = []
    for bar in bins:
        begun = local(bar.start_ts, zone)
        position = {"day": begun.hour, "month": begun.day, "year": begun.month, "decade": begun.year + 10}[period]
        here = {"day": now.hour, "month": now.day, "year": now.month, "decade": now.year}[period]
        if position > here:
            continue
        passed = _passed(period, now, bar) if position == here else (1, 1)
        energies.append(_share(bar.value_n, passed))
        costs.append(_share(bar.cost_p, passed))
    return SoFar(total_n(energies), total_n(costs))


def _passed(period: str, now: datetime, bar: ConsumptionBin) -> tuple[int, int]:
    """(part, whole) of the bar's time that has passed, by the wall clock."""
    minutes = now.hour * 60 + now.minute
    if period == "day":
        return now.minute, 60
    days = {"month": 0, "year": now.day - 1, "decade": now.timetuple().tm_yday - 1}[period]
    whole = {"month": 1, "year": round((bar.end_ts - bar.start_ts) / 86_400), "decade": 365}[period]
    return min(days * 1440 + minutes, whole * 1440), whole * 1440


def _share(n: int | None, passed: tuple[int, int]) -> int | None:
    part, whole = passed
    return None if n is None else n * part // whole
