"""The check sums of a group: both count characters modulo 64, and differ by whether the last separator counts."""

from __future__ import annotations

_LOW_BITS, _FIRST_PRINTABLE = 0x3F, 0x20


def sum_of(counted: bytes) -> int:
    """The check character of what counts: always printable, 0x20 (a blank) to 0x5F."""
    return (sum(counted) & _LOW_BITS) + _FIRST_PRINTABLE


def counted_of(body: bytes, *, historique: bool) -> bytes:
    """What of a group counts, from its label to its check character: in the mode historique not the last separator.

    source  NOI-CPT_02E 6.2.4, NOI-CPT_54E 5.3.6
    """
    return body[:-2] if historique else body[:-1]


def is_right(body: bytes, *, historique: bool) -> bool:
    return len(body) > 2 and sum_of(counted_of(body, historique=historique)) == body[-1]
