"""By what a station calls in: the last part of the address that is typed into it, and the URL of its gateway."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

SCHEME = "ocpp"
PATH = "/ocpp/"  # before the identity, in the address that a station calls
MOST_CONNECTORS = 16
_IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}")  # 48 characters are what version 2.0.1 allows


class GatewayLike(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def url(self) -> str: ...
    @property
    def on(self) -> bool: ...


def is_identity(text: str) -> bool:
    return _IDENTITY.fullmatch(text) is not None


def url_of(identity: str) -> str:
    return f"{SCHEME}://{identity}"


def identity_of(url: str) -> str:
    """The station behind a gateway, "" when it is none that calls in."""
    name, _, rest = url.partition("://")
    return rest if name == SCHEME and is_identity(rest) else ""


def stations_of(gateways: Iterable[GatewayLike]) -> dict[str, int]:
    """Identity -> gateway, of those that are switched on."""
    found = {identity_of(gateway.url): gateway.id for gateway in gateways if gateway.on}
    found.pop("", None)
    return found


def secret_owner(identity: str) -> str:
    """Whose sealed password it is."""
    return f"{SCHEME}.{identity}"
