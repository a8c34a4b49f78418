"""Charging profiles: a safe current that stays, below a limit that ends by itself unless it is renewed.

A station follows the profile of the highest level that holds now. When nobody renews the limit, it ends, and the safe
current below it is in force: that is the watchdog of a station that has none. source: OCPP 1.6, 3.13 "Smart Charging".
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

DEFAULT, TRANSACTION = "TxDefaultProfile", "TxProfile"
BELOW, ABOVE = 0, 1  # levels of the stack
EARLY_S = 2  # a limit begins so long before it is sent, and ends as long before its time: clocks count whole seconds
UNTOLD_MA, UNTOLD_S = 6_000, 40  # safe current and watchdog until somebody tells others


@dataclass(frozen=True, slots=True)
class Profile:
    """``begins_ts`` by the station's own clock; ``lasts_s`` 0 = it stays. ``transaction`` None = for any."""

    connector: int
    limit_ma: int
    begins_ts: int = 0
    lasts_s: int = 0
    transaction: int | str | None = None

    @property
    def id(self) -> int:
        """Those of one kind at one connector take each other's place."""
        return self.connector * 10 + (1 if not self.lasts_s else 2 if self.transaction is None else 3)

    @property
    def purpose(self) -> str:
        return DEFAULT if self.transaction is None else TRANSACTION


def safe_profile(connector: int, limit_ma: int) -> Profile:
    return Profile(connector, limit_ma)


def leased_profile(
    connector: int, limit_ma: int, watchdog_s: int, station_ts: int, transaction: int | str | None
) -> Profile:
    return Profile(connector, limit_ma, station_ts - EARLY_S, watchdog_s, transaction)


def lease_end(profile: Profile, station_ts: int, now: float) -> float:
    """Monotonic: when the station goes back to its safe current at the latest."""
    return now + profile.begins_ts + profile.lasts_s - station_ts


def as_1_6(profile: Profile) -> dict[str, Any]:
    made = _both(profile, "charging_profile_id")
    return {**made, "charging_schedule": _schedule(profile)}


def as_2_0_1(profile: Profile) -> dict[str, Any]:
    made = _both(profile, "id")
    return {**made, "charging_schedule": [{"id": profile.id, **_schedule(profile)}]}


def _both(profile: Profile, id_key: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        id_key: profile.id,
        "stack_level": ABOVE if profile.lasts_s else BELOW,
        "charging_profile_purpose": profile.purpose,
        "charging_profile_kind": "Absolute" if profile.lasts_s else "Relative",
    }
    if profile.transaction is not None:
        made["transaction_id"] = profile.transaction
    if profile.lasts_s:
        made["valid_to"] = _moment(profile.begins_ts + profile.lasts_s)
    return made


def _schedule(profile: Profile) -> dict[str, Any]:
    period = {"start_period": 0, "limit": profile.limit_ma // 100 / 10}
    timed = {"start_schedule": _moment(profile.begins_ts), "duration": profile.lasts_s} if profile.lasts_s else {}
    return {**timed, "charging_rate_unit": "A", "charging_schedule_period": [period]}


def _moment(ts: int) -> str:
    return datetime.datetime.fromtimestamp(ts, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
