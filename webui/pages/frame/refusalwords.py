"""What refusals of the API mean, in the visitor's language: scripts ask for it when one comes."""

from __future__ import annotations

from collections.abc import Iterable

import bottle

from runtime.text.wording import REFUSALS, TROUBLES
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.pages.frame.shell import Shell


class RefusalWords:
    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/words/refusals", self.words)

    @needs(("home", "see"))
    def words(self) -> bottle.HTTPResponse:
        """Code -> [what is wrong, what to do]."""
        return json_answer(self._shell.advices({**TROUBLES, **REFUSALS}))
