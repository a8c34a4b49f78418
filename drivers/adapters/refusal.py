"""Modbus exceptions in words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.core.modbus.request import IDENTIFICATION, Request
from runtime.errors import Refused

# code -> (name in the Modbus application protocol V1.1b3, section 7; what a person can do)
_EXCEPTIONS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        1: ("illegal function", "the device does not know this function; check the model"),
        2: ("illegal data address", "the device has no such register; check the model and its version"),
        3: ("illegal data value", "the device refuses this number of registers or this value; check the model"),
        4: ("server device failure", "the device reports a fault of its own; look at it, switch it off and on"),
        5: ("acknowledge", "the device needs more time; it is asked again later"),
        6: ("server device busy", "the device is busy; it is asked again later"),
        7: ("negative acknowledge", "the device cannot do this now"),
        8: ("memory parity error", "the device found its memory damaged; switch it off and on, else have it replaced"),
        9: ("reserved", "the device answers outside the standard; check model and firmware"),
        10: ("gateway path unavailable", "the gateway has no way to this address; check its settings and the address"),
        11: (
            "gateway target failed to respond",
            "the device behind the gateway is silent; check its wiring and address",
        ),
    }
)


def wanted_by(request: Request) -> str:
    """What a read asks for."""
    return "its identification" if request.function == IDENTIFICATION else f"{request.count} at {request.at}"


def explain_refusal(request: Request, exception: int) -> Refused:
    name, advice = _EXCEPTIONS.get(exception, ("unknown exception", "the device answers outside the standard"))
    asked = f"function {request.function}, address {request.at}, count {request.count}"
    return Refused(exception, f"unit {request.unit} answered exception {exception}, {name}, to {asked}: {advice}")
