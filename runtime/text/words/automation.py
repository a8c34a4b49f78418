"""Words of rules that act: sources, signs, days, what they do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "device": N_("A measure or state of a device"),
        "tariff": N_("The tariff in force"),
        "alarm": N_("An alarm"),
        "clock": N_("The clock alone"),
    }
)
ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "message": N_("Message"),
        "on": N_("ON"),
        "off": N_("OFF"),
        "while": N_("ON while it is true"),
        "pulse": N_("Pulse"),
        "toggle": N_("Toggle"),
    }
)
DAYS: Mapping[str, str] = MappingProxyType(
    {
        "every": N_("Every day"),
        "weekdays": N_("Monday to Friday"),
        "weekend": N_("Weekend"),
        "mon": N_("Monday"),
        "tue": N_("Tuesday"),
        "wed": N_("Wednesday"),
        "thu": N_("Thursday"),
        "fri": N_("Friday"),
        "sat": N_("Saturday"),
        "sun": N_("Sunday"),
    }
)
SIGNS: Mapping[str, str] = MappingProxyType({"<>": "≠", "<=": "≤", ">=": "≥"})
