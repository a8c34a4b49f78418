from __future__ import annotations

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from webui.language import I18N, NAMES

WEBUI = I18N.parent


def _sentences() -> set[tuple[str | None, str]]:
    options = {"templates/**.html": {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true"}}
    keywords = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    found = extract_from_dir(str(WEBUI), methods, options, keywords)  # type: ignore[arg-type]
    return {(context, message[0] if isinstance(message, tuple) else message) for _, _, message, _, context in found}


def test_every_sentence_of_pages_and_tables_stands_in_every_catalogue_and_french_is_complete() -> None:
    sentences = _sentences()
    assert len(sentences) > 200
    for code in NAMES:
        with Path(I18N, code, "LC_MESSAGES", "wattkeeper.po").open("rb") as file:
            catalogue = read_po(file, locale=code)
        missing = {text for context, text in sentences if catalogue.get(text, context) is None}
        assert not missing, code
        if code != "en":
            empty = [message.id for message in catalogue if message.id and not all(_texts(message.string))]
            assert not empty, code


def _texts(string: str | tuple[str, ...] | list[str]) -> list[str]:
    return [string] if isinstance(string, str) else list(string)
