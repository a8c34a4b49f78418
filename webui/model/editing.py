"""Editing the installation for whoever asks over HTTP: posted to its owner, waited for, told how it went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bottle

from actors.message.edit import INSTALLATION, Edited, EditInstallation, Expected, UndoEdit
from runtime.code.codes import CODES, status_of
from runtime.core.edit.edits import Edit
from runtime.errors import ConfigError, Fault, WattkeeperError
from runtime.text.moment import iso_ms
from webui.http.caller import caller
from webui.http.errors import RequestRefused
from webui.model.actorclient import ActorClient
from webui.model.bridge import Bridge

WITHIN_S = 15.0
MOST_AT_ONCE = 6  # edits are quick, and one after the other


class Editing:
    """Shared by the handlers of one room."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._asking = ActorClient(bridge, MOST_AT_ONCE)

    def do(self, make: Callable[[], Edit], about: tuple[str, int] | None = None, source: str = "web") -> Edited:
        """Done and kept. Raises RequestRefused with every fault.

        about  (kind, id) of the object that the request's ``If-Match`` speaks of
        """
        expected = None
        if about is not None and (etag := if_match()):
            expected = Expected(*about, etag)
        try:
            edit = make()
        except ConfigError as error:
            raise refusal(error) from None
        author = caller().name
        return self._asked(lambda reply: EditInstallation(edit, author, reply, expected, source), about)

    def undo(self, version: int) -> Edited:
        """Take the last edit back. Raises RequestRefused."""
        author = caller().name
        return self._asked(lambda reply: UndoEdit(author, reply, version), None)

    def _asked(self, make: Callable[[Any], object], about: tuple[str, int] | None) -> Edited:
        with self._asking.waiting():
            try:
                edited: Edited = self._bridge.ask(INSTALLATION, make, WITHIN_S)
                return edited
            except WattkeeperError as error:
                raise self._refusal(error, about) from None

    def _refusal(self, error: WattkeeperError, about: tuple[str, int] | None) -> RequestRefused:
        if isinstance(error, ConfigError):
            return refusal(error)
        more = {"changed": self._changed(*about)} if error.code == "version_stale" and about else {}
        return RequestRefused(status_of(error.code), error.code, error.message, more=more)

    def _changed(self, kind: str, id: int) -> dict[str, str] | None:
        """Who changed it last and when, as far as the audit trail tells."""
        entry = self._bridge.audit.last_of(kind, id) if self._bridge.audit else None
        return None if entry is None else {"by": entry.author, "at": iso_ms(entry.ts_ms, self._bridge.zone)}


def if_match() -> str:
    """The etag of the request's ``If-Match``, "" when it has none or takes any."""
    told = str(bottle.request.get_header("If-Match", "")).strip().removeprefix("W/").strip('"')
    return "" if told == "*" else told


def refusal(error: ConfigError) -> RequestRefused:
    """422, unless it is about something that is not there. The first fault is the error, ``faults`` are all of them."""
    first = error.faults[0]
    faults = [_describe_fault(fault) for fault in error.faults]
    status = CODES[first.code].fault_status
    return RequestRefused(status, first.code, first.message, first.field, first.hint, more={"faults": faults})


def _describe_fault(fault: Fault) -> dict[str, Any]:
    named = {"kind": fault.kind, "id": fault.id} if fault.kind else {}
    facts = {"facts": dict(fault.facts)} if fault.facts else {}
    return {**named, "field": fault.field, "code": fault.code, "message": fault.message, "hint": fault.hint, **facts}
