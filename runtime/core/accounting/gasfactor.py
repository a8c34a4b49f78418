"""What a cubic metre of gas is worth, dated like a price: an edit of today leaves the past as it was."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid
from runtime.core.site.installation import Installation


class GasFactors:
    """The factors of a site in its zone, Wh of a cubic metre by time; 0 = not known."""

    def __init__(self, installation: Installation, zone: ZoneInfo) -> None:
        dated = sorted(factors_of(installation).items())
        self._starts = [timegrid.day_start(date.fromisoformat(day).toordinal(), zone) if day else 0 for day, _ in dated]
        self._values = [wh_per_m3 for _, wh_per_m3 in dated]

    def __bool__(self) -> bool:
        return any(self._values)

    def at(self, ts: int) -> int:
        number = bisect_right(self._starts, ts)
        return self._values[number - 1] if number else 0

    def cut_after(self, ts: int) -> int:
        """The first moment after ``ts`` at which another one holds."""
        number = bisect_right(self._starts, ts)
        return self._starts[number] if number < len(self._starts) else timegrid.NEVER


def factors_of(installation: Installation) -> dict[str, int]:
    """ISO date from which it holds -> Wh of a cubic metre; "" = from ever."""
    if installation.gas_factors:
        return dict(installation.gas_factors)
    return {"": installation.gas_wh_per_m3} if installation.gas_wh_per_m3 else {}


def factor_on(installation: Installation, day: date) -> int:
    """What holds on a day of the site, 0 = not known."""
    held = [since for since in factors_of(installation) if since <= day.isoformat()]
    return factors_of(installation)[max(held)] if held else 0


def date_factor(before: Installation, after: Installation, today: date) -> Installation:
    """``after`` with a factor that was edited alone dated from today on; the first one that is known holds from ever.

    Who gives all factors with their dates has dated them.
    """
    edited = after.gas_wh_per_m3
    if after.gas_factors != before.gas_factors:
        return replace(after, gas_wh_per_m3=0) if after.gas_factors else after
    if edited == before.gas_wh_per_m3 or not (edited and factors_of(before)):
        return after
    factors = factors_of(before)
    if edited != factor_on(before, today):
        factors[today.isoformat()] = edited
    return replace(after, gas_wh_per_m3=0, gas_factors=dict(sorted(factors.items())))
