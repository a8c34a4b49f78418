"""Who may come in: a station that is configured and knows its password; guessing is slowed down as at the pages."""

from __future__ import annotations

import base64
import binascii
import http
from collections.abc import Callable, Mapping

from runtime.core.access.delays import Delays, key_of
from runtime.core.ocpp.identity import PATH, is_identity
from runtime.secret.vault import same

SWEEP_MS = 60_000
NOBODY = "0" * 32  # a password that is compared where there is none: it takes as long


class Admission:
    """Times are UTC ms.

    password_of  of a station that is configured, "" = it is not, or has none yet
    """

    def __init__(self, password_of: Callable[[str], str]) -> None:
        self._password_of = password_of
        self._delays, self._swept_ms = Delays(), 0

    def judge(self, path: str, authorization: str, address: str, now_ms: int) -> tuple[str, http.HTTPStatus]:
        """The identity of who calls in, or "" and the status that says why not."""
        identity = path.removeprefix(PATH) if path.startswith(PATH) else ""
        if not is_identity(identity):
            return "", http.HTTPStatus.NOT_FOUND
        if abs(now_ms - self._swept_ms) > SWEEP_MS:
            self._swept_ms = now_ms
            self._delays.forget_old(now_ms)
        who = f"{key_of(address)} {identity}"  # one that is set wrongly delays no other at its address
        if self._delays.charge(who, now_ms) > 0:
            return "", http.HTTPStatus.TOO_MANY_REQUESTS
        name, password = read_basic(authorization)
        wanted = self._password_of(identity)
        is_right = same(password, wanted or NOBODY)
        if not (is_right and wanted and name == identity):
            return "", http.HTTPStatus.UNAUTHORIZED
        self._delays.was_right(who, address, now_ms)
        return identity, http.HTTPStatus.SWITCHING_PROTOCOLS


def read_basic(authorization: str) -> tuple[str, str]:
    """Name and password of a header "Basic …"; ("", "") when it is none."""
    scheme, _, sealed = authorization.partition(" ")
    if scheme.casefold() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(sealed.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    return name, password


def header_of(headers: Mapping[str, str], name: str) -> str:
    """The one header of a name, "" when there is none or several."""
    try:
        return headers.get(name) or ""
    except LookupError:
        return ""
