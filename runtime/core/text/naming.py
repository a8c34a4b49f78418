"""Names and texts that people give: what is taken as it is, what is put right, what is refused.

Markup and formulas are no danger here: whoever shows a name escapes it for the place where it is shown. Refused is what
nobody sees or what turns a line around: control characters, line ends, marks of writing direction.
"""

from __future__ import annotations

from unicodedata import normalize

from runtime.core.text.edge import MOST_TEXT, plain_spaces, text_fault

MOST_NAME = 80


def normalise_text(value: str) -> str:
    """One way to write what looks the same: composed letters, plain spaces, none around."""
    return plain_spaces(normalize("NFC", value)).strip()


def a_name(value: str) -> tuple[str, str] | None:
    """(code, message) of what is wrong with it."""
    return _printable(value, MOST_NAME)


def a_text(value: str) -> tuple[str, str] | None:
    """The same for a description."""
    return _printable(value, MOST_TEXT)


def _printable(value: str, most: int) -> tuple[str, str] | None:
    match text_fault(value, most):
        case "":
            return None
        case "text_too_long":
            return "name_too_long", f"{len(value)} characters are too many, {most} at most"
        case _:
            return "name_unprintable", "holds a control character, a line end or a mark of writing direction"


def free_name(wanted: str, taken: frozenset[str], longer: str) -> str:
    """``wanted`` or, when somebody has it, ``longer``, or that with a number."""
    if wanted not in taken:
        return wanted
    number, name = 2, longer[:MOST_NAME]
    while name in taken:
        name, number = f"{longer[: MOST_NAME - 5]} {number}", number + 1
    return name
