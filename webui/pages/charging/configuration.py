"""Green'Up configuration: circuits with their areas against the last day, stations and their priority."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runtime.core.charging.resource import CIRCUIT, STATION, stations_under
from runtime.core.charging.safety import longest_excess_s
from runtime.core.charging.spec import FILL, STEPS, WIRINGS, CircuitSpec, StationSpec
from runtime.core.charging.station.observation import can_be_limited
from runtime.core.site.diff import etag_of
from runtime.core.site.installation import DeviceSpec
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell

DAY_S = 86_400
_PHASES = ("current_l1_a", "current_l2_a", "current_l3_a")


@dataclass(frozen=True, slots=True)
class DayCurve:
    """The currents of one phase in the last day, for a picture of 1000 by 200: ``d`` of an SVG path, "" = none."""

    phase: int
    d: str
    highest_ma: int


@dataclass(frozen=True, slots=True)
class CircuitPanel:
    """``most_ma`` is the top of the picture."""

    spec: CircuitSpec
    etag: str
    meter: DeviceSpec | None
    longest_excess_s: int
    curves: tuple[DayCurve, ...]
    most_ma: int


class ChargingSetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/charging", self.show)

    @needs(("system_configuration", "see"))
    def show(self) -> str:
        site = self._bridge.installation()
        circuits, stations = site.of(CIRCUIT), site.of(STATION)
        return self._shell.page(
            "setup/charging.html",
            panels=[self._panel(circuit) for circuit in circuits],
            stations=[(spec, etag_of(spec), site.device(spec.device)) for spec in stations],
            circuits=[(circuit.id, circuit.name) for circuit in circuits],
            meters=self._meters(),
            devices=self._devices(stations),
            wirings=[(wiring, " ".join(f"L{phase}" for phase in phases)) for wiring, phases in WIRINGS.items()],
            allocations=(STEPS, FILL),
        )

    # ---- inside

    def _panel(self, circuit: CircuitSpec) -> CircuitPanel:
        site = self._bridge.installation()
        samples = [self._samples(circuit.meter, quantity) for quantity in _PHASES]
        highest_ma = max((level_ma for phase in samples for _, level_ma in phase), default=0)
        most_ma = max(circuit.available_ma * 6 // 5, highest_ma * 21 // 20)
        curves = tuple(_curve(number, phase, most_ma) for number, phase in enumerate(samples, 1))
        excess_s = longest_excess_s(stations_under(site, circuit))
        return CircuitPanel(circuit, etag_of(circuit), site.device(circuit.meter), excess_s, curves, most_ma)

    def _samples(self, device: int, quantity: str) -> list[tuple[float, int]]:
        """(share of the last day that had passed, highest current) of each interval that was recorded."""
        now_ts = self._bridge.clock.now_ts()
        recorded = self._bridge.history.samples(device, quantity, now_ts - DAY_S, now_ts)
        levels = ((sample, sample.values_n.get("max", sample.values_n.get("mean"))) for sample in recorded)
        return [
            ((sample.start_ts + sample.end_ts - 2 * (now_ts - DAY_S)) / (2 * DAY_S), abs(level_ma))
            for sample, level_ma in levels
            if level_ma is not None
        ]

    def _meters(self) -> list[tuple[int, str]]:
        """What measures a current."""
        return [(view.id, view.name) for view in self._bridge.devices() if _PHASES[0] in view.quantities]

    def _devices(self, stations: Sequence[StationSpec]) -> list[tuple[int, str]]:
        """What can be limited, and what is a station already."""
        chosen = {station.device for station in stations}
        maps = [(device, self._bridge.map_of(device.id)) for device in self._bridge.installation().devices]
        return [
            (device.id, device.name)
            for device, decoder in maps
            if device.id in chosen or (decoder is not None and can_be_limited(decoder.commands))
        ]


def _curve(phase: int, samples: Sequence[tuple[float, int]], most_ma: int) -> DayCurve:
    points = [f"{1000 * at:.1f} {200 - 200 * level_ma / most_ma:.1f}" for at, level_ma in samples]
    return DayCurve(phase, f"M{' L'.join(points)}" if points else "", max((ma for _, ma in samples), default=0))
