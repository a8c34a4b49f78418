"""Telegrams as meters send them. (source: NOI-CPT_02E 6.2, NOI-CPT_54E 5.3)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

STX, ETX, LF, CR = b"\x02", b"\x03", b"\x0a", b"\x0d"
Groups = Iterable[tuple[str, ...]]  # (label, datum), or (label, moment, datum) of the mode standard


def historique(groups: Groups) -> bytes:
    return _enclosed(_group(parts, " ", 0) for parts in groups)


def standard(groups: Groups) -> bytes:
    return _enclosed(_group(parts, "\t", 1) for parts in groups)


def with_parity(plain: bytes) -> bytes:
    """Seven bits with even parity, as a port of eight bits brings them."""
    return bytes(code + 128 * (bin(code).count("1") & 1) for code in plain)


def _group(parts: Sequence[str], separator: str, last_counts: int) -> bytes:
    """The sum counts the separators between the parts; the one before it in the mode standard alone."""
    text = separator.join(parts)
    total = sum(map(ord, text)) + last_counts * ord(separator)
    return f"{text}{separator}{chr(total % 64 + 32)}".encode("ascii")


def _enclosed(groups: Iterable[bytes]) -> bytes:
    return STX + b"".join(LF + group + CR for group in groups) + ETX
