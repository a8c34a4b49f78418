"""Which kind of consumption a device counts, told by what it measures."""

from __future__ import annotations

from collections.abc import Collection


def fluid_of(quantities: Collection[str]) -> str:
    """``water``, ``gas`` or ``electricity``."""
    if "water_dm3" in quantities:
        return "water"
    if "gas_dm3" in quantities:
        return "gas"
    return "electricity"
