"""The energy that flows in a site: E(branch, t) in closed form, so the truth at any moment needs no stepping.

The power of a branch is fixed at the full hours (profile, weather, noise drawn from seed, branch and hour), runs
straight between them and swings inside each ten minutes by a curve whose integral over them is 0. All of it is a
polynomial in milliseconds with integer coefficients, so the energy is exact: it never falls, whoever asked before.
Energies are counts of 0.001 Wh, powers mW; both are magnitudes, ``produces`` tells the direction.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from hashlib import shake_128
from itertools import accumulate, pairwise

from simulator.plant.profiles import DAY_S, PROFILES, Weather

HOUR_MS = 3_600_000
SWING_MS = 600_000
_DENOMINATOR = 12 * HOUR_MS * SWING_MS**3
_SWINGS = HOUR_MS // SWING_MS


@dataclass(frozen=True, slots=True)
class BranchSpec:
    """One circuit. ``shares`` are permille of its power on L1, L2, L3 and sum to 1000."""

    name: str
    profile: str
    rated_w: int
    shares: tuple[int, int, int] = (334, 333, 333)


@dataclass(frozen=True, slots=True)
class Flow:
    """A branch at one moment: energy since the origin (0.001 Wh) and power (mW), by phase."""

    energy: tuple[int, int, int]
    power: tuple[int, int, int]


class Branch:
    """One circuit of a plant. What it keeps is derived and grows with the latest day asked for; it is never state."""

    def __init__(self, spec: BranchSpec, seed: int, origin_ts: int, weather: Weather) -> None:
        self.spec = spec
        self.profile = PROFILES[spec.profile]
        self.produces = self.profile.produces
        self.origin_ms = origin_ts // DAY_S * DAY_S * 1000
        self._key = b"%d %s" % (seed, spec.name.encode())
        self._first_day = origin_ts // DAY_S
        self._weather = weather
        self._node_mw = array("q")  # power at each full hour since the origin
        self._sum = array("q", [0])  # energy up to each full hour, 0.001 Wh
        self._last_swings: tuple[int, bytes] = (-1, b"")
        self._last: tuple[int, Flow] = (-1, Flow((0, 0, 0), (0, 0, 0)))

    def at(self, at_ms: int) -> Flow:
        """raises  ValueError before the origin: nothing had flowed yet"""
        if self._last[0] != at_ms:
            self._last = (at_ms, self._flow(at_ms))
        return self._last[1]

    def energy_by_hour(self, from_hour: int, to_hour: int) -> list[int]:
        """Energy of all phases at the full UTC hours since 1970 in [from_hour, to_hour], exactly what ``at`` says."""
        first = self._first_day * 24
        if from_hour < first:
            raise ValueError(f"{self.spec.name} begins at {first * 3600}")
        self._reach(to_hour - first)
        return self._sum[from_hour - first : to_hour - first + 1].tolist()

    def _flow(self, at_ms: int) -> Flow:
        hour, ms = divmod(at_ms - self.origin_ms, HOUR_MS)
        if hour < 0:
            raise ValueError(f"{self.spec.name} begins at {self._first_day * DAY_S}")
        self._reach(hour + 1)
        start, end = self._node_mw[hour], self._node_mw[hour + 1]
        rise = end - start
        inside = ms % SWING_MS
        rest = SWING_MS - inside
        swing = self._swing(hour, ms // SWING_MS) * min(start, end) // 1000
        curve = (2 * start * HOUR_MS + rise * ms) * ms * SWING_MS**2 + 6 * swing * (inside * rest) ** 2
        energy = self._sum[hour] * _DENOMINATOR + curve
        power = start + rise * ms // HOUR_MS + swing * inside * rest * (rest - inside) // SWING_MS**3
        one, two, three = self.spec.shares
        whole = 1000 * _DENOMINATOR
        on_one, on_two = power * one // 1000, power * two // 1000
        return Flow(
            (energy * one // whole, energy * two // whole, energy * three // whole),
            (on_one, on_two, power - on_one - on_two),
        )

    def _swing(self, hour: int, swing: int) -> int:
        """Height of the curve inside ten minutes, permille of the smaller power at the ends of the hour."""
        day, of_day = divmod(hour, 24)
        if self._last_swings[0] != day:
            drawn = shake_128(b"swing %s %d" % (self._key, self._first_day + day)).digest(24 * _SWINGS)
            self._last_swings = (day, drawn)
        drawn = self._last_swings[1]
        return int((drawn[of_day * _SWINGS + swing] - 128) * self.profile.ripple * 1000) // 128

    def _reach(self, hour: int) -> None:
        """Fill the sums up to ``hour`` hours after the origin."""
        if hour < len(self._node_mw):
            return
        nodes = self._node_mw
        begun = len(nodes)
        for day in range(begun // 24, hour // 24 + 2):
            nodes.extend(self._nodes_of_day(self._first_day + day))
        steps = ((left + right) // 2 for left, right in pairwise(nodes[max(begun - 1, 0) :]))
        sums = accumulate(steps, initial=self._sum.pop())
        self._sum.extend(sums)

    def _nodes_of_day(self, day: int) -> list[int]:
        """Whole multiples of 2 W, in mW: hours then hold whole Wh and every share of them whole 0.001 Wh."""
        shape = self._weather.shape(self.spec.profile, day)
        drawn = shake_128(b"%s %d" % (self._key, day)).digest(24)
        spread = self.profile.spread * self.spec.rated_w
        whole = 1000 * self.spec.rated_w
        return [
            permille * (whole + (byte - 128) * spread // 128) // 2_000_000 * 2000
            for permille, byte in zip(shape, drawn, strict=True)
        ]
