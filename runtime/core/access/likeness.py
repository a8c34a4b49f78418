"""Names that could be taken for another's: letters of other alphabets that look the same, names that are not for users.

source  Unicode Technical Standard 39, Unicode Security Mechanisms: skeletons, and letters of one script
"""

from __future__ import annotations

import unicodedata

RESERVED = ("local", "nobody", "set-up", "setup", "the machine", "machine", "server", "system", "wattkeeper", "undo")
TOKEN = "token "  # what stands before the name of a token, wherever it stands for who did it
_SAME = {
    "a": "аαɑ", "b": "ЬьΒв", "c": "сϲ", "d": "ԁ", "e": "еεёэ", "g": "ɡ", "h": "һнΗ", "i": "іιїɩ1lｌ|ı", "j": "јϳ",
    "k": "кκ", "m": "мΜ", "n": "ոηпи", "o": "оοσ0օ", "p": "рρ", "q": "ԛ", "r": "гᴦя", "s": "ѕ$5", "t": "тτ",
    "u": "υսцμ", "v": "ѵν", "w": "ԝωш", "x": "хχ", "y": "уγү", "z": "ʐζ2",
}  # fmt: skip
_TO = {
    ord(other): letter for letter, others in _SAME.items() for form in others for other in (form, form.casefold()[:1])
}


def skeleton(name: str) -> str:
    """The same for names that look alike."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = (letter for letter in plain if unicodedata.category(letter)[0] in "LN" or letter in "$|")
    return "".join(letters).translate(_TO)


def is_mixed(name: str) -> bool:
    """Whether its letters are of more than one alphabet, where only mistakes and disguises have that."""
    scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in name if letter.isalpha()}
    return len(scripts & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}) > 1


def is_reserved(name: str) -> bool:
    """Whether the audit trail means something else by it."""
    return skeleton(name) in _RESERVED or skeleton(name[: len(TOKEN)]) == skeleton(TOKEN) and len(name) > len(TOKEN)


_RESERVED = frozenset(map(skeleton, RESERVED))
