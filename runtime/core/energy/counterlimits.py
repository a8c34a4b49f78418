"""What a counter can do: how fast, in which steps, where it begins anew; from its map, its circuit and its past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from runtime.core.quantity.catalogue import QUANTITIES

LAG_MS = 5_000  # a meter may show its index this much late
HOUR_MS = 3_600_000
CATCH_UP_MS = 8 * 24 * HOUR_MS  # a week's outage of a meter behind another server, and a day to end it


@dataclass(frozen=True, slots=True)
class CounterFacts:
    """What a device's map and settings say of one of its counters, in steps of its quantity; as in ``Limits``.

    row  where it stands and how it is scaled, for people
    """

    grain_n: int = 1
    float_bits: int = 0
    modulus_n: int = 0
    net: bool = False
    ledger: bool = False
    row: str = field(default="", compare=False)

    def grain_at(self, raw_n: int) -> int:
        """What it climbs by at once at an index."""
        return _grain_at(self, raw_n)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is plausible for a counter, in steps of its quantity. The defaults are those of electricity.

    circuit_n   the most that its circuit can carry in an hour, 0 = not known
    usual_n     in an hour: what any counter of its kind may do without having done it before
    large_n     in an hour: what readings may agree on without having climbed alike for long
    grain_n     what it climbs by at once, by its map
    float_bits  of the mantissa where it is a real number: its grain grows with it; 0 = a whole number
    modulus_n   where it begins anew, by its map or its installer; 0 = not known, so it never does
    net         it may fall, and what it falls by was given back
    ledger      another server keeps it, and catches up at once with what its own meters counted unseen
    bracket_ms  two polls: an edge between readings further apart is estimated
    pause_ms    readings further apart lie around an outage
    stuck_n     energy expected while the counter stood still that makes it stuck
    """

    circuit_n: int = 0
    usual_n: int = 3_680_000
    large_n: int = 690_000_000
    grain_n: int = 1
    float_bits: int = 0
    modulus_n: int = 0
    net: bool = False
    ledger: bool = False
    bracket_ms: int = 60_000
    pause_ms: int = HOUR_MS
    stuck_n: int = 10_000_000

    def hourly_n(self, pace: int) -> int:
        """The most that is plausible in an hour for a counter that drew below 2**pace in its fastest one."""
        learned_n = max(self.usual_n, 2 << pace)
        is_known = self.circuit_n and 1 << pace <= 2 * self.circuit_n  # else it has drawn more, and was believed
        return min(self.circuit_n, learned_n) if is_known else learned_n

    @property
    def narrow_n(self) -> int:
        """In an hour: what begins it anew within a day, so that noise can look like it; 0 = nothing does."""
        return self.modulus_n // _BEGINS_ANEW_H

    @property
    def late_ms(self) -> int:
        """How long it may have held back what it climbs by at once."""
        return CATCH_UP_MS if self.ledger else 0

    def lost_n(self, hourly_n: int) -> int:
        """What it may forget and count again: the interval at hand, where its server was killed."""
        return hourly_n if self.ledger else 0

    def grain_at(self, raw_n: int) -> int:
        """What it climbs by at once at an index."""
        return _grain_at(self, raw_n)


# unit -> steps an hour: 16 A at 230 V and 1,000 A in three phases; 5 and 1,000 m3; 1 and 1,000 a second; an hour
_HOURLY = MappingProxyType(
    {
        "Wh": (3_680_000, 690_000_000), "varh": (3_680_000, 690_000_000), "VAh": (3_680_000, 690_000_000),
        "dm3": (5_000_000, 1_000_000_000), "": (3_600, 3_600_000), "h": (100, 100),
    }
)  # fmt: skip
_BRACKET_MS = 60_000
_BEGINS_ANEW_H = 24
_VOLTS_OF_ALL_PHASES = 1_200  # 3 x 230 V, and room for 400 V to neutral or a lasting overload
UNKNOWN = CounterFacts()


@lru_cache(maxsize=4096)
def limits_of(
    quantity: str, *, rated_ma: int = 0, poll_ms: int = 0, pause_ms: int = 0, facts: CounterFacts = UNKNOWN
) -> Limits:
    """Limits of one counter.

    rated_ma  rated current of its circuit, 0 = not known
    poll_ms   how often the counter is read, 0 = not known
    pause_ms  readings further apart lie around an outage; 0 = an hour
    """
    unit = QUANTITIES[quantity].unit
    usual_n, large_n = _HOURLY.get(unit, _HOURLY["Wh"])
    circuit_n = rated_ma * _VOLTS_OF_ALL_PHASES if unit in ("Wh", "varh", "VAh") else 0
    return Limits(
        circuit_n, usual_n, large_n, facts.grain_n, facts.float_bits, facts.modulus_n, facts.net,
        facts.ledger, bracket_ms=2 * poll_ms if poll_ms else _BRACKET_MS, pause_ms=pause_ms or HOUR_MS,
    )  # fmt: skip


def rated_ma(parameters: Mapping[str, str | int | float]) -> int:
    """The rated current that an installation names, in mA; 0 where it names none."""
    rated_a = parameters.get("rated_current_a", 0)
    return round(rated_a * 1000) if isinstance(rated_a, int | float) else 0


def _grain_at(counter: CounterFacts | Limits, raw_n: int) -> int:
    """Two of the last places of a real number, or more where its map says so."""
    if not counter.float_bits:
        return counter.grain_n
    return max(counter.grain_n, abs(raw_n) >> counter.float_bits - 2)
