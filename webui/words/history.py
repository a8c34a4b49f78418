"""History: corrections, meters, backups, what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from webui.words import N_, Advice

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
        "body_wrong": Advice(N_("The request cannot be read."), N_("Load the page again and repeat your change.")),
    }
)
EVENTS: Mapping[str, str] = MappingProxyType({})
