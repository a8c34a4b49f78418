"""The OCPP server and its stations: those that are configured, each with what is to be typed into it."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.ocpp.identity import PATH, secret_owner, stations_of
from runtime.core.ocpp.resource import ocpp_of
from runtime.core.ocpp.view import OCPP_VIEW, CallerState, OcppView
from webui.model.bridge import Bridge


@dataclass(frozen=True, slots=True)
class ShownStation:
    """One that is configured; ``state`` None = it is not connected."""

    identity: str
    gateway: int
    has_password: bool
    state: CallerState | None = None


def ocpp_state(bridge: Bridge) -> OcppView:
    """Listening to nobody while it is switched off."""
    return bridge.views.get(OCPP_VIEW, OcppView())


def shown_stations(bridge: Bridge) -> tuple[ShownStation, ...]:
    """Of the gateways that lead to stations and are on, in the order of their names."""
    there = {state.identity: state for state in ocpp_state(bridge).stations}
    return tuple(
        ShownStation(identity, gateway, has_password(bridge, identity), there.get(identity))
        for identity, gateway in sorted(stations_of(bridge.installation().gateways).items())
    )


def has_password(bridge: Bridge, identity: str) -> bool:
    return bridge.secrets is not None and bool(bridge.secrets.of(secret_owner(identity)).get("password"))


def address_of(bridge: Bridge, host: str, identity: str) -> str:
    """What is typed into a station. ``host``: by which name the caller reached this server."""
    spec = ocpp_of(bridge.installation())
    shown = f"[{host}]" if ":" in host else host
    return f"{'wss' if spec.tls else 'ws'}://{shown}:{spec.port}{PATH}{identity}"
