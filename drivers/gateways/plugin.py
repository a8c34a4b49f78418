"""The plugin ``modbus``: the ways to reach Modbus devices that come with Wattkeeper."""

from __future__ import annotations

from drivers.gateways.modbus import BUILT_IN
from runtime.core.source.scheme import Scheme
from runtime.plugin.hookspecs import hookimpl


@hookimpl
def gateways() -> tuple[Scheme, ...]:
    return BUILT_IN
