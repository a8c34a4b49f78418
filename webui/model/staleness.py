"""When a reading is old: soon if measured, later if read each minute, settings when their hourly reading stays out."""

from __future__ import annotations

from runtime.core.decode.readplan import is_slow
from runtime.core.quantity.catalogue import QUANTITIES

SETTINGS = frozenset(
    {id for id, row in QUANTITIES.items() if row.kind == "text"}
    | {"ct_ratio", "vt_ratio", "integration_time_min", "device_code"}
)
SETTINGS_STALE_AFTER_S = 2 * 3600
SLOW = frozenset(id for id in QUANTITIES if is_slow(id)) - SETTINGS
SLOW_STALE_AFTER_S = 3 * 60
UNHURRIED = SETTINGS | SLOW  # these have a limit of their own


def stale_after_s(quantity: str, device_s: int) -> int:
    """``device_s`` is the device's own limit."""
    if quantity in SETTINGS:
        return SETTINGS_STALE_AFTER_S
    return max(device_s, SLOW_STALE_AFTER_S) if quantity in SLOW else device_s


def is_stale(quantity: str, ts_ms: int, now_ms: int, device_s: int) -> bool:
    """A reading from the future is old as well: the clock went back, so nobody knows its age."""
    return abs(now_ms - ts_ms) > stale_after_s(quantity, device_s) * 1000
