"""The Modbus address on the wire of a device that may stand behind an EMS interface."""

from __future__ import annotations

LAST = 247


def wire_unit(unit: int, interface: int, stride: int) -> int:
    """What requests carry; ``interface`` 0 = the device answers at its own address.

    stride  ``interface_stride`` of its map
    raises  ValueError, for people, when there is no such address
    """
    if not interface:
        return unit
    if not stride:
        raise ValueError("this model does not stand behind an EMS interface")
    if unit > stride:
        raise ValueError(f"behind an interface addresses go from 1 to {stride}")
    found = unit + (interface - 1) * stride
    if found > LAST:
        raise ValueError(f"interfaces go from 1 to {(LAST - unit) // stride + 1}")
    return found
