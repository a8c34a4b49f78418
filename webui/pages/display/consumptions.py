"""Consumptions: the grand total stacked by load, and the details of whatever one picks."""

from __future__ import annotations

from collections.abc import Iterable

from webui.http.permission import Route, needs
from webui.model.billing import rules_in_force
from webui.model.bridge import Bridge
from webui.model.fluid import fluid_of
from webui.model.recorded import former_devices
from webui.pages.frame.shell import Shell


class ConsumptionsPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/consumptions", self.total)
        yield Route("GET", "/consumptions/details", self.details)
        yield Route("GET", "/consumptions/tariffs", self.tariffs)

    @needs(("consumptions", "see"))
    def total(self) -> str:
        return self._shell.page("consumptions.html", fluids_there=self._fluids())

    @needs(("consumptions", "see"))
    def details(self) -> str:
        installation = self._bridge.installation()
        return self._shell.page(
            "details.html",
            devices=[(view, fluid_of(view.quantities)) for view in self._bridge.devices()],
            former=former_devices(self._bridge),
            loads=installation.loads,
            groups=installation.groups,
            fluids_there=self._fluids(),
        )

    @needs(("consumptions", "see"))
    def tariffs(self) -> str:
        """Deleted tariffs as well: what was booked under them still bears their name."""
        installation = self._bridge.installation()
        known = (*installation.tariffs, *installation.former_tariffs)
        held = {rule.tariff for rule in rules_in_force(self._bridge)}
        return self._shell.page(
            "tariffs.html",
            named={tariff.id: {"name": tariff.name, "colour": tariff.colour} for tariff in reversed(known)},
            now_held=[tariff for tariff in installation.tariffs if tariff.id in held],
        )

    def _fluids(self) -> list[str]:
        """The kinds that this site counts; electricity always."""
        found = {fluid_of(view.quantities) for view in self._bridge.devices()}
        found |= {device.fluid for device in former_devices(self._bridge)}
        return [fluid for fluid in ("electricity", "gas", "water") if fluid in found or fluid == "electricity"]
