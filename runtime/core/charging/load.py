"""What a station adds to its lines by itself, and what it takes off them once it follows: by station, and summed up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runtime.core.charging.state import Charge, LineKey, StationReport
from runtime.core.charging.timing import CAR_MS, FRESH_MS, RESERVE_MS, SETTLE_MS


@dataclass(frozen=True, slots=True)
class Load:
    """Of a station on one of its own phases, in mA.

    rise_ma    may come by itself: of a vehicle that may draw more, of a silent station
    drop_ma    still measured of what is being lowered
    relief_ma  gone at least once what was lowered follows, even if nothing of it shows at the meter yet
    unsettled  1 = its last reduction does not show at the meter yet
    """

    rise_ma: int = 0
    drop_ma: int = 0
    relief_ma: int = 0
    unsettled: int = 0


NONE = Load()


def load_of(report: StationReport, charge: Charge | None, index: int, now_ms: int, *, deaf: bool) -> Load:
    """On the station's own phase ``index``, which its vehicle is taken to draw from. ``deaf``: see ``is_deaf``."""
    drawn_ma = current_of(report, index) or 0
    rise_ma = _rise_ma(report, charge, drawn_ma, now_ms)
    if charge is None or is_settled(charge, now_ms):
        return Load(rise_ma) if rise_ma else NONE
    if deaf:
        return Load(rise_ma, unsettled=1)
    before_ma = charge.before_ma[index] or 0 if index < len(charge.before_ma) else 0
    return Load(rise_ma, max(0, drawn_ma - charge.limit_ma), max(0, before_ma - charge.limit_ma), 1)


def loads_alike(before: Charge, after: Charge) -> bool:
    """Nothing that its loads depend on is different."""
    return (
        before.limit_ma == after.limit_ma
        and before.lowered_ms == after.lowered_ms
        and before.raised_ms == after.raised_ms
        and before.uses == after.uses
    )


def current_of(report: StationReport, index: int) -> int | None:
    """Measured at one of its own phases."""
    return report.currents_ma[index] if index < len(report.currents_ma) else None


def is_settled(charge: Charge, now_ms: int) -> bool:
    """Its last reduction shows at the meter."""
    return now_ms - charge.lowered_ms >= SETTLE_MS


def is_deaf(report: StationReport, charge: Charge, now_ms: int) -> bool:
    """It had the time to show its lower limit, and did not: nothing is expected of another one."""
    late = now_ms - charge.lowered_ms >= FRESH_MS
    return late and report.confirmed_ma is not None and report.confirmed_ma > charge.limit_ma


def worst_ma(report: StationReport, charge: Charge | None, now_ms: int) -> int:
    """What a silent station may come to draw: its safe current or the limit that it has; or all it can."""
    if not report.watchdog_s:
        return report.rated_ma
    fell_back = now_ms - report.heard_ms > report.watchdog_s * 1000 + CAR_MS
    return report.fallback_ma if charge is None or fell_back else max(report.fallback_ma, charge.limit_ma)


class LineLoads:
    """Sums by line; a station's part is replaced when its charge changes, so that asking costs nothing."""

    def __init__(self, keys: Iterable[LineKey]) -> None:
        self._sums = {key: [0, 0, 0, 0] for key in keys}
        self._parts: dict[int, list[tuple[LineKey, Load]]] = {}

    def put(self, station: int, parts: list[tuple[LineKey, Load]]) -> None:
        """Its loads by line, instead of those that it had."""
        for key, load in self._parts.get(station, ()):
            self._add(key, load, -1)
        self._parts[station] = parts = [part for part in parts if part[1] is not NONE]
        for key, load in parts:
            self._add(key, load, 1)

    def rise_ma(self, key: LineKey) -> int:
        return self._sums[key][0]

    def drop_ma(self, key: LineKey) -> int:
        return self._sums[key][1]

    def relief_ma(self, key: LineKey) -> int:
        return self._sums[key][2]

    def is_settled(self, key: LineKey) -> bool:
        """No reduction is on its way."""
        return not self._sums[key][3]

    def _add(self, key: LineKey, load: Load, sign: int) -> None:
        sums = self._sums[key]
        sums[0] += sign * load.rise_ma
        sums[1] += sign * load.drop_ma
        sums[2] += sign * load.relief_ma
        sums[3] += sign * load.unsettled


def _rise_ma(report: StationReport, charge: Charge | None, drawn_ma: int, now_ms: int) -> int:
    if not report.heard:
        return worst_ma(report, charge, now_ms)
    if charge is None or not report.plugged:
        return 0
    in_force_ma = report.rated_ma if report.confirmed_ma is None else report.confirmed_ma
    if in_force_ma > charge.limit_ma:  # it has not obeyed yet
        return max(0, in_force_ma - drawn_ma)
    return max(0, charge.limit_ma - drawn_ma) if now_ms - charge.raised_ms < RESERVE_MS else 0
