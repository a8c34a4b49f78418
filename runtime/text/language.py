"""The languages of the pages: which there are, which one a visitor gets, and their catalogues, read when first used.

A sentence that a language lacks is said in the language it falls back on, and at last in English.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

I18N = Path(__file__).parent / "i18n"
DOMAIN = "wattkeeper"
DEFAULT = "en"
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "zh": "中文",
        "de": "Deutsch",
        "en": "English",
        "es": "Español",
        "fr": "Français",
        "fr_BE": "Français (Belgique)",
        "el": "Ελληνικά",
        "it": "Italiano",
        "hu": "Magyar",
        "nl": "Nederlands",
        "nl_BE": "Nederlands (België)",
        "pl": "Polski",
        "pt": "Português",
        "ru": "Русский",
    }
)  # code -> the language's own name
COMPLETE = ("en", "fr")  # have every sentence; the others have the terms, and the rest in English
_BREAKABLE = re.compile(r" (?=[:;?!»])|(?<=«) ")
_LOCALES = {"pt": "pt_PT"}  # where a bare code would mean another continent


# Where English is written the American way: twelve hours, and the month before the day.
_AMERICAN_ZONES = ("America/", "US/", "Pacific/Honolulu", "Pacific/Guam", "Pacific/Pago_Pago", "Asia/Manila")


@dataclass(frozen=True, slots=True)
class Language:
    """``region``: whose forms of numbers and dates a language has that is written in many, "" = its usual ones."""

    code: str
    name: str
    region: str = ""

    @property
    def locale(self) -> str:
        """Of numbers, dates and money."""
        return f"{self.code}_{self.region}" if self.region else _LOCALES.get(self.code, self.code)

    def at(self, zone: str) -> Language:
        """As it is written where the site is: English with 24 hours and the day first, but in America."""
        is_american = zone.startswith(_AMERICAN_ZONES)
        return replace(self, region="GB") if self.code == DEFAULT and not is_american else self

    @property
    def tag(self) -> str:
        """As browsers name it: ``nl-BE``."""
        return self.locale.replace("_", "-")

    @property
    def fallback(self) -> str:
        """The code of the language that says what this one cannot; "" = none."""
        return "" if self.code == DEFAULT else self.code.partition("_")[0] if "_" in self.code else DEFAULT


LANGUAGES: Mapping[str, Language] = MappingProxyType({code: Language(code, name) for code, name in NAMES.items()})

_BY_WISH = MappingProxyType({code.lower().replace("_", "-"): language for code, language in LANGUAGES.items()})


class Catalogues:
    """Reads each language's .po file when it is first spoken: most servers speak one or two."""

    def __init__(self, folder: Path = I18N) -> None:
        self._folder = folder
        self._read: dict[str, gettext.NullTranslations] = {}
        self._lock = Lock()

    def of(self, language: Language) -> gettext.NullTranslations:
        """Raises OSError when the file is missing: it is part of the program."""
        found = self._read.get(language.code)
        if found is not None:
            return found
        with self._lock:
            return self._load(language)

    def _load(self, language: Language) -> gettext.NullTranslations:
        if language.code not in self._read:
            catalogue = _catalogue(self._folder, language.code)
            if language.fallback:
                catalogue.add_fallback(self._load(LANGUAGES[language.fallback]))
            self._read[language.code] = catalogue
        return self._read[language.code]


def chosen(cookie: str, accept_language: str, default: str = DEFAULT) -> Language:
    """What the visitor picked, else the first of the browser's wishes that there is, else ``default``."""
    for wish in (cookie.lower().replace("_", "-"), *_preferences(accept_language)):
        if wish in _BY_WISH:
            return _BY_WISH[wish]
    return LANGUAGES.get(default, LANGUAGES[DEFAULT])


def _catalogue(folder: Path, code: str) -> gettext.GNUTranslations:
    compiled = BytesIO()
    with (folder / code / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        read = read_po(file, locale=code, domain=DOMAIN)
    for message in read if code.startswith("fr") else ():
        message.string = _keep_together(message.string)
    write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _keep_together(string: Any) -> Any:
    """French puts a space before high punctuation, at which no line may break."""
    if not isinstance(string, str):
        return tuple(map(_keep_together, string))
    return _BREAKABLE.sub("\u00a0", string)


def _preferences(accept_language: str) -> list[str]:
    """``fr-CH, en;q=0.8`` -> ["fr-ch", "fr", "en"], most wanted first."""
    weighted = []
    for place, wish in enumerate(accept_language.split(",")[:20]):
        code, _, weight = wish.strip().lower().partition(";q=")
        try:
            weighted.append((-float(weight or 1), place, code))
        except ValueError:
            continue
    return [form for _, _, code in sorted(weighted) for form in (code, code.split("-")[0])]
