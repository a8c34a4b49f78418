"""The texts by which a simulated device identifies itself, as its map expects them."""

from __future__ import annotations

from collections.abc import Mapping

from runtime.core.map.devicemap import DeviceMap

VENDOR, PRODUCT, REVISION, NAME = 0x00, 0x01, 0x02, 0x04
_REVISION = b"V1.0"


def objects_of(map: DeviceMap) -> Mapping[int, bytes]:
    """By number of the object; empty where the map knows of none, so that function 43 is refused."""
    if not map.identifications:
        return {}
    probe = map.identifications[0]
    return {
        VENDOR: probe.vendor.encode("ascii"),
        PRODUCT: probe.products[0].encode("ascii"),
        REVISION: _REVISION,
        NAME: probe.products[-1].encode("ascii"),
    }
