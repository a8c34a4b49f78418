"""Words of alarms: their kinds, the classes of the alert settings, how grave they are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "tripped": N_("Tripped"),
        "station_failed": N_("Fault of the charging station"),
        "module_threshold": N_("Measure threshold"),
        "threshold": N_("Threshold passed"),
        "overrun": N_("More is drawn than subscribed"),
        "budget": N_("Budget passed"),
        "en50160": N_("The week was not as EN 50160 asks"),
        "certificate": N_("The certificate ends soon"),
        "leak": N_("It never stops flowing"),
        "cost_rule_missing": N_("Hours without a cost rule"),
        "duplicated_function": N_("Duplicated function"),
        "module_configuration": N_("Configuration or installation error"),
        "module_communication": N_("Communication error of the module"),
        "gateway_silent": N_("The gateway does not answer"),
        "device_silent": N_("The device does not answer"),
        "device_configuration": N_("Configuration error"),
        "recording": N_("Nothing can be recorded"),
        "backup": N_("A backup or check failed"),
        "clock": N_("The time is not known"),
        "disk": N_("The disk is nearly full"),
        "processor": N_("The processor is overloaded"),
        "part_resting": N_("A part of the program crashed too often and rests"),
        "safe_mode": N_("Safe mode: no device is read"),
        "map_provisional": N_("The register table is not confirmed"),
    }
)
CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "state_change": N_("State change"),
        "measure_threshold": N_("Measure threshold"),
        "configuration": N_("Configuration or installation error"),
        "communication": N_("Communication error"),
        "server": N_("Server"),
    }
)
SEVERITIES: Mapping[str, str] = MappingProxyType(
    {"critical": N_("Critical"), "warning": N_("Warning"), "notice": N_("Notice")}
)
