"""Words of the weekly check by EN 50160."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_

# characteristic -> (what, limit)
CHARACTERISTICS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "voltage_95": (N_("Voltage"), N_("Un ±10 % in 95 % of the intervals")),
        "voltage_100": (N_("Voltage"), N_("Un +10 % / −15 % in all intervals")),
        "thd_95": (N_("THD of the voltage"), N_("At most 8 % in 95 % of the intervals")),
        "frequency_995": (N_("Frequency"), N_("50 Hz ±1 % in 99.5 % of the intervals")),
        "frequency_100": (N_("Frequency"), N_("50 Hz +4 % / −6 % in all intervals")),
    }
)
VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        "ok": N_("OK"),
        "ko": N_("KO"),
        "no_data": N_("not enough data"),
        "not_recorded": N_("not recorded"),
        "interval_too_long": N_("needs samples of 10 minutes or less"),
    }
)
