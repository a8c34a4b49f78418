"""How long one pass over a bus takes, told with each device that is saved (ACQ-3)."""

from __future__ import annotations

from typing import Any

from runtime.core.decode.cycletime import LONG_S
from webui.model.bridge import Bridge


def cycle_time_json(bridge: Bridge, gateway: int) -> dict[str, Any]:
    """Computed from what its devices are read by; ``warning`` when live values get old."""
    spec = bridge.installation().gateway(gateway)
    on = [device for device in bridge.installation().devices_of(gateway) if device.on]
    maps = [compiled for device in on if (compiled := bridge.map_of(device.id)) is not None]
    computed_s = bridge.scheme(spec).cycle_time_s(spec.url, maps) if spec else 0.0
    message = f"One pass over the devices of this bus takes {computed_s:.0f} s: their values will be that old."
    warning = {"code": "round_long", "message": message} if computed_s > LONG_S else None
    return {"gateway": gateway, "round_s": round(computed_s, 3), "warning": warning}
