"""Bring the message catalogues of all languages in step with the sentences of the sources: ``make messages``.

English and French get every sentence, new ones untranslated; the others keep what is translated and still in use.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
I18N = ROOT / "runtime/text/i18n"
SOURCES = ("runtime", "webui")
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.i18n", "trim_blocks": "true", "lstrip_blocks": "true"}}
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
COMPLETE = ("en", "fr")
WIDTH = 110


def main() -> None:
    template = extract()
    for file in sorted(I18N.glob("*/LC_MESSAGES/wattkeeper.po")):
        language = file.parts[-3]
        text = file.read_text(encoding="utf-8")
        head = text[: text.index("\n\n") + 2]
        catalogue = read_po(BytesIO(text.encode()), language)
        catalogue.update(template, no_fuzzy_matching=True)
        if language not in COMPLETE:
            for message in [each for each in catalogue if each.id and not translated(each.string)]:
                catalogue.delete(message.id, message.context)
        missing = sum(bool(each.id) and not translated(each.string) for each in catalogue)
        file.write_text(head + body(catalogue), encoding="utf-8")
        print(f"{language}: {len(catalogue)} sentences" + (f", {missing} to translate" if language == "fr" else ""))


def extract() -> Catalog:
    template = Catalog()
    for folder in SOURCES:
        for _, _, message, _, context in extract_from_dir(str(ROOT / folder), METHODS, OPTIONS, KEYWORDS):  # type: ignore[arg-type]
            template.add(message, context=context)
    return template


def translated(string: object) -> bool:
    return any(string) if isinstance(string, tuple | list) else bool(string)


def body(catalogue: Catalog) -> str:
    out = BytesIO()
    write_po(out, catalogue, width=WIDTH, omit_header=True, ignore_obsolete=True, sort_output=True, no_location=True)
    return out.getvalue().decode().strip("\n") + "\n"


if __name__ == "__main__":
    main()
