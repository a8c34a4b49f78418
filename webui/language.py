"""The languages of the pages: their catalogues, read from the .po files at start, and which one a visitor gets."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

I18N = Path(__file__).parent / "i18n"
DOMAIN = "wattkeeper"
NAMES = {"en": "English", "fr": "Français"}  # code -> the language's own name
DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """``catalogue`` translates; ``code`` is also the locale of numbers and dates."""

    code: str
    name: str
    catalogue: gettext.NullTranslations


def load_languages(folder: Path = I18N) -> Mapping[str, Language]:
    """Raises OSError when a catalogue is missing: it is part of the program."""
    return {code: Language(code, name, _catalogue(folder, code)) for code, name in NAMES.items()}


def chosen(languages: Mapping[str, Language], cookie: str, accept_language: str) -> Language:
    """What the visitor picked, else the first of the browser's wishes that there is, else English."""
    for code in (cookie, *_wishes(accept_language)):
        if code in languages:
            return languages[code]
    return languages[DEFAULT]


def _catalogue(folder: Path, code: str) -> gettext.GNUTranslations:
    compiled = BytesIO()
    with (folder / code / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=code, domain=DOMAIN))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _wishes(accept_language: str) -> list[str]:
    """``fr-CH, en;q=0.8`` -> ["fr-ch", "fr", "en"], most wanted first."""
    weighted = []
    for place, wish in enumerate(accept_language.split(",")[:20]):
        code, _, weight = wish.strip().lower().partition(";q=")
        try:
            weighted.append((-float(weight or 1), place, code))
        except ValueError:
            continue
    return [form for _, _, code in sorted(weighted) for form in (code, code.split("-")[0])]
