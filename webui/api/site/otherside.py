"""After one side of a two-sided station was saved: is its other side still missing?"""

from __future__ import annotations

from typing import Any

from runtime.core.site.installation import DeviceSpec
from webui.model.bridge import Bridge

OTHER = {"left": "right", "right": "left"}


def suggest_other_side(bridge: Bridge, spec: DeviceSpec) -> dict[str, Any] | None:
    """What the other side has in common with this one; ``unit`` None where each side has an address of its own."""
    if not spec.side:
        return None
    alike = [
        each
        for each in bridge.installation().devices_of(spec.gateway)
        if (each.number, each.model) == (spec.number, spec.model)
    ]
    found = bridge.offer().maps.get(spec.model)
    shared = found is None or bool(found.side_stride)
    if shared:
        alike = [each for each in alike if (each.unit, each.interface) == (spec.unit, spec.interface)]
    sides = [each.side for each in alike]
    if sides.count(OTHER[spec.side]) >= sides.count(spec.side):
        return None
    return {
        "gateway": spec.gateway,
        "model": spec.model,
        "number": spec.number or None,
        "unit": spec.unit if shared else None,
        "side": OTHER[spec.side],
        "phase": spec.phase or None,
    }
