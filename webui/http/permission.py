"""What a route asks of the user who calls it: (page, verb) pairs of which one suffices.

Pages are those that rights are given for (section 8.1.1 of the manual); verbs are ``see`` and ``act``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runtime.core.access.access import PAGES, VERBS

__all__ = ["PAGES", "PUBLIC", "VERBS", "Route", "needs"]

PUBLIC = ("public", "see")  # no login: health, the API's description, style and scripts, the login itself

Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One address that the web answers. ``handler`` carries what ``needs`` gave it."""

    method: str
    path: str
    handler: Handler

    @property
    def permissions(self) -> tuple[tuple[str, str], ...]:
        return getattr(self.handler, "permissions", ())

    @property
    def asks_pin(self) -> bool:
        return getattr(self.handler, "asks_pin", False)


def needs(*pairs: tuple[str, str], pin: bool = False) -> Callable[[Handler], Handler]:
    """Declare that whoever holds one of ``pairs`` may call the handler. Raises ValueError for an unknown pair.

    pin  the PIN must have been given in the last 15 minutes: what acts on breakers, outputs, stations and users
    """
    for pair in pairs:
        if pair != PUBLIC and (pair[0] not in PAGES or pair[1] not in VERBS):
            raise ValueError(f"no such permission: {pair}")

    def declare(handler: Handler) -> Handler:
        handler.permissions = pairs  # type: ignore[attr-defined]
        handler.asks_pin = pin  # type: ignore[attr-defined]
        return handler

    return declare
