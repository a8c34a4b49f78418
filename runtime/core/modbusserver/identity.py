"""What the units of the Modbus server say of themselves (function 43)."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.core.modbus.identification import Identification
from runtime.core.modbusserver.registerrow import LIVE_UNIT
from runtime.core.modbusserver.remoteid import ENERGY_UNIT

MODELS = {ENERGY_UNIT: "Energies by Remote ID", LIVE_UNIT: "Live values"}


def identities(version: str) -> Mapping[int, Identification]:
    """By unit. ``version``: of the program."""
    name = "Wattkeeper energy web server"
    return {unit: Identification("Wattkeeper", "wattkeeper", version, name, model) for unit, model in MODELS.items()}
