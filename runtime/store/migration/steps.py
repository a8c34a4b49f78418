"""From each version of a kind to the next: one function a step, from plain values to plain values.

What a step takes and gives is what the kind's reader has before it makes objects of it: the unpacked record (a dict or
a list), bytes of a row or bin, and for a ledger its fields as a list in the order of ``LedgerState``. A step knows the
two versions that it joins, by name, and imports nothing: what it says must stay true when the program has moved on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runtime.store.migration.versions import newest_of

Step = Callable[[Any], Any]


def unchanged(value: Any) -> Any:
    """A step to a version that only has fields more, whose defaults say what was so before."""
    return value


def ledger_2(fields: list[Any]) -> list[Any]:
    """What was held were single readings, which agree on nothing by themselves; the rest is not known yet.

    Fields after ``dip_ms``: glitch_ms, pace, moved_ts, paused, falls, doubted_ms.
    """
    return [*fields[:7], [], *fields[8:11], 0, 0, fields[0] // 64_000 * 64, False, 0, 0]


# (kind, version it starts from) -> step
STEPS: dict[tuple[str, int], Step] = {
    ("installation", 1): unchanged,  # a device says whether its power has the other sign
    ("ledger", 1): ledger_2,
    ("ledger", 2): unchanged,  # it knows until when a clock that was put back comes by booked slots again
    ("installation", 2): unchanged,  # the gas factor has dates
    ("installation", 3): unchanged,  # there is a Modbus server
    ("installation", 4): unchanged,  # there are thresholds, charging circuits and stations
    (
        "installation",
        5,
    ): unchanged,  # how often a gateway is polled, and connections to a host, at most
    ("installation", 6): unchanged,  # there are outlets and alerts
    ("installation", 7): unchanged,  # there are rules that act
    ("installation", 8): unchanged,  # there are budgets and leaks
    ("access state", 1): unchanged,  # live values may keep a session open
    ("session", 1): unchanged,
    ("token", 1): unchanged,  # there are public screens
    ("installation", 9): unchanged,  # a device names the meter above it
    ("installation", 10): unchanged,  # other masters may write to units on the bus
    ("installation", 11): unchanged,  # there is an OCPP server
}


def migrate(kind: str, version: int, value: Any, steps: Mapping[tuple[str, int], Step] = STEPS) -> Any:
    """A value of a version as the newest program would have written it."""
    for at in range(version, newest_of(kind)):
        value = steps[kind, at](value)
    return value
