"""Asking the recorder to do something to history, and telling how it went: an answer, or the field to blame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actors.message.device import EventReported, KeepRecords
from runtime.code.codes import field_of, status_of
from runtime.errors import WattkeeperError
from runtime.text.wording import REFUSALS
from runtime.text.words import Advice
from webui.http.errors import RequestRefused
from webui.model.actorclient import ActorClient
from webui.model.bridge import Bridge

WITHIN_S = 10.0


class Recording:
    """The recorder as handlers see it."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._asking = ActorClient(bridge)

    def do(self, make: Callable[[Any], object], to: str = "recorder") -> Any:
        """What it answers to the message that ``make`` puts a reply box into. Raises RequestRefused."""
        with self._asking.waiting():
            try:
                return self._bridge.ask(to, make, WITHIN_S)
            except WattkeeperError as error:
                words = REFUSALS.get(error.code, Advice(error.message, ""))  # the recorder speaks in counts
                status, field = status_of(error.code), field_of(error.code)
                raise RequestRefused(status, error.code, words.what, field, words.todo) from None

    def keep(self, kind: str, key: str, record: Any, event: EventReported) -> None:
        """Keep a setting and that it was changed, in one transaction."""
        self.do(lambda reply: KeepRecords(((kind, key, record),), (event,), reply))
