"""Who is there, as people see it; without the libraries that speak with stations."""

from __future__ import annotations

from typing import Any

from drivers.callers import Callers
from runtime.core.ocpp.view import CallerState


def states_of(callers: Callers) -> tuple[CallerState, ...]:
    """In the order of their names. Any thread."""
    return tuple(_state_of(session) for _, session in sorted(callers.present().items()))


def _state_of(session: Any) -> CallerState:
    connectors = sorted(session.connectors.items())
    faults = tuple((unit, connector.fault) for unit, connector in connectors if connector.fault)
    return CallerState(
        session.identity, session.station.version, session.address, session.since_ms, session.heard_ms,
        session.is_ready, session.facts, faults,
    )  # fmt: skip
