"""Consumptions: grand total, partials, comparisons, details of whatever one picks, and tariffs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from webui.http.permission import Route, needs
from webui.model.billing import rules_in_force
from webui.model.bridge import Bridge
from webui.model.fluid import fluid_of, fluids_counted
from webui.model.recorded import former_devices
from webui.pages.frame.shell import Shell

SEE = ("consumptions", "see")


class ConsumptionsPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/consumptions", self.total)
        yield Route("GET", "/consumptions/overall", self.overall)
        yield Route("GET", "/consumptions/partials", self.partials)
        yield Route("GET", "/consumptions/compare", self.compare)
        yield Route("GET", "/consumptions/details", self.details)
        yield Route("GET", "/consumptions/tariffs", self.tariffs)

    @needs(SEE)
    def total(self) -> str:
        return self._total(overall=False)

    @needs(SEE)
    def overall(self) -> str:
        """Electricity, gas and water in money."""
        return self._total(overall=True)

    @needs(SEE)
    def partials(self) -> str:
        installation = self._bridge.installation()
        return self._shell.page(
            "partials.html", groups=installation.groups, loads=installation.loads, fluids_there=self._fluids()
        )

    @needs(SEE)
    def compare(self) -> str:
        return self._shell.page("compare.html", **self._things())

    @needs(SEE)
    def details(self) -> str:
        return self._shell.page("details.html", **self._things())

    @needs(SEE)
    def tariffs(self) -> str:
        """Deleted tariffs as well: what was booked under them still bears their name."""
        installation = self._bridge.installation()
        known = (*installation.tariffs, *installation.former_tariffs)
        held = {rule.tariff for rule in rules_in_force(self._bridge)}
        return self._shell.page(
            "tariffs.html",
            named={tariff.id: {"name": tariff.name, "colour": tariff.colour} for tariff in reversed(known)},
            now_held=[tariff for tariff in installation.tariffs if tariff.id in held],
            **self._things(),
        )

    def _total(self, *, overall: bool) -> str:
        names = {view.id: view.name for view in self._bridge.devices()}
        names |= {device.id: device.name for device in former_devices(self._bridge)}
        return self._shell.page("consumptions.html", overall=overall, fluids_there=self._fluids(), names=names)

    def _things(self) -> dict[str, Any]:
        """All that has a consumption of its own."""
        installation = self._bridge.installation()
        return {
            "devices": [(view, fluid_of(view.quantities)) for view in self._bridge.devices()],
            "former": former_devices(self._bridge),
            "loads": installation.loads,
            "groups": installation.groups,
            "fluids_there": self._fluids(),
        }

    def _fluids(self) -> tuple[str, ...]:
        return fluids_counted(self._bridge)
