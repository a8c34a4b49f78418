"""What bits of ``station_errors`` and ``charge_errors`` mean: bit N is error N.

source  BolzaW/greenup-link, docs/LEGRAND_SERIAL_PROTOCOL.md: the facts of the station's inner link
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

STATION, CHARGE = "station", "charge"


@dataclass(frozen=True, slots=True)
class StationError:
    """``code`` is for ever and what pages translate; ``of`` tells whether the station or the charge has it."""

    code: str
    of: str


ERRORS: Mapping[int, StationError] = MappingProxyType(
    {
        1: StationError("lock_fault", STATION),
        2: StationError("unlock_fault", STATION),
        3: StationError("pilot_short_vehicle", CHARGE),
        4: StationError("pilot_short_board", STATION),
        5: StationError("domestic_opening_fault", STATION),
        6: StationError("domestic_closing_fault", STATION),
        7: StationError("contactor_opening_fault", STATION),
        8: StationError("contactor_closing_fault", STATION),
        9: StationError("diode_missing", CHARGE),
        10: StationError("ev_overload", CHARGE),
        11: StationError("domestic_overload", CHARGE),
        12: StationError("power_outage", STATION),
        13: StationError("inner_link_fault", STATION),
        15: StationError("dc_leakage", CHARGE),
    }
)


def errors_in(bits: int) -> tuple[str, ...]:
    """The codes of the bits that are set, lowest first; "unknown_N" for one that has no name."""
    numbers = (number for number in range(bits.bit_length()) if bits >> number & 1)
    return tuple(ERRORS[number].code if number in ERRORS else f"unknown_{number}" for number in numbers)


def bits_of(*codes: str) -> int:
    """The inverse. Raises KeyError for a code that there is not."""
    numbers = {error.code: number for number, error in ERRORS.items()}
    return sum(1 << numbers[code] for code in set(codes))
