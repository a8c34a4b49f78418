"""A letter as a mail (RFC 5322, MIME): plain text and HTML side by side, UTF-8, nothing in a head that could end it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime

from runtime.core.alert.letter import Letter

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORD_BYTES = 42  # of an encoded word, so that a line stays below 78 characters


def compose_mail(letter: Letter, sender: str, recipient: str) -> bytes:
    """Whole, with lines that end with CRLF. The same letter always has the same Message-ID."""
    domain = sender.rpartition("@")[2]
    boundary = f"=_wattkeeper_{letter.id}"
    head = [
        f"From: <{sender}>",
        f"To: <{recipient}>",
        f"Subject: {encode_words(letter.subject)}",
        f"Date: {format_date(letter.ts)}",
        f"Message-ID: <{letter.id}@{domain}>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        "",
    ]
    parts = [*_part(boundary, "plain", letter.text), *_part(boundary, "html", letter.html), f"--{boundary}--", ""]
    return "\r\n".join([*head, *parts]).encode("ascii")


def encode_words(text: str) -> str:
    """A text for a head (RFC 2047): folded, and what is not plain in base64."""
    if text.isascii() and text.isprintable() and len(text) <= 60 and "=?" not in text:
        return text
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(piece).decode()}?=" for piece in _pieces(text))


def format_date(ts: int) -> str:
    """As RFC 5322 has it, in UTC."""
    at = datetime.fromtimestamp(ts, UTC)
    return f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at:%Y %H:%M:%S} +0000"


def _pieces(text: str) -> Iterator[bytes]:
    """Bytes of whole letters each."""
    piece = b""
    for letter in text:
        coded = letter.encode("utf-8", "replace")
        if len(piece) + len(coded) > _WORD_BYTES:
            yield piece
            piece = b""
        piece += coded
    yield piece


def _part(boundary: str, subtype: str, text: str) -> Iterator[str]:
    yield f"--{boundary}"
    yield f"Content-Type: text/{subtype}; charset=utf-8"
    yield "Content-Transfer-Encoding: base64"
    yield ""
    coded = base64.b64encode(text.encode("utf-8", "replace")).decode()
    yield from (coded[at : at + 76] for at in range(0, len(coded), 76))
    yield ""
