"""The demo's living page of all components: what templates and scripts can build on, each as it really is."""

from __future__ import annotations

import re
from collections.abc import Iterable

import bottle

from runtime.text.wording import STATES
from webui.http.answer import json_answer
from webui.http.errors import RequestRefused
from webui.http.permission import Route, needs
from webui.http.staticfile import FOLDER
from webui.pages.frame.shell import Shell

_SYMBOL = re.compile(r"<symbol\b[^>]*?\bid=\"([^\"]+)\"")
ROWS = 255  # what tables have to bear


class StyleguidePage:
    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        picture = (FOLDER / "img" / "icons.svg").read_text(encoding="utf-8")
        self._icons = _SYMBOL.findall(picture)

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/styleguide", self.show)
        yield Route("POST", "/styleguide/<kind>", self.answer)

    @needs(("home", "see"))
    def show(self) -> str:
        return self._shell.page("styleguide.html", icons=self._icons, rows=range(1, ROWS + 1), all_states=tuple(STATES))

    @needs(("home", "see"))
    def answer(self, kind: str) -> bottle.HTTPResponse:
        """What a form would hear from the API: saved, faults, stale."""
        match kind:
            case "saved":
                return json_answer({"id": 1, "etag": "2"})
            case "stale":
                return json_answer({"error": {"code": "version_stale", "message": "Somebody else was faster."}}, 409)
            case "faults":
                faults = [
                    {"field": "name", "code": "name_taken", "message": "Another device has this name.", "hint": ""},
                    {"field": "unit", "code": "unit_range", "message": "From 1 to 247.", "hint": "See its display."},
                ]
                first = {"code": "invalid", "message": "Two entries do not fit.", "field": "name", "faults": faults}
                return json_answer({"error": first}, 400)
        raise RequestRefused(404, "not_found", "There is no such answer.")
