"""A question to a station, of whatever version: what it answers, or an error of OCPP for whatever is no answer."""

from __future__ import annotations

from typing import Any

from ocpp.exceptions import GenericError, UnknownCallErrorCodeError

_NO_ANSWERS = (UnknownCallErrorCodeError, TypeError, ValueError, LookupError, AttributeError)


async def ask(station: Any, payload: Any) -> Any:
    """Raises OCPPError when it refuses or answers something else, TimeoutError when it does not answer."""
    try:
        return await station.call(payload, suppress=False)
    except _NO_ANSWERS as error:
        raise GenericError(f"no answer: {type(error).__name__}") from None
