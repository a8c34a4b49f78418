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

# A decision about a charge in words: a constant of runtime/core/charging/decision.py -> what it says of its station.
DECISIONS: Mapping[str, str] = MappingProxyType(
    {
        "start_green": N_("Begins: phase %(phase)s is in the green area."),
        "start_waited": N_("Begins: it waited, and there is current on phase %(phase)s."),
        "start_again": N_("Goes on: there is current again on phase %(phase)s."),
        "reduce_red": N_("Gets less: phase %(phase)s is in the red area since %(since)s."),
        "reduce_waiting": N_("Gets less, so that a vehicle that waits for phase %(phase)s can begin."),
        "stop_red": N_("Stopped: phase %(phase)s is in the red area since %(since)s although all were reduced."),
        "stop_hard": N_("Stopped before its guaranteed charge: the limit of phase %(phase)s is a hard one."),
        "stop_turn": N_("Stopped, so that a vehicle that waited long for phase %(phase)s has its turn."),
        "stop_ordered": N_("Stopped: somebody ordered it to wait."),
        "raise_reduced": N_("Gets more: there is current again on phase %(phase)s."),
        "fill_lower": N_("Gets less: the current of phase %(phase)s is divided anew."),
        "fill_raise": N_("Gets more: the current of phase %(phase)s is divided anew."),
        "meter_shrink": N_("Gets less: the meter is silent."),
        "meter_safe": N_("Gets the safe current: the meter is silent."),
        "meter_stop": N_("Stopped: the meter is silent for too long."),
        "red_protected": N_(
            "Goes on although phase %(phase)s is in the red area: it has not had its guaranteed charge."
        ),
        "charge_over": N_("The vehicle left."),
        "wait_yellow": N_("Waits: phase %(phase)s is in the yellow area since %(since)s."),
        "wait_red": N_("Waits: phase %(phase)s is in the red area since %(since)s."),
        "wait_power": N_("Waits: too little current is left on phase %(phase)s."),
        "wait_pause": N_("Waits: it was stopped, and goes on after a pause."),
        "wait_ordered": N_("Waits: somebody ordered it to."),
        "wait_meter": N_("Waits: the meter is silent."),
        "wait_silent": N_("Waits: the station does not answer."),
    }
)
STATION_STATES: Mapping[str, str] = MappingProxyType(
    {
        "off": N_("Not managed"),
        "available": N_("Available"),
        "waiting": N_("Waiting"),
        "charging": N_("Charging"),
        "suspended": N_("Paused by the vehicle"),
        "communication_error": N_("Does not answer"),
    }
)
AREAS: Mapping[str, str] = MappingProxyType(
    {"green": N_("Green area"), "yellow": N_("Yellow area"), "red": N_("Red area")}
)
