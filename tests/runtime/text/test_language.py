from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from runtime.text.language import COMPLETE, I18N, LANGUAGES, NAMES, Catalogues, chosen

TEXT = I18N.parent
WEBUI = TEXT.parents[1] / "webui"
CODE = TEXT.parent / "code"
SEEDED = [code for code in NAMES if code not in COMPLETE]
VARIANTS = ("fr_BE", "nl_BE")  # say what differs from their language; the rest is its


@cache
def _sentences() -> set[tuple[str | None, str]]:
    options = {"templates/**.html": {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true"}}
    keywords = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    found = [
        line
        for folder in (TEXT, CODE, WEBUI)
        for line in extract_from_dir(str(folder), methods, options, keywords)  # type: ignore[arg-type]
    ]
    return {(context, message[0] if isinstance(message, tuple) else message) for _, _, message, _, context in found}


@pytest.mark.parametrize("code", COMPLETE)
def test_every_sentence_of_pages_and_tables_stands_in_english_and_french(code: str) -> None:
    sentences = _sentences()
    assert len(sentences) > 200
    catalogue = _catalogue(code)
    assert not {text for context, text in sentences if catalogue.get(text, context) is None}
    if code != "en":
        assert not [message.id for message in _messages(catalogue) if not all(_texts(message.string))]


@pytest.mark.parametrize("code", SEEDED)
def test_the_other_languages_have_the_terms_and_nothing_that_no_page_says(code: str) -> None:
    told = {(message.context, _texts(message.id)[0]) for message in _messages(_catalogue(code)) if message.string}
    assert not told - _sentences()
    assert len(told) > (0 if code in VARIANTS else 150)


@pytest.mark.parametrize("code", [code for code in NAMES if code != "en"])
def test_translations_keep_the_places_that_are_filled_in(code: str) -> None:
    for message in _messages(_catalogue(code)):
        for text in filter(None, _texts(message.string)):
            assert _places(text) <= _places(" ".join(_texts(message.id))), message.id


@pytest.mark.parametrize("code", [code for code in NAMES if code != "en"])
def test_a_translated_plural_has_every_form_of_its_language(code: str) -> None:
    catalogue = _catalogue(code)
    plurals = [_texts(message.string or "") for message in _messages(catalogue) if message.pluralizable]
    assert all(len(forms) == catalogue.num_plurals and all(forms) for forms in plurals if any(forms))


def test_fourteen_languages_are_picked_by_cookie_then_by_the_browser_s_wish() -> None:
    assert len(NAMES) == 14
    assert [chosen(code, "").code for code in NAMES] == list(NAMES)
    assert chosen("", "nl-be, fr;q=0.5").code == "nl_BE"
    assert chosen("", "de-AT").code == "de"
    assert chosen("", "ja").code == "en"
    assert chosen("klingon", "", default="it").code == "it"


def test_a_language_without_a_sentence_says_it_in_its_neighbour_s_then_in_english() -> None:
    catalogues = Catalogues()
    assert LANGUAGES["fr_BE"].fallback == "fr" and LANGUAGES["fr"].fallback == "en"
    said = {
        code: catalogues.of(LANGUAGES[code]).gettext("It is tried again by itself; if it stays, restart the device.")
        for code in NAMES
    }
    assert said["fr_BE"] == said["fr"] != said["en"]
    assert said["nl_BE"] == said["nl"]
    assert catalogues.of(LANGUAGES["pl"]).gettext("Nobody ever said this.") == "Nobody ever said this."


def test_no_line_breaks_before_french_punctuation() -> None:
    said = Catalogues().of(LANGUAGES["fr"]).gettext("Take it back?")
    assert said.endswith("\u00a0?")


def test_only_languages_in_use_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "wattkeeper.po").write_text('msgid ""\nmsgstr ""\n')
    catalogues = Catalogues(tmp_path)
    assert catalogues.of(LANGUAGES["en"]).gettext("Home") == "Home"
    with pytest.raises(OSError):
        catalogues.of(LANGUAGES["de"])


def test_numbers_and_dates_have_the_locale_of_europe_s_portuguese() -> None:
    assert (LANGUAGES["pt"].locale, LANGUAGES["pt"].tag, LANGUAGES["nl_BE"].tag) == ("pt_PT", "pt-PT", "nl-BE")


def _catalogue(code: str) -> Catalog:
    with Path(I18N, code, "LC_MESSAGES", "wattkeeper.po").open("rb") as file:
        return read_po(file, locale=code)


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _texts(string: str | tuple[str, ...] | list[str]) -> list[str]:
    return [string] if isinstance(string, str) else list(string)


def _places(text: str) -> set[str]:
    return set(re.findall(r"%%s|%\(\w+\)[sd]", text))


@pytest.mark.parametrize(
    ("code", "zone", "tag"),
    [
        ("en", "Europe/Paris", "en-GB"), ("en", "Australia/Perth", "en-GB"), ("en", "America/New_York", "en"),
        ("en", "Pacific/Honolulu", "en"), ("fr", "America/Montreal", "fr"), ("pt", "Europe/Lisbon", "pt-PT"),
    ],
)  # fmt: skip
def test_english_is_written_as_where_the_site_is(code: str, zone: str, tag: str) -> None:
    assert LANGUAGES[code].at(zone).tag == tag
    assert LANGUAGES[code].at(zone).code == code
