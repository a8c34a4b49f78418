"""Asking the recorder to do something to history, and telling how it went: an answer, or the field to blame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from actors.message.device import EventReported, KeepRecords
from runtime.errors import WattkeeperError
from runtime.text.wording import REFUSALS
from runtime.text.words import Advice
from webui.http.errors import RequestRefused
from webui.model.actorclient import ActorClient
from webui.model.bridge import Bridge

WITHIN_S = 10.0
_STATUS: Mapping[str, int] = MappingProxyType(
    {
        "correction_unknown": 404,
        "correction_taken_back": 409,
        "recompute_busy": 409,
        "no_reply": 503,
        "owner_restarted": 503,
    }
)
_BLAMED: Mapping[str, str] = MappingProxyType(
    {
        "meter_unknown": "quantity",
        "meter_index_wrong": "last_index",
        "correction_empty": "energy",
        "correction_negative": "energy",
        "recompute_empty": "to",
        "medium_missing": "folder",
        "medium_inside": "folder",
        "medium_unwritable": "folder",
    }
)


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
                status = 503 if error.code.startswith("store_") else _STATUS.get(error.code, 400)
                words = REFUSALS.get(error.code, Advice(error.message, ""))  # the recorder speaks in counts
                field = _BLAMED.get(error.code, "")
                raise RequestRefused(status, error.code, words.what, field, words.todo) from None

    def keep(self, kind: str, key: str, record: Any, event: EventReported) -> None:
        """Keep a setting and that it was changed, in one transaction."""
        self.do(lambda reply: KeepRecords(((kind, key, record),), (event,), reply))
