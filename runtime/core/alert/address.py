"""Addresses of mail: the plain form that every server takes (RFC 5321 4.1.2), and nothing that could be two lines."""

from __future__ import annotations

MOST_LOCAL, MOST_DOMAIN = 64, 253
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.")
_LABEL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


def address_problem(text: str) -> str:
    """What keeps it from being an address, "" = nothing."""
    local, at, domain = text.rpartition("@")
    if not at:
        return "there is no @"
    if not 1 <= len(local) <= MOST_LOCAL or set(local) - _LOCAL:
        return "what stands before the @ is none"
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return "a dot stands where none may"
    return "" if is_host(domain) else "what stands behind the @ is no name of a server"


def is_host(domain: str) -> bool:
    """Whether it is a name that servers may have, or an IPv4 address."""
    labels = domain.split(".")
    return 1 <= len(domain) <= MOST_DOMAIN and all(
        1 <= len(label) <= 63 and not set(label) - _LABEL and label[0] != "-" != label[-1] for label in labels
    )
