"""Words of charging stations of any maker: states and labels of runtime/core/quantity/catalogue.py."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_

STATE_VALUES: Mapping[str, str] = MappingProxyType(
    {
        "connected": N_("Vehicle connected"),
        "unavailable": N_("Not available"),
        "not_ready": N_("Not ready"),
        "one": N_("One"),
        "two": N_("Two"),
        "three": N_("Three"),
    }
)
QUANTITY_STEMS = (
    N_("Error code of the station"),
    N_("Phases in use"),
    N_("Sign of life of the energy manager"),
    N_("Power limit"),
    N_("Power limit when nothing is heard"),
    N_("Smallest current"),
    N_("Charge of the vehicle's battery"),
    N_("Time until it falls back"),
)
