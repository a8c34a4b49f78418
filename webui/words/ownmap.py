"""Meters of one's own: what an installer fills in, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from webui.words import N_, Advice

REFUSALS: Mapping[str, Advice] = MappingProxyType(
    {
        "map_invalid": Advice(N_("The register table has faults."), N_("Mend the rows that are marked.")),
        "map_in_use": Advice(N_("A device has this model."), N_("Give the device another model first.")),
        "starting": Advice(N_("The server is just being started."), N_("Try again in a few seconds.")),
    }
)
EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "device_exchanged": N_("The device has another serial number"),
        "map_saved": N_("A meter of one's own was saved"),
        "map_removed": N_("A meter of one's own was removed"),
    }
)
FUNCTIONS: Mapping[int, str] = MappingProxyType(
    {3: N_("3 – holding"), 4: N_("4 – input"), 1: N_("1 – coils"), 2: N_("2 – discrete")}
)
