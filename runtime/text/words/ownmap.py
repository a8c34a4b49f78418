"""Meters of one's own: what an installer fills in, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_, Advice

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
FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "map_doubled": N_("This value stands in another row already."),
        "map_overlap": N_("This row overlaps another one: each register holds one value. Look at register and form."),
        "map_quantity": N_("Choose what this row tells."),
        "map_register": N_(
            "The register is a number from 0 to 65535 (0xFFFF), and all of the value must fit below it."
        ),
        "map_type": N_("This form does not fit the value."),
        "map_words": N_("Tell how many registers the text takes, 1 to 125."),
        "map_factor": N_(
            "The factor is a number other than 0 that leads to the unit of the value, such as 10, 0.01 or 1/3."
        ),
        "map_marker": N_("What stands for “no value” is a number that fits the form."),
        "map_title": N_("Give the meter a name."),
        "map_row": N_("This row is not complete."),
    }
)
FUNCTIONS: Mapping[int, str] = MappingProxyType(
    {3: N_("3 – holding"), 4: N_("4 – input"), 1: N_("1 – coils"), 2: N_("2 – discrete")}
)
