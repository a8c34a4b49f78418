"""Words of refusals, with the facts of a fault where they say it better."""

from __future__ import annotations

import re

from tests.webui.stage import Stage
from webui.pages.frame.refusalwords import FACTS


def test_what_needs_facts_has_a_sentence_with_blanks_in_the_visitors_language(site: Stage) -> None:
    words = site.get("/words/refusals", cookie="language=fr").json
    assert words["out_of_range"][2] == "De {low} à {high}."
    assert words["gateway_port"][:1] == ["Le port est un nombre de 1 à 65535."] and len(words["gateway_port"]) == 2


def test_every_language_keeps_the_blanks(site: Stage) -> None:
    for code in ("de", "es", "el", "hu", "it", "nl", "pl", "pt", "ru", "zh"):
        words = site.get("/words/refusals", cookie=f"language={code}").json
        for refusal, sentence in FACTS.items():
            assert sorted(re.findall(r"\{\w+\}", words[refusal][2])) == sorted(re.findall(r"\{\w+\}", sentence))
