"""Ways to reach devices, by the scheme of their address."""

from __future__ import annotations

from collections.abc import Iterable

from drivers.gateways.modbus import BUILT_IN
from drivers.line import GatewayKind, Line
from runtime.clock import Clock
from runtime.errors import ConfigError, Fault


def open_line(url: str, clock: Clock, kinds: Iterable[GatewayKind] = BUILT_IN) -> Line:
    """The line behind an address, not connected yet: its first ``open`` touches the wire. Raises ConfigError."""
    scheme = url.partition("://")[0]
    for kind in kinds:
        if kind.scheme == scheme:
            return kind.make_line(url, clock)
    examples = " or ".join(kind.example for kind in kinds)
    raise ConfigError(
        [Fault(url or "address", "", "is no address of a gateway", f"expected {examples}", "url_invalid")]
    )
