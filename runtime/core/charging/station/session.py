"""A session: one vehicle at one side of a station, from plug to unplug."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from runtime.core.charging.station.observation import Observation

_FULL_MAS = 3_600  # mA s of 1 mAh
LONGEST_STEP_MS = 10_000  # what passed while nobody looked is not charged for


@dataclass(frozen=True, slots=True)
class ChargeSession:
    """One charge. Times ending in ``_ts_ms`` are UTC ms; ``ended_ts_ms`` 0 = the vehicle is still there.

    charged_mas  mA s of the phase that it draws most from
    energy_wh    as the station counts it; None = it does not
    pauses       so often it was stopped
    """

    station: int
    device: int
    began_ts_ms: int
    ended_ts_ms: int = 0
    charged_mas: int = 0
    energy_wh: int | None = None
    charging_ms: int = 0
    pauses: int = 0
    phases: int = 0
    rfid: str = ""

    @property
    def charged_mah(self) -> int:
        return self.charged_mas // _FULL_MAS

    def advanced(self, seen: Observation, passed_ms: int) -> ChargeSession:
        """With what was drawn since the look before; the currents of now hold for all of it."""
        passed_ms = min(max(0, passed_ms), LONGEST_STEP_MS)
        drawn = [current or 0 for current in seen.currents_ma]
        highest_ma = max(drawn, default=0)
        return replace(
            self,
            charged_mas=self.charged_mas + highest_ma * passed_ms // 1000,
            energy_wh=self.energy_wh if seen.energy_wh is None else max(seen.energy_wh, self.energy_wh or 0),
            charging_ms=self.charging_ms + (passed_ms if highest_ma >= 1_000 else 0),
            phases=max(self.phases, sum(current >= 1_000 for current in drawn)),
            rfid=seen.rfid or self.rfid,
        )

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def session_of(record: Mapping[str, Any]) -> ChargeSession:
    return ChargeSession(**record)
