"""TOML without its texts and comments: what is left are keys, numbers and brackets, each where it stood."""

from __future__ import annotations

import re

_MARK = re.compile("[\"'#]")


def blank_texts(text: str) -> str:
    """The same text with blanks for the letters of texts and comments; line ends stay, so lines and columns do.

    Takes time by the length, whatever it is given. Behind a text that has no end all is blank.
    """
    kept, at = [], 0
    while True:
        mark = _MARK.search(text, at)
        begin = mark.start() if mark else len(text)
        kept.append(text[at:begin])
        if begin == len(text):
            return "".join(kept)
        at = _end(text, begin)
        kept.append("\n".join(" " * len(line) for line in text[begin:at].split("\n")))


def _end(text: str, at: int) -> int:
    """Behind the text or comment that begins there; the end of all where it has none."""
    if text[at] == "#":
        end = text.find("\n", at)
        return end if end >= 0 else len(text)
    quote = text[at]
    mark = quote * 3 if text.startswith(quote * 3, at) else quote
    begin = at + len(mark)
    end = text.find(mark, begin)
    while quote == '"' and end >= 0 and _is_escaped(text, begin, end):
        end = text.find(mark, end + 1)
    return end + len(mark) if end >= 0 else len(text)


def _is_escaped(text: str, begin: int, at: int) -> bool:
    first = at
    while first > begin and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1
