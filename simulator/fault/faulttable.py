"""Faults as they are written down: ``{late = 0.01, wrong_unit = 0.005, late_s = [0.5, 1.0]}``, in TOML and in JSON.

A share of the answers for each fault by name, and the parameters of ``Faults`` by theirs.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from runtime.core.text.tomltable import Table
from simulator.fault.faults import FAULTS, Faults, Wire

_MOST_S = 60.0
_DURATIONS = ("latency_s", "jitter_s", "slice_s")
PARAMETERS = tuple(field.name for field in fields(Faults) if field.name != "rates")


def read_faults(row: Table, wire: Wire) -> Faults:
    """What is wrong with the table is noted in it."""
    plain = Faults()
    row.refuse_unknown((*FAULTS, *PARAMETERS))
    rates = {name: _rate(row, name, wire) for name in row.rows if name in FAULTS}
    if sum(rates.values()) > 1 + 1e-9:
        row.fault("", f"shares sum to {sum(rates.values()):g}", "together they are 1 at the most")
        rates = {}
    durations = {key: _number(row, key, _MOST_S, getattr(plain, key)) for key in _DURATIONS}
    return Faults(
        rates=rates,
        **durations,
        late_s=_between(row, "late_s", plain.late_s),
        doubled_s=_between(row, "doubled_s", plain.doubled_s),
        hangs=row.flag("hangs", plain.hangs),
        exceptions=_exceptions(row, plain.exceptions),
    )


def written(faults: Faults) -> dict[str, Any]:
    """As ``read_faults`` reads it; what is as ever is left out."""
    plain = Faults()
    changed = {key: getattr(faults, key) for key in PARAMETERS if getattr(faults, key) != getattr(plain, key)}
    lists = {key: list(value) if isinstance(value, tuple) else value for key, value in changed.items()}
    return {**faults.rates, **lists}


def _rate(row: Table, name: str, wire: Wire) -> float:
    if wire not in FAULTS[name].wires:
        able = [other for other, fault in FAULTS.items() if wire in fault.wires]
        what = "Modbus TCP" if wire == "tcp" else "RTU"
        row.fault(name, f"cannot happen to {what}", f"there are {', '.join(able)}")
        return 0.0
    return _number(row, name, 1.0, 0.0)


def _number(row: Table, key: str, most: float, default: float) -> float:
    value = row.rows.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        row.fault(key, f"{value!r} is not a number from 0 to {most:g}")
        return default
    return float(value)


def _between(row: Table, key: str, default: tuple[float, float]) -> tuple[float, float]:
    given = row.listed(key, (int, float)) or default
    if len(given) != 2 or not 0 <= given[0] <= given[1] <= _MOST_S:
        row.fault(key, f"{list(given)} is not the least and the greatest delay", f"{key} = [0.5, 1.0]")
        return default
    return float(given[0]), float(given[1])


def _exceptions(row: Table, default: tuple[int, ...]) -> tuple[int, ...]:
    given = row.listed("exceptions", int)
    wrong = [code for code in given if not 1 <= code <= 255]
    if wrong or ("exceptions" in row and not given):
        row.fault("exceptions", f"{list(given)} are not exception codes", "exceptions = [4, 6]")
        return default
    return given or default
