"""Ways to reach devices, by the scheme of their address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drivers.gateways.modbus import BUILT_IN
from drivers.line import Line
from runtime.clock import Clock
from runtime.core.source.scheme import Scheme, name_of
from runtime.errors import ConfigError, Fault


def make_source(url: str, clock: Clock, schemes: Iterable[Scheme] = BUILT_IN) -> Any:
    """The line or feed behind an address, not connected: its first ``open`` touches the wire. Raises ConfigError."""
    return _scheme_of(url, schemes).make(url, clock)


def open_line(url: str, clock: Clock, schemes: Iterable[Scheme] = BUILT_IN) -> Line[Any]:
    """The same where somebody wants to ask. Raises ConfigError for a source that is only heard."""
    scheme = _scheme_of(url, schemes)
    if scheme.is_heard:
        message = f"{scheme.title} is heard, not asked"
        raise ConfigError([Fault(url, "", message, "open its gateway in the server", "url_invalid")])
    line: Line[Any] = scheme.make(url, clock)
    return line


def _scheme_of(url: str, schemes: Iterable[Scheme]) -> Scheme:
    offered = tuple(schemes)
    for scheme in offered:
        if scheme.name == name_of(url):
            return scheme
    examples = " or ".join(scheme.example for scheme in offered)
    raise ConfigError(
        [Fault(url or "address", "", "is no address of a gateway", f"expected {examples}", "url_invalid")]
    )
