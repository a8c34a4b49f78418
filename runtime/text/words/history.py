"""History: corrections, meters, backups, what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_, Advice

_FILL = N_("Fill this in.")

REFUSALS: Mapping[str, Advice] = MappingProxyType(
    {
        "missing_parameter": Advice(N_("This is missing."), _FILL),
        "number_wrong": Advice(N_("This is no number, or has too many decimals."), N_("At most three decimals.")),
        "index_negative": Advice(N_("An index is never below zero."), N_("Write what the meter shows.")),
        "moment_wrong": Advice(N_("This is no date and time."), N_("Choose a date and a time.")),
        "moment_ahead": Advice(N_("This lies in the future."), N_("Choose a time that has passed.")),
        "day_wrong": Advice(N_("This is no date."), N_("Choose a date.")),
        "span_empty": Advice(N_("The end does not lie after the beginning."), N_("Choose a later end.")),
        "out_of_range": Advice(N_("This number is too small or too large."), N_("Choose another one.")),
        "field_unknown": Advice(N_("The server does not know this field."), N_("Load the page again.")),
        "medium_missing": Advice(
            N_("This folder is not there."), N_("Plug the medium in and see that it is mounted, then try again.")
        ),
        "medium_inside": Advice(
            N_("This folder lies in the data folder itself."), N_("A backup belongs on another medium.")
        ),
        "medium_unwritable": Advice(
            N_("The server may not write into this folder."), N_("Give its user the right to write there.")
        ),
        "gas_unscaled": Advice(
            N_("This gas cannot be shown as energy."), N_("Set the gas factor under Bill of consumptions first.")
        ),
        "tariff_in_use": Advice(
            N_("Cost rules use this tariff."), N_("Delete these rules, or give them another tariff.")
        ),
        "body_wrong": Advice(N_("The request cannot be read."), N_("Load the page again and repeat your change.")),
    }
)
EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "medium_missing": N_("The medium for backups is not there"),
        "medium_failed": N_("The backup on the medium failed"),
        "medium_set": N_("The medium for backups was chosen"),
        "retention_set": N_("How long samples are kept was changed"),
    }
)
TROUBLES: Mapping[str, Advice] = MappingProxyType(
    {
        "backup_failed": Advice(
            N_("The last backup failed."), N_("See that there is room on the disk, then back up now.")
        ),
        "medium_missing": Advice(
            N_("The medium for backups is not there."), N_("Plug it in, or choose another one; then back up now.")
        ),
        "medium_failed": Advice(
            N_("The last backup on the medium failed."),
            N_("See that it has room and can be written, then back up now."),
        ),
        "verify_failed": Advice(
            N_("The last check of the stored data did not end."), N_("Check now; see the log if it fails again.")
        ),
        "verify_complained": Advice(
            N_("The last check found faults in the stored data."),
            N_("Check the disk. Backups from before are kept; restore one if figures are wrong."),
        ),
    }
)
