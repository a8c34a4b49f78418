"""The plugin ``modbus``: the ways to reach Modbus devices that come with Wattkeeper."""

from __future__ import annotations

from drivers.gateways.modbus import BUILT_IN
from drivers.line import GatewayKind
from runtime.plugin.hookspecs import hookimpl


@hookimpl
def gateways() -> tuple[GatewayKind, ...]:
    return BUILT_IN
