"""The images of a moment: what is booked and what the devices show, laid into registers."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.core.modbus.answer import RegisterImage
from runtime.core.modbusserver.allocation import Allocation, allocate
from runtime.core.modbusserver.energyimage import EnergyImage
from runtime.core.modbusserver.liveenergy import BookedEnergy, LiveEnergy
from runtime.core.modbusserver.livetable import LiveTable
from runtime.core.modbusserver.registerrow import LIVE_UNIT
from runtime.core.modbusserver.remoteid import ENERGY_UNIT
from runtime.core.site.installation import Installation
from runtime.core.view import DeviceView


class Imager:
    """Of one life of the server. ``allocation`` is what was given and is on disk."""

    def __init__(self) -> None:
        self.allocation = Allocation()
        self._energy, self._table = LiveEnergy(), LiveTable()

    def images(
        self, site: Installation, booked: BookedEnergy, views: Mapping[int, DeviceView], now_ms: int
    ) -> Mapping[int, RegisterImage]:
        """By unit. ``views``: of the devices that somebody has published."""
        energies_n = self._energy.energies(site, booked, views.get)
        there = frozenset(spec.id for spec in site.devices)
        table = self._table.image(self.allocation, there, views.get, energies_n, now_ms)
        return {ENERGY_UNIT: EnergyImage(energies_n, self._energy.silent), LIVE_UNIT: table}

    def allocate(self, site: Installation, views: Mapping[int, DeviceView]) -> tuple[Allocation, bool]:
        """What there is with registers for all that devices show now; and whether there was room."""
        shown = {spec.id: views[spec.id].quantities for spec in site.devices if spec.id in views}
        return allocate(self.allocation, shown)
