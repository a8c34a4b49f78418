"""The installation as a TOML file: given out, looked through, taken in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bottle

from runtime.core.edit.edits import Edit
from runtime.core.edit.installationfile import dump, load_table
from runtime.core.edit.proposal import propose
from runtime.core.site.diff import Change
from runtime.core.text.tomlfile import parse_toml
from runtime.errors import ConfigError
from webui.api.request import parameter
from webui.api.request.content import text
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.editing import Editing, refusal

SEE = (("system_configuration", "see"),)
ACT = (("system_configuration", "act"),)
MOST_BYTES = 1_000_000
FILE = "installation.toml"
YES_NO = ("0", "1")


class TransferApi:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._editing = Editing(bridge)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/api/v1/installation", self.export)
        yield Route("POST", "/api/v1/installation", self.take_in)

    @needs(*SEE)
    def export(self) -> bottle.HTTPResponse:
        headers = {"Content-Type": "application/toml", "Content-Disposition": f'attachment; filename="{FILE}"'}
        return bottle.HTTPResponse(dump(self._bridge.installation()), headers=headers)

    @needs(*ACT)
    def take_in(self) -> bottle.HTTPResponse:
        """Checked as a whole first. ``dry=1`` only tells the changes, ``replace=1`` erases what it does not name."""
        replace_all = parameter.one_of("replace", YES_NO, "0") == "1"
        dry = parameter.one_of("dry", YES_NO, "0") == "1"
        edit = self._edit(text(MOST_BYTES), replace_all)
        if dry:
            changes = self._tried(edit)
        else:
            entry = self._editing.do(lambda: edit, source="file").entry
            changes = entry.changes if entry else ()
        return json_answer({"dry": dry, "changes": [_describe_change(change) for change in changes]})

    def _edit(self, content: str, replace_all: bool) -> Edit:
        """Parsed and looked through here, once; its owner merges it into the tree of the moment."""
        known = self._bridge.checked().known
        try:
            table = parse_toml(content, FILE)
            load_table(table, FILE, self._bridge.installation(), known, replace_all=replace_all)
        except ConfigError as error:
            raise refusal(error) from None
        return lambda current: load_table(table, FILE, current, known, replace_all=replace_all)

    def _tried(self, edit: Edit) -> tuple[Change, ...]:
        try:
            now_ts = self._bridge.clock.now_ts()
            return propose(self._bridge.installation(), edit, self._bridge.checked().faults, now_ts).changes
        except ConfigError as error:
            raise refusal(error) from None


def _describe_change(change: Change) -> dict[str, Any]:
    return {"kind": change.kind, "id": change.id, "name": change.name, "action": change.action}
