"""Which kind of consumption a device counts, told by what it measures."""

from __future__ import annotations

from collections.abc import Collection

from webui.model.bridge import Bridge
from webui.model.recorded import former_devices


def fluid_of(quantities: Collection[str]) -> str:
    """``water``, ``gas`` or ``electricity``."""
    if "water_dm3" in quantities:
        return "water"
    if "gas_dm3" in quantities:
        return "gas"
    return "electricity"


def fluids_counted(bridge: Bridge) -> tuple[str, ...]:
    """The kinds that this site counts or counted; electricity always."""
    counted = {fluid_of(view.quantities) for view in bridge.devices()}
    counted |= {device.fluid for device in former_devices(bridge)}
    return tuple(fluid for fluid in ("electricity", "gas", "water") if fluid in counted or fluid == "electricity")
