from __future__ import annotations

from contextvars import copy_context

from runtime.text.language import LANGUAGES, Catalogues
from runtime.text.speech import Speech


def test_each_page_speaks_the_language_of_its_own_visitor() -> None:
    speech = Speech(Catalogues())

    def page_in(code: str) -> str:
        speech.speak(LANGUAGES[code])
        return speech.gettext("Home")

    said = {code: copy_context().run(page_in, code) for code in ("en", "fr")}
    assert said == {"en": "Home", "fr": "Accueil"}
    assert speech.gettext("Home") == "Home"


def test_words_with_a_context_and_with_a_number_are_found() -> None:
    speech = Speech(Catalogues())
    speech.speak(LANGUAGES["fr"])
    assert speech.pgettext("device", "on") != "on"
    assert speech.ngettext("%(num)d device", "%(num)d devices", 2) == "%(num)d appareils"
