"""Meters of one's own: what an installer fills in, row by row."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

CODES = (
    Code("map_invalid", refusal=Advice(N_("The register table has faults."), N_("Mend the rows that are marked."))),
    Code(
        "map_in_use",
        refusal=Advice(N_("A device has this model."), N_("Give the device another model first.")),
        status=409,
    ),
    Code("device_exchanged", event=N_("The device has another serial number")),
    Code("map_saved", event=N_("A meter of one's own was saved")),
    Code("map_removed", event=N_("A meter of one's own was removed")),
    Code("map_doubled", fault=N_("This value stands in another row already.")),
    Code(
        "map_overlap",
        fault=N_("This row overlaps another one: each register holds one value. Look at register and form."),
    ),
    Code("map_quantity", fault=N_("Choose what this row tells.")),
    Code(
        "map_register",
        fault=N_("The register is a number from 0 to 65535 (0xFFFF), and all of the value must fit below it."),
    ),
    Code("map_type", fault=N_("This form does not fit the value.")),
    Code("map_words", fault=N_("Tell how many registers the text takes, 1 to 125.")),
    Code(
        "map_factor",
        fault=N_("The factor is a number other than 0 that leads to the unit of the value, such as 10, 0.01 or 1/3."),
    ),
    Code("map_marker", fault=N_("What stands for “no value” is a number that fits the form.")),
    Code("map_title", fault=N_("Give the meter a name.")),
    Code("map_row", fault=N_("This row is not complete.")),
)
