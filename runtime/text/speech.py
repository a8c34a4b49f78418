"""Says sentences in the language of the visitor whose page is made."""

from __future__ import annotations

from contextvars import ContextVar
from gettext import NullTranslations

from runtime.text.language import DEFAULT, LANGUAGES, Catalogues, Language


class Speech:
    """One for all pages: the language is that of the page which this thread makes."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues
        self._spoken: ContextVar[Language] = ContextVar("spoken", default=LANGUAGES[DEFAULT])

    @property
    def language(self) -> Language:
        return self._spoken.get()

    def speak(self, language: Language) -> None:
        self._spoken.set(language)

    def gettext(self, sentence: str) -> str:
        return self._catalogue.gettext(sentence)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self._catalogue.ngettext(one, many, count)

    def pgettext(self, context: str, sentence: str) -> str:
        return self._catalogue.pgettext(context, sentence)

    def npgettext(self, context: str, one: str, many: str, count: int) -> str:
        return self._catalogue.npgettext(context, one, many, count)

    @property
    def _catalogue(self) -> NullTranslations:
        return self._catalogues.of(self.language)
