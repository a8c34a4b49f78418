"""One simulated device: a meter on branches of the plant and a panel, seen through the registers of its map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from zlib import crc32

from runtime.core.map.devicemap import DeviceMap
from runtime.core.quantity.catalogue import QUANTITIES
from simulator.device.encode import shown_series, step_of
from simulator.device.identification import objects_of
from simulator.device.image import Encoder, SpaceImage
from simulator.device.panel import Panel, Value
from simulator.device.station import VOLT, Station
from simulator.device.written import Refusal, commands_in
from simulator.gateway.modbus import ILLEGAL_FUNCTION
from simulator.plant.energies import ENERGIES
from simulator.plant.harmonic import PREFIX, harmonics
from simulator.plant.meter import Meter
from simulator.plant.plant import HOUR_MS

CACHE_MS = 100
FAILURE = 4
OBEDIENCES = ("obeys", "ignores", "refuses", "contrary")
Happening = Callable[[str, Value, int], None]  # quantity, value, UTC ms


class Device:
    """Answers as a Modbus unit and tells the truth behind it.

    meter      None = it measures nothing
    constants  counts or texts of quantities that do not change: ratios, serial number
    cache_ms   how long a moment stands, so that the blocks of one reading fit each other
    panel      what it shows and is told beside; None = nothing
    station    what moves on the panel of a charging station
    obedience  what it does when it is written to: "obeys", "ignores" (says yes and does nothing), "refuses",
               "contrary" (shows another state than it was told)
    on_happening  is told what happens to its panel
    """

    def __init__(
        self,
        name: str,
        map: DeviceMap,
        meter: Meter | None,
        constants: Mapping[str, int | str],
        cache_ms: int = CACHE_MS,
        *,
        panel: Panel | None = None,
        station: Station | None = None,
    ) -> None:
        self.name = name
        self.map = map
        self.meter = meter
        self.panel = panel
        self.station = station
        self.obedience = "obeys"
        self.on_happening: list[Happening] = []
        self.inputs: dict[str, Device] = {}  # pulses_N -> the meter whose pulses come in there
        self.feeds: list[tuple[Station, tuple[int, ...]]] = []  # stations that it measures, by its phases at theirs
        self._presets: dict[str, int] = {}  # quantity -> what was added to what was counted
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
        self._harmonics = [field.quantity for field in map.fields if field.quantity.startswith(PREFIX)]
        self._demanded = any("_demand" in field.quantity for field in map.fields)
        self._image: tuple[int, int, dict[str, SpaceImage]] = (-1, -1, {})

    def spaces(self, at_ms: int) -> Mapping[str, SpaceImage]:
        moment, revision = self.moment(at_ms), self.panel.revision if self.panel else 0
        if self._image[:2] != (moment, revision):
            image = self._encoder.image(self.values(moment))
            self._image = (moment, self.panel.revision if self.panel else 0, image)
        return self._image[2]

    def objects(self) -> Mapping[int, bytes]:
        return objects_of(self.map)

    def moment(self, at_ms: int) -> int:
        """The moment whose values the registers hold at ``at_ms``."""
        return at_ms - (at_ms + self._phase_ms) % self._cache_ms

    def values(self, at_ms: int) -> dict[str, Value]:
        """Every quantity that the device could know, counts of its step."""
        values: dict[str, Value] = dict(self._constants)
        if self.meter is not None:
            values |= self.meter.gauges(at_ms)
            values["run_time_h"] = (at_ms - self.meter.branches[0].origin_ms) * 100 // HOUR_MS
            if self._demanded:
                values.update(self.meter.demands(at_ms))
            values.update(harmonics(self._harmonics, self.meter.gauges(at_ms) if self._harmonics else {}))
            values.update(self.meter.energies(at_ms))
        if self.panel is not None:
            shown = self.panel.values(at_ms)
            values |= {id: value for id, value in shown.items() if id not in values or id == "breaker_state"}
        if self.station is not None:
            values |= self.station.values(at_ms)
        for quantity, drawn_n in self._drawn_by_cars(at_ms).items():
            value = values.get(quantity)
            if isinstance(value, int):
                values[quantity] = value + drawn_n
        for quantity, added in self._presets.items():
            value = values.get(quantity)
            values[quantity] = (value if isinstance(value, int) else 0) + added
        values |= {quantity: meter.pulses(at_ms) for quantity, meter in self.inputs.items()}
        return values

    def _drawn_by_cars(self, at_ms: int) -> Counter[str]:
        """What cars add to what it measures: of its own station energy and power, of those that it feeds all."""
        drawn: Counter[str] = Counter()
        if self.station is not None:
            drawn["active_energy_import_wh"] += self.station.counted_n(at_ms)
            drawn["active_power_w"] += sum(self.station.drawn_ma(at_ms)) * VOLT // 100
        for station, phases in self.feeds:
            drawn["active_energy_import_wh"] += station.counted_n(at_ms)
            for phase, current_ma in zip(phases, station.drawn_ma(at_ms), strict=False):
                drawn[f"current_l{phase}_a"] += current_ma
                drawn[f"active_power_l{phase}_w"] += current_ma * VOLT // 100
                drawn["active_power_w"] += current_ma * VOLT // 100
        return drawn

    def pulses(self, at_ms: int) -> int:
        """What a meter with one counter has given so far."""
        field, step = self._counters[0]
        value = self.values(at_ms)[field.quantity]
        return int(value / step) if isinstance(value, int) else 0

    # ---- what it is told, and what happens to it

    def write(self, space: str, at: int, data: bytes, at_ms: int) -> int:
        """Returns 0, or the Modbus exception that it answers."""
        if not self.map.commands:
            return ILLEGAL_FUNCTION
        try:
            told = commands_in(self.map.commands, space, at, data)
        except Refusal as refusal:
            return refusal.code
        if self.obedience == "refuses":
            return FAILURE
        if self.obedience == "ignores":
            return 0
        for row, value_n in told:
            if self.obedience == "contrary":
                others = [count for count, _ in row.values if count != value_n] or [row.least_n]
                value_n = others[0]
            if row.read_back or row.quantity in (self.panel or ()):  # of the rest it shows nothing
                self.happen(row.read_back or row.quantity, value_n, at_ms)
        return 0

    def happen(self, quantity: str, value: Value, at_ms: int) -> None:
        """It was told so, or the outside world did it. Raises KeyError for what it does not have."""
        if QUANTITIES[quantity].kind == "counter" and isinstance(value, int):
            meter = self.inputs.get(quantity)
            if meter is None:
                self._preset(quantity, value, at_ms)
            else:
                field, step = meter._counters[0]
                meter._preset(field.quantity, int(value * step), at_ms)
            self._image = (-1, -1, {})
        elif self.panel is None or quantity not in self.panel:
            raise KeyError(quantity)
        elif self.station is not None:
            self.station.take(quantity, value, at_ms)
        else:
            self.panel.take(quantity, value, at_ms)
        for listening in self.on_happening:
            listening(quantity, value, at_ms)

    def _preset(self, quantity: str, index: int, at_ms: int) -> None:
        counted = self.values(self.moment(at_ms)).get(quantity)
        before = self._presets.get(quantity, 0)
        self._presets[quantity] = index - (counted if isinstance(counted, int) else 0) + before
        self._image = (-1, -1, {})

    # ---- what it counts

    def step(self, quantity: str) -> Fraction:
        """What one count of the quantity's register is worth, in steps of the quantity."""
        return self._encoder.step(quantity)

    def indexes(self, at_ms: int) -> dict[str, int]:
        """What the counter registers show, in steps of the quantities."""
        if self.meter is None:
            return {}
        return {quantity: series[0] for quantity, series in self.indexes_of([self.meter.energies(at_ms)]).items()}

    def indexes_of(self, energies: Sequence[Mapping[str, int]]) -> dict[str, list[int]]:
        """``indexes`` at the moments of ``energies``."""
        return {
            field.quantity: shown_series(field, [moment[field.quantity] for moment in energies], step)
            for field, step in self._counters
        }

    def indexes_by_hour(self, from_hour: int, to_hour: int) -> dict[str, list[int]]:
        """``indexes`` at each full UTC hour since 1970 in [from_hour, to_hour]."""
        if self.meter is None:
            return {}
        energies = self.meter.energies_by_hour(from_hour, to_hour)
        return {field.quantity: shown_series(field, energies[field.quantity], step) for field, step in self._counters}


def wanted_energies(map: DeviceMap) -> tuple[str, ...]:
    return tuple(field.quantity for field in map.fields if field.quantity in ENERGIES)


def _unit(quantity: str) -> Fraction:
    return Fraction(10) ** QUANTITIES[quantity].exp10
