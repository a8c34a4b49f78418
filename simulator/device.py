"""One simulated device: a meter on branches of the plant, seen through the registers of its map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from zlib import crc32

from runtime.core.devicemap import DeviceMap
from runtime.core.quantities import QUANTITIES
from simulator.encode import shown_series, step_of
from simulator.energies import ENERGIES
from simulator.image import Encoder, SpaceImage
from simulator.meter import Meter
from simulator.plant import HOUR_MS

CACHE_MS = 100


class Device:
    """Answers as a Modbus unit and tells the truth behind it.

    constants  counts or texts of quantities that do not change: ratios, serial number
    cache_ms   how long a moment stands, so that the blocks of one reading fit each other
    """

    def __init__(
        self, name: str, map: DeviceMap, meter: Meter, constants: Mapping[str, int | str], cache_ms: int = CACHE_MS
    ) -> None:
        self.name = name
        self.map = map
        self.meter = meter
        self._cache_ms = cache_ms
        self._phase_ms = crc32(name.encode())  # devices do not all lay out their registers at once
        self._constants = {"phase_sequence": 1, "breaker_state": 1, "integration_time_min": 10, **constants}
        parameters = {
            field.name: Fraction(int(self._constants.get(field.quantity, 0))) * _unit(field.quantity)
            for field in map.fields
            if field.role == "parameter"
        }
        self._encoder = Encoder(map, parameters)
        self._counters = [
            (field, step_of(field, map, parameters))
            for field in map.fields
            if QUANTITIES[field.quantity].kind == "counter" and field.quantity in ENERGIES
        ]
        self._demanded = any("_demand" in field.quantity for field in map.fields)
        self._image: tuple[int, dict[str, SpaceImage]] = (-1, {})

    def spaces(self, at_ms: int) -> Mapping[str, SpaceImage]:
        moment = self.moment(at_ms)
        if self._image[0] != moment:
            self._image = (moment, self._encoder.image(self.values(moment)))
        return self._image[1]

    def moment(self, at_ms: int) -> int:
        """The moment whose values the registers hold at ``at_ms``."""
        return at_ms - (at_ms + self._phase_ms) % self._cache_ms

    def values(self, at_ms: int) -> dict[str, int | str | None]:
        """Every quantity that the device could know, counts of its step."""
        values: dict[str, int | str | None] = {**self._constants, **self.meter.gauges(at_ms)}
        values["run_time_h"] = (at_ms - self.meter.branches[0].origin_ms) * 100 // HOUR_MS
        if self._demanded:
            values.update(self.meter.demands(at_ms))
        values.update(self.meter.energies(at_ms))
        return values

    def step(self, quantity: str) -> Fraction:
        """What one count of the quantity's register is worth, in steps of the quantity."""
        return self._encoder.step(quantity)

    def indexes(self, at_ms: int) -> dict[str, int]:
        """What the counter registers show, in steps of the quantities."""
        return {quantity: series[0] for quantity, series in self.indexes_of([self.meter.energies(at_ms)]).items()}

    def indexes_of(self, energies: Sequence[Mapping[str, int]]) -> dict[str, list[int]]:
        """``indexes`` at the moments of ``energies``."""
        return {
            field.quantity: shown_series(field, [moment[field.quantity] for moment in energies], step)
            for field, step in self._counters
        }

    def indexes_by_hour(self, from_hour: int, to_hour: int) -> dict[str, list[int]]:
        """``indexes`` at each full UTC hour since 1970 in [from_hour, to_hour]."""
        energies = self.meter.energies_by_hour(from_hour, to_hour)
        return {field.quantity: shown_series(field, energies[field.quantity], step) for field, step in self._counters}


def wanted_energies(map: DeviceMap) -> tuple[str, ...]:
    return tuple(field.quantity for field in map.fields if field.quantity in ENERGIES)


def _unit(quantity: str) -> Fraction:
    return Fraction(10) ** QUANTITIES[quantity].exp10
