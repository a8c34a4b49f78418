"""What a station measured, out of the meter values of both versions: counts in the units of its image."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ENERGY, POWER, CURRENT, VOLTAGE = (
    "Energy.Active.Import.Register", "Power.Active.Import", "Current.Import", "Voltage",
)  # fmt: skip
_FACTORS = {"Wh": 1, "kWh": 1000, "W": 1, "kW": 1000, "A": 1, "V": 1}
_STEPS = {ENERGY: 1000, POWER: 10, CURRENT: 1000, VOLTAGE: 1000}  # counts of one Wh, W, A, V
_MOST = {ENERGY: (1 << 63) - 1, POWER: (1 << 31) - 1, CURRENT: 1 << 30, VOLTAGE: 1 << 30}
_PHASES = {"L1": 0, "L2": 1, "L3": 2, "L1-N": 0, "L2-N": 1, "L3-N": 2}
LARGEST = 10**18  # of any number: what is above is none, and is not worked out
Three = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Metered:
    """Of one moment. Energy by mWh, power by 0.1 W, currents by mA, voltages by mV; None = not told."""

    energy_mwh: int | None = None
    power_dw: int | None = None
    currents_ma: Three = (None, None, None)
    voltages_mv: Three = (None, None, None)

    @property
    def is_live(self) -> bool:
        """It tells more than an index."""
        return self.power_dw is not None or any(current is not None for current in self.currents_ma)


def read_sampled(values: Iterable[Mapping[str, Any]]) -> Metered:
    """The sampled values of one moment, keys in small letters; whatever is no number, or signed, is left out."""
    energy = power = None
    parts: dict[str, dict[int | None, int]] = {CURRENT: {}, VOLTAGE: {}, POWER: {}}
    for value in values:
        measurand = value.get("measurand") or ENERGY
        count = _count(value, measurand) if measurand in _STEPS else None
        if count is None or value.get("format") == "SignedData" or value.get("location", "Outlet") != "Outlet":
            continue
        phase = value.get("phase")
        if measurand == ENERGY:
            energy = count if phase is None else energy
        elif phase is None or phase in _PHASES:
            parts[measurand][None if phase is None else _PHASES[phase]] = count
    if parts[POWER]:
        power = parts[POWER].get(None, sum(parts[POWER].values()))
    return Metered(energy, power, _by_phase(parts[CURRENT]), _by_phase(parts[VOLTAGE]))


def read_moment(text: str) -> int | None:
    """UTC ms of a timestamp; None when it is none."""
    try:
        moment = datetime.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        return round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _by_phase(found: Mapping[int | None, int]) -> Three:
    """One without a phase is that of the only one."""
    alone = found.get(None) if len(found) == 1 else None
    return found.get(0, alone), found.get(1), found.get(2)


def _count(value: Mapping[str, Any], measurand: str) -> int | None:
    told = value.get("unit_of_measure") or {}
    unit = value.get("unit") or told.get("unit") or ("Wh" if measurand == ENERGY else "")
    factor = _FACTORS.get(unit, 1 if not unit else 0)
    try:
        number = Decimal(str(value["value"])).scaleb(int(told.get("multiplier") or 0))
        if not abs(number) < LARGEST:
            return None
        count = int(number * factor * _STEPS[measurand])
    except (ArithmeticError, ValueError, KeyError):
        return None
    least = 0 if measurand in (ENERGY, VOLTAGE) else -_MOST[measurand]
    return count if factor and least <= count <= _MOST[measurand] else None
