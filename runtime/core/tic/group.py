"""One group of a telegram: label, perhaps a moment, datum, check character."""

from __future__ import annotations

import re
from dataclasses import dataclass

from runtime.core.tic.checksum import is_right
from runtime.core.tic.horodate import read_horodate
from runtime.core.tic.label import HISTORIQUE, LABELS

_SEPARATOR = {True: b" ", False: b"\t"}  # is it the mode historique
_NAME = re.compile(rb"[A-Z][A-Z0-9+\-]{1,8}")
_DATUM = re.compile(rb"[ -~\t]*")


@dataclass(frozen=True, slots=True)
class Group:
    """A group that is right. ``horodate``: as it was sent, b"" when it has none; ``is_known``: its label is."""

    label: str
    datum: bytes
    horodate: bytes = b""
    is_known: bool = True


def read_group(body: bytes, mode: str) -> Group:
    """What stands between a line feed and a carriage return. Raises ValueError, for people, when it is damaged.

    It is cut from both ends, for a datum may hold separators, and the check character may be one: the sum of ``PTEC
    HP..`` is a blank. (source: NOI-CPT_02E 6.2.3, NOI-CPT_54E 5.3.5)
    """
    historique = mode == HISTORIQUE
    separator = _SEPARATOR[historique]
    if not is_right(body, historique=historique):
        raise ValueError(f"the check of {body[:40]!r} is wrong")
    name, cut, rest = body[:-2].partition(separator)
    if not cut or body[-2:-1] != separator or not _NAME.fullmatch(name):
        raise ValueError(f"{body[:40]!r} is no group")
    label = LABELS[mode].get(name.decode())
    if label is None:
        return _unknown(name.decode(), rest)
    horodate, datum = _divide(rest) if label.is_dated else (b"", rest)
    if not label.shape.fits(datum):
        raise ValueError(f"{datum[:40]!r} is no {label.name}")
    return Group(label.name, datum, horodate)


def _divide(rest: bytes) -> tuple[bytes, bytes]:
    horodate, _, datum = rest.partition(b"\t")
    read_horodate(horodate)
    return horodate, datum


def _unknown(name: str, rest: bytes) -> Group:
    if not _DATUM.fullmatch(rest):
        raise ValueError(f"{name} has a character that nobody may send")
    return Group(name, rest, is_known=False)
