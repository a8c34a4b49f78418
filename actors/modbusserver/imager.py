"""The images of a moment: what is booked and what the devices show, laid into registers."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.core.modbus.answer import RegisterImage
from runtime.core.modbusserver.allocation import Allocation, allocate
from runtime.core.modbusserver.energyimage import EnergyImage
from runtime.core.modbusserver.liveenergy import ENERGY, BookedEnergy, LiveEnergy
from runtime.core.modbusserver.livetable import LiveTable
from runtime.core.modbusserver.registerrow import LIVE_UNIT
from runtime.core.modbusserver.remoteid import ENERGY_UNIT, remote_objects
from runtime.core.servertree.node import ServerNode
from runtime.core.servertree.table import TABLE_AT, encode_table
from runtime.core.site.installation import Installation
from runtime.core.view import DeviceView


class Imager:
    """Of one life of the server. ``allocation`` is what was given and is on disk."""

    def __init__(self) -> None:
        self.allocation = Allocation()
        self._energy, self._table = LiveEnergy(), LiveTable()
        self._servers: tuple[object, RegisterImage] | None = None  # of what, and the registers

    def images(
        self,
        site: Installation,
        booked: BookedEnergy,
        views: Mapping[int, DeviceView],
        root: ServerNode | None,
        now_ms: int,
    ) -> Mapping[int, RegisterImage]:
        """By unit. ``views``: of the devices that somebody has published; ``root``: of the tree of servers."""
        energies_n = self._energy.energies(site, booked, views.get)
        there = frozenset(spec.id for spec in site.devices)
        table = self._table.image(self.allocation, there, views.get, energies_n, now_ms)
        servers = None if root is None else (TABLE_AT, self._server_table(site, views, root))
        return {ENERGY_UNIT: EnergyImage(energies_n, self._energy.silent, servers), LIVE_UNIT: table}

    def _server_table(self, site: Installation, views: Mapping[int, DeviceView], root: ServerNode) -> RegisterImage:
        """Laid out anew where something of it is another."""
        electric = frozenset(id for id, view in views.items() if ENERGY in view.quantities)
        if self._servers is None or self._servers[0] != (root, site.version, electric):
            table = encode_table(root, remote_objects(site, electric))
            self._servers = (root, site.version, electric), table
        return self._servers[1]

    def allocate(self, site: Installation, views: Mapping[int, DeviceView]) -> tuple[Allocation, bool]:
        """What there is with registers for all that devices show now; and whether there was room."""
        shown = {spec.id: views[spec.id].quantities for spec in site.devices if spec.id in views}
        return allocate(self.allocation, shown)
