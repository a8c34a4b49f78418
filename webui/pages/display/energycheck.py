"""Is my energy right? One device with all that is known of its counters, and every device in short."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.view import DeviceView
from runtime.text.wording import label_parts
from runtime.text.words import energycheck as words
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.confidence.displaycheck import DISPLAY_UNITS
from webui.model.confidence.energycheck import main_counter
from webui.model.fluid import fluid_of
from webui.model.recorded import ACT_CORRECTIONS, SEE_CORRECTIONS
from webui.pages.frame.shell import Shell


class EnergyCheckPages:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/energy-check", self.site)
        yield Route("GET", "/devices/<id:int>/energy-check", self.device)

    @needs(*SEE_CORRECTIONS)
    def site(self) -> str:
        views = [view for view in self._bridge.devices() if main_counter(view)]
        return self._shell.page(
            "energychecks.html",
            devices=views,
            models={spec.id: self._bridge.model_name(spec) for spec in self._bridge.installation().devices},
            words=words,
        )

    @needs(*SEE_CORRECTIONS)
    def device(self, id: int) -> str:
        view = self._bridge.device(id)
        if view is None:
            raise not_found("device")
        counted = {*self._bridge.counters(id), *self._bridge.history.counters.ledgers(id)}
        counters = sorted(counted, key=lambda quantity: QUANTITIES[quantity].number)
        return self._shell.page(
            "energycheck.html",
            device=view,
            counters=counters,
            main=main_counter(view) or next(iter(counters), ""),
            names={quantity: label_parts(QUANTITIES[quantity].label) for quantity in self._named(counters)},
            units={quantity: list(DISPLAY_UNITS.get(QUANTITIES[quantity].unit, {})) for quantity in counters},
            others=self._others(view),
            installation=self._bridge.installation(),
            device_names={each.id: each.name for each in self._bridge.devices()},
            acting=ACT_CORRECTIONS,
            words=words,
        )

    def _named(self, counters: Iterable[str]) -> set[str]:
        """Also those of other devices: a display may turn out to be theirs."""
        told = (quantity for view in self._bridge.devices() for quantity in view.quantities)
        return {*counters, *(quantity for quantity in told if QUANTITIES[quantity].kind == "counter")}

    def _others(self, view: DeviceView) -> list[DeviceView]:
        """Devices that this one can be compared with."""
        fluid = fluid_of(view.quantities)
        return [
            each
            for each in self._bridge.devices()
            if each.id != view.id and main_counter(each) and fluid_of(each.quantities) == fluid
        ]
