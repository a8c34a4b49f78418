"""What refusals of the API mean, in the visitor's language: scripts ask for it when one comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import bottle

from runtime.text.wording import N_, REFUSALS, TROUBLES
from webui.http.answer import json_answer
from webui.http.permission import Route, needs
from webui.pages.frame.shell import Shell

# What to do, said with the facts of a fault (runtime/errors.py).
FACTS: Mapping[str, str] = MappingProxyType(
    {
        "out_of_range": N_("From {low} to {high}."),
        "address_taken": N_("{name} has address {address} on the same gateway."),
        "price_wrong": N_("Price {number}: a number such as 0.1742, and the day from which it holds."),
    }
)


class RefusalWords:
    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/words/refusals", self.words)

    @needs(("home", "see"))
    def words(self) -> bottle.HTTPResponse:
        """Code -> [what is wrong, what to do], and a third, with blanks, where the facts of a fault say it better."""
        said = self._shell.advices({**TROUBLES, **REFUSALS})
        for code, sentence in FACTS.items():
            said[code].append(self._shell.say(sentence))
        return json_answer(said)
