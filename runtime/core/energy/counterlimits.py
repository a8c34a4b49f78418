"""What a counter can plausibly do, from what it counts and what is known of the device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from runtime.core.quantity.catalogue import QUANTITIES


@dataclass(frozen=True, slots=True)
class Limits:
    """What is plausible for a counter, in steps of its quantity.

    per_s_n     fastest advance in a second; the default is 5 MW in steps of 0.001 Wh
    bracket_ms  two polls: an edge between readings further apart is estimated
    modulus_n   where it rolls over, 0 = not known: tried are 16 bit, 32 bit and powers of ten
    stuck_n     energy expected while the counter stood still that makes it stuck
    """

    per_s_n: int = 1_388_889
    bracket_ms: int = 60_000
    modulus_n: int = 0
    stuck_n: int = 10_000_000


# unit -> steps a second: 5 MW or MVA; 1,000 m3/h; 1,000 pulses; an hour in an hour
_FASTEST = MappingProxyType({"Wh": 1_388_889, "varh": 1_388_889, "VAh": 1_388_889, "dm3": 277_778, "": 1_000, "h": 1})
_BRACKET_MS = 60_000
_HIGHEST_V = 1_000  # phase to neutral is lower, overload is not: together they leave a factor of about four
_PHASES = 3


@lru_cache(maxsize=1024)
def limits_of(quantity: str, *, rated_ma: int = 0, poll_ms: int = 0) -> Limits:
    """Limits of one counter.

    rated_ma  rated current of the device, 0 = not known
    poll_ms   how often the counter is read, 0 = not known
    """
    unit = QUANTITIES[quantity].unit
    per_s_n = _FASTEST.get(unit, _FASTEST["Wh"])
    if rated_ma and unit in ("Wh", "varh", "VAh"):
        per_s_n = min(per_s_n, 1 + rated_ma * _HIGHEST_V * _PHASES // 3600)
    return Limits(per_s_n, 2 * poll_ms if poll_ms else _BRACKET_MS)


def rated_ma(parameters: Mapping[str, str | int | float]) -> int:
    """The rated current that an installation names, in mA; 0 where it names none."""
    rated_a = parameters.get("rated_a", 0)
    return round(rated_a * 1000) if isinstance(rated_a, int | float) else 0
