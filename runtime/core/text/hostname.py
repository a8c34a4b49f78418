"""What can be the name or address of a machine: one reading, for us, for the resolver and for people."""

from __future__ import annotations

import ipaddress
import re

MOST_LETTERS = 253
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"(?:0[xX])?[0-9A-Fa-f]*")  # resolvers take 0177.1 and 0x7f000001 for addresses
_ZONE = re.compile(r"[A-Za-z0-9._-]{1,15}")


def is_host(text: str) -> bool:
    """An IPv4 address as everybody writes it, an IPv6 address with or without a zone, or a name.

    A name in letters of its country is one when it can be asked for as it is written (IDNA).
    """
    if not text or len(text) > MOST_LETTERS:
        return False
    return _is_address(text) or _is_name(text)


def _is_address(text: str) -> bool:
    address, percent, zone = text.partition("%")
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return False
    return not percent or (version == 6 and _ZONE.fullmatch(zone) is not None)


def _is_name(text: str) -> bool:
    plain = text.removesuffix(".")
    if not plain.isascii():
        try:
            asked = plain.encode("idna")
            if asked.decode("idna") != plain.lower():
                return False
        except UnicodeError:
            return False
        plain = asked.decode("ascii")
    labels = plain.split(".")
    last = labels[-1]
    is_number = last[:1].isdigit() and _NUMBER.fullmatch(last) is not None
    return not is_number and all(_LABEL.fullmatch(label) for label in labels)
