"""The audit trail of the installation, and taking the last change back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.site.audit import AuditEntry
from runtime.text.moment import iso_ms
from webui.api.request import parameter
from webui.api.request.content import json_object
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.editing import Editing

SEE = (("system_configuration", "see"),)
ACT = (("system_configuration", "act"),)
MOST = 500


class AuditApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._editing = Editing(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/audit", self.audit)
        yield Route("POST", "/api/v1/undo", self.undo)

    @needs(*SEE)
    def audit(self) -> bottle.HTTPResponse:
        """The newest first; ``before`` takes the version of the last of an earlier answer and goes on from there."""
        limit = parameter.integer("limit", 50, 1, MOST)
        before = parameter.integer("before", 0, 0, 2**31)
        trail = self._bridge.audit
        return json_answer([self._describe(entry) for entry in (trail.entries(limit, before) if trail else ())])

    @needs(*ACT)
    def undo(self) -> bottle.HTTPResponse:
        """``version`` names the change that is meant: it is refused when that is not the last any more."""
        values = json_object()
        version = values.pop("version", 0)
        if values or isinstance(version, bool) or not isinstance(version, int) or version < 0:
            raise parameter.refuse("version", "version must be that of a change.", "type_wrong")
        edited = self._editing.undo(version)
        return json_answer({"entry": None if edited.entry is None else self._describe(edited.entry)})

    def _describe(self, entry: AuditEntry) -> dict[str, Any]:
        return {
            "version": entry.version,
            "ts": iso_ms(entry.ts_ms, self._bridge.zone),
            "author": entry.author,
            "source": entry.source,
            "undoes": entry.undoes or None,
            "changes": [
                {
                    "kind": change.kind,
                    "id": change.id,
                    "name": change.name,
                    "action": change.action,
                    "fields": {
                        name: {"before": before, "after": after} for name, (before, after) in change.fields.items()
                    },
                }
                for change in entry.changes
            ],
        }
