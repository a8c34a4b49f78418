"""What a meter with tariff periods counts: one energy divided among its registers, exactly and for any moment."""

from __future__ import annotations

from array import array
from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import local
from simulator.plant.meter import Meter
from simulator.plant.plant import HOUR_MS

HOUR_S = HOUR_MS // 1000
OFF_PEAK = frozenset((22, 23, 0, 1, 2, 3, 4, 5))  # hours of the wall clock


class Registers:
    """Off-peak and peak energy of one meter since its branches began, in 0.001 Wh. What is kept is derived.

    quantity  the energy that is divided
    """

    def __init__(self, meter: Meter, quantity: str, zone: ZoneInfo) -> None:
        self._meter, self._quantity, self._zone = meter, quantity, zone
        self._first = meter.branches[0].origin_ms // HOUR_MS
        self._off_peak, self._whole = array("q", [0]), array("q", [0])

    def is_off_peak(self, at_ms: int) -> bool:
        return local(at_ms // 1000, self._zone).hour in OFF_PEAK

    def at(self, at_ms: int) -> tuple[int, int]:
        """(off-peak, peak) at a moment; their sum is what the meter counts."""
        hour = at_ms // HOUR_MS - self._first
        self._reach(hour)
        whole = self._meter.energies(at_ms)[self._quantity]
        off_peak = self._off_peak[hour]
        if self.is_off_peak(at_ms):
            off_peak += whole - self._whole[hour]
        return off_peak, whole - off_peak

    def _reach(self, hour: int) -> None:
        """Fill the sums up to so many hours after the beginning."""
        begun = len(self._whole)
        if hour < begun:
            return
        until = hour + 24
        wholes = self._meter.energies_by_hour(self._first + begun, self._first + until)[self._quantity]
        for number, whole in enumerate(wholes, begun):
            before_ms = (self._first + number - 1) * HOUR_MS
            used = whole - self._whole[-1] if self.is_off_peak(before_ms) else 0
            self._off_peak.append(self._off_peak[-1] + used)
            self._whole.append(whole)
