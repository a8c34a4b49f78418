"""All codes in one table, and what constructors of errors and events ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.code import (
    access,
    billing,
    device,
    editing,
    history,
    machine,
    modbus,
    outlet,
    ownmap,
    request,
    security,
    store,
    wire,
)
from runtime.code.code import Code

AREAS = (
    access, billing, device, editing, history, machine, modbus, outlet, ownmap, request, security, store, wire,
)  # fmt: skip
CODES: Mapping[str, Code] = MappingProxyType({code.id: code for area in AREAS for code in area.CODES})
REPEATED = ("_flaps", "_calmed")  # ends of an event's code: it happens again and again, it no longer does
EVENTS = frozenset(f"{code.id}{end}" for code in CODES.values() if code.event for end in ("", *REPEATED))


def is_error(code: str) -> bool:
    """May an error or fault bear it?"""
    return code in CODES


def is_event(code: str) -> bool:
    """May an event bear it?"""
    return code in EVENTS


def status_of(code: str) -> int:
    """Of the answer to a request that is refused with it."""
    return CODES[code].status


def field_of(code: str) -> str:
    """Of the request that is to blame; "" = none or several."""
    return CODES[code].field
