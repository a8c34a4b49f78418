"""What the values of a device tell of a side of a charging station: its vehicle, what it draws, its limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from runtime.core.quantity.catalogue import QUANTITIES

LIMIT, CHARGE, WATCHDOG, FALLBACK = "limit", "charge", "watchdog", "fallback"  # commands of maps
WAIT, START = "wait", "start"
_DRAWS_MA = 1_000
_OF_CHARGE, _FOR_EVER = "session_energy_wh", "active_energy_import_wh"
_WITHOUT_VEHICLE = (
    "available", "unavailable", "error", "no_mains", "restarting", "asleep", "starting", "not_ready",
)  # fmt: skip

Values = Mapping[str, int | str | None]


class CommandLike(Protocol):
    """A row of a map: what may be written, and what shows it."""

    @property
    def least_n(self) -> int: ...
    @property
    def most_n(self) -> int: ...
    @property
    def scale(self) -> tuple[int, int]: ...
    @property
    def read_back(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at a station.

    limit_ma    that is in force, 0 = it may not charge; None = not read
    watchdog_s, fallback_ma  as they are programmed; None = not read
    energy_n    counted by the station, by 0.001 Wh; None = it counts nothing, or was not read
    counts_charge   it counts each charge from nothing; otherwise it counts for ever
    """

    plugged: bool = False
    currents_ma: tuple[int | None, ...] = ()
    limit_ma: int | None = None
    rated_ma: int = 0
    watchdog_s: int | None = None
    fallback_ma: int | None = None
    energy_n: int | None = None
    counts_charge: bool = False
    rfid: str = ""


def observe(values: Values, phases: int) -> Observation:
    """From the newest values of its device, counts of their quantities' steps."""
    currents = tuple(_number(values, f"current_l{phase}_a") for phase in range(1, phases + 1))
    watchdog_ds = _number(values, "watchdog_s")
    counts_charge = _OF_CHARGE in values
    return Observation(
        is_plugged(values, currents),
        currents,
        _limit_ma(values),
        _number(values, "rated_current_a") or 0,
        None if watchdog_ds is None else watchdog_ds // 10,
        _number(values, "fallback_a"),
        _number(values, _OF_CHARGE if counts_charge else _FOR_EVER),
        counts_charge,
        str(values.get("rfid") or ""),
    )


def is_plugged(values: Values, currents_ma: tuple[int | None, ...]) -> bool:
    """A vehicle that draws is there whatever else is told; otherwise the station says so."""
    if max((current or 0 for current in currents_ma), default=0) >= _DRAWS_MA:
        return True
    vehicle = _number(values, "vehicle_state")
    if vehicle is not None:
        return vehicle > 0
    charge = _number(values, "charge_state")
    states = QUANTITIES["charge_state"].states
    return charge is not None and 0 <= charge < len(states) and states[charge] not in _WITHOUT_VEHICLE


def expressible_ma(limit_ma: int, row: CommandLike) -> int:
    """The highest limit that the station's register can hold and that is not above this one; 0 = none."""
    num, den = row.scale
    step_ma = max(1, num * 1000 // den)
    limit_ma = min(limit_ma, row.most_n) // step_ma * step_ma
    return limit_ma if limit_ma >= max(row.least_n, 1) else 0


def orders_for(limit_ma: int, commands: Mapping[str, CommandLike]) -> tuple[tuple[str, str | float], ...]:
    """What to command, one after the other, for a limit that the station can express."""
    if commands[LIMIT].least_n == 0:
        return ((LIMIT, limit_ma / 1000),)
    return ((LIMIT, limit_ma / 1000), (CHARGE, START)) if limit_ma else ((CHARGE, WAIT),)


def can_be_limited(commands: Mapping[str, CommandLike]) -> bool:
    """It takes a limit, and shows whether it may not charge at all."""
    row, charge = commands.get(LIMIT), commands.get(CHARGE)
    if row is None or not row.read_back:
        return False
    return row.least_n == 0 or (charge is not None and bool(charge.read_back) and WAIT in charge.choices)


def _limit_ma(values: Values) -> int | None:
    permission = _number(values, "charge_permission")
    return 0 if permission == 0 else _number(values, "limit_a")


def _number(values: Values, quantity: str) -> int | None:
    value = values.get(quantity)
    return value if isinstance(value, int) else None
