"""What is no longer there and still has a past: devices, loads and groups that something was recorded for."""

from __future__ import annotations

from runtime.core.accounting.assignments import member
from runtime.core.site.installation import Installation


def is_deleted(installation: Installation, of: str) -> bool:
    """Whether ``device:ID``, ``load:ID`` or ``group:ID`` is no longer there; "total" and "others" always are.

    Of ``group:ID/load:ID`` whether one of the two is not.
    """
    if "/" in of:
        return any(is_deleted(installation, part) for part in of.split("/"))
    kind, _, id = of.partition(":")
    ids = {
        "device": {device.id for device in installation.devices},
        "load": {load.id for load in installation.loads},
        "group": {group.id for group in installation.groups},
    }
    return kind in ids and int(id) not in ids[kind]


def has_past(installation: Installation, of: str) -> bool:
    """Whether something may have been recorded for it while it was there."""
    kind, _, id = of.partition(":")
    if kind == "device":
        return any(row.device == int(id) for row in installation.assignments)
    is_member = member(of)
    return any(is_member(row) for row in installation.assignments)
