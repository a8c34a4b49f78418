"""A session: one vehicle at one side of a station, from plug to unplug; it outlives silence and restarts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from runtime.core.charging.station.observation import Observation
from runtime.core.charging.timing import HOUR_MS

_FULL_MAS = 3_600  # mA s of 1 mAh
_DRAWS_MA = 1_000
QUARTER_S = 900
LONGEST_STEP_MS = 10_000  # what passed while nobody looked is not charged for
GONE_MS = 300_000  # a vehicle that nobody saw for so long may be another one
LONGEST_SPREAD_S = 7 * 86_400
UNPLUGGED, LOST = "unplugged", "lost"  # seen, or learnt after a silence


@dataclass(frozen=True, slots=True)
class ChargeSession:
    """One charge. Times ending in ``_ts_ms`` are UTC ms; ``ended_ts_ms`` 0 = the vehicle is still there.

    seen_ts_ms   of the last look
    charged_mas  mA s of the phase that it draws most from
    energy_n     as the station counts it, by 0.001 Wh; None = it counts nothing
    register_n   that the station showed last
    parts        (UTC s of a quarter of an hour, energy in it by 0.001 Wh): what prices are applied to
    draws        it drew at the last look
    pauses       so often it went on after it had stopped
    ended_by     "unplugged", or "lost": it was gone when the station was heard again
    starts_ts_ms   so often it was started in the last hour
    allowed, priority   as somebody ordered for this charge; None = as the station has it
    """

    station: int
    device: int
    began_ts_ms: int
    ended_ts_ms: int = 0
    seen_ts_ms: int = 0
    charged_mas: int = 0
    energy_n: int | None = None
    register_n: int | None = None
    parts: tuple[tuple[int, int], ...] = ()
    charging_ms: int = 0
    draws: bool = False
    pauses: int = 0
    phases: int = 0
    rfid: str = ""
    ended_by: str = ""
    starts_ts_ms: tuple[int, ...] = ()
    allowed: bool = True
    priority: bool | None = None

    @property
    def charged_mah(self) -> int:
        return self.charged_mas // _FULL_MAS

    def advanced(self, seen: Observation, passed_ms: int, now_ts_ms: int) -> ChargeSession:
        """With what was drawn since the look before; the currents of now hold for all of ``passed_ms``."""
        passed_ms = min(max(0, passed_ms), LONGEST_STEP_MS)
        drawn = [current or 0 for current in seen.currents_ma]
        highest_ma = max(drawn, default=0)
        draws = highest_ma >= _DRAWS_MA
        return replace(
            self._counted(seen, now_ts_ms),
            seen_ts_ms=now_ts_ms,
            charged_mas=self.charged_mas + highest_ma * passed_ms // 1000,
            charging_ms=self.charging_ms + (passed_ms if draws else 0),
            draws=draws,
            pauses=self.pauses + (draws and not self.draws and self.charging_ms > 0),
            phases=max(self.phases, sum(current >= _DRAWS_MA for current in drawn)),
            rfid=seen.rfid or self.rfid,
        )

    def is_of_another(self, seen: Observation, now_ts_ms: int) -> bool:
        """Another vehicle is there: another badge, or a count that began anew while nobody looked."""
        if seen.rfid and self.rfid and seen.rfid != self.rfid:
            return True
        return self._was_unseen(now_ts_ms) and seen.counts_charge and (seen.energy_n or 0) < (self.register_n or 0)

    def ended(self, now_ts_ms: int) -> ChargeSession:
        """It is over now, or since it was seen last."""
        if self._was_unseen(now_ts_ms):
            return replace(self, ended_ts_ms=self.seen_ts_ms, ended_by=LOST)
        return replace(self, ended_ts_ms=max(now_ts_ms, self.began_ts_ms), ended_by=UNPLUGGED)

    def started(self, now_ts_ms: int) -> ChargeSession:
        """It was let draw current just now."""
        recent = tuple(ts_ms for ts_ms in self.starts_ts_ms if now_ts_ms - ts_ms < HOUR_MS)
        return replace(self, starts_ts_ms=(*recent, now_ts_ms))

    def as_record(self) -> dict[str, Any]:
        return asdict(self)

    def _was_unseen(self, now_ts_ms: int) -> bool:
        return now_ts_ms - self.seen_ts_ms > GONE_MS

    def _counted(self, seen: Observation, now_ts_ms: int) -> ChargeSession:
        """With the energy since the last look. A station that started anew counts from nothing again."""
        if seen.energy_n is None:
            return self
        if self.register_n is None:
            return replace(self, register_n=seen.energy_n, energy_n=self.energy_n or 0)
        more_n = seen.energy_n - self.register_n
        if more_n < 0:
            more_n = seen.energy_n if seen.counts_charge else 0
        parts = dict(self.parts)
        for quarter_ts, part_n in spread(more_n, self.seen_ts_ms // 1000, now_ts_ms // 1000):
            parts[quarter_ts] = parts.get(quarter_ts, 0) + part_n
        energy_n = (self.energy_n or 0) + more_n
        return replace(self, register_n=seen.energy_n, energy_n=energy_n, parts=tuple(parts.items()))


def begin_session(station: int, device: int, seen: Observation, now_ts_ms: int) -> ChargeSession:
    """A vehicle is there: what the station counts from now on is its own."""
    session = ChargeSession(station, device, now_ts_ms, seen_ts_ms=now_ts_ms)
    return session.advanced(seen, 0, now_ts_ms)


def spread(energy_n: int, from_ts: int, to_ts: int) -> list[tuple[int, int]]:
    """(quarter of an hour, energy) by time, exact in sum; the last quarter gets what lies too long or wrongly apart."""
    last_ts = to_ts // QUARTER_S * QUARTER_S
    if not energy_n:
        return []
    if not 0 < to_ts - from_ts <= LONGEST_SPREAD_S or from_ts >= last_ts:
        return [(last_ts, energy_n)]
    parts, given_n = [], 0
    for quarter_ts in range(from_ts // QUARTER_S * QUARTER_S, to_ts, QUARTER_S):
        until_n = energy_n * (min(quarter_ts + QUARTER_S, to_ts) - from_ts) // (to_ts - from_ts)
        parts.append((quarter_ts, until_n - given_n))
        given_n = until_n
    return parts


def session_of(record: Mapping[str, Any]) -> ChargeSession:
    parts = tuple((ts, energy_n) for ts, energy_n in record["parts"])
    return ChargeSession(**{**record, "parts": parts, "starts_ts_ms": tuple(record["starts_ts_ms"])})
