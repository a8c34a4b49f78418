"""The electric energy that is booked by now, as the Modbus server shows it."""

from __future__ import annotations

from runtime.core.energy.bins import SLOTS
from runtime.core.modbusserver.liveenergy import NUMBER, BookedEnergy
from runtime.core.site.installation import Installation
from runtime.store.energy.accounts import OWNERS, TOTALS
from runtime.store.energy.bins import get_cell
from runtime.store.energy.counters import all_ledgers
from runtime.store.env import Store


def booked_energy(store: Store, site: Installation) -> BookedEnergy:
    """Of all devices, loads and groups at one moment; what is damaged is noted and left out."""
    wanted = {"all": [0], "load": [load.id for load in site.loads], "group": [group.id for group in site.groups]}
    totals_n: dict[tuple[str, int], int] = {}
    with store.reading() as txn:
        ledgers = {device: held[NUMBER] for device, held in all_ledgers(store, txn) if NUMBER in held}
        for kind, ids in wanted.items():
            cells = {
                chunk: get_cell(store, txn, TOTALS, OWNERS[kind], NUMBER, chunk) for chunk in {i // SLOTS for i in ids}
            }
            for id in ids:
                cell = cells[id // SLOTS]
                totals_n[kind, id] = 0 if cell is None else cell.values_n[id % SLOTS]
    return BookedEnergy(ledgers, totals_n)
