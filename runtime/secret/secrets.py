"""Passwords and tokens that the server itself must know, such as that of a mail account: sealed with the pepper.

Each outlet has one record. No file of an installation, no answer and no log holds them; a backup holds them sealed,
and the pepper is in none, so that on another machine they have to be typed in again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.secret.vault import Vault

KIND = "secret"
NONCE_BYTES = 12
MOST_LETTERS = 500


class Secrets:
    """Any thread may ask.

    get  (kind, key) -> record, as ``Records.get``
    """

    def __init__(self, vault: Vault, get: Callable[[str, str], object]) -> None:
        self._cipher = AESGCM(vault.sealing_key())
        self._get = get

    def of(self, owner: str) -> Mapping[str, str]:
        """Those of ``outlet.3`` by name; without those that this pepper does not open."""
        record = self._get(KIND, owner)
        sealed = record if isinstance(record, Mapping) else {}
        opened = {name: self._opened(owner, name, value) for name, value in sealed.items()}
        return {name: value for name, value in opened.items() if value is not None}

    def record(self, owner: str, given: Mapping[str, str]) -> dict[str, bytes]:
        """The record to keep: what there was, with these in its place; "" = it is no more."""
        both = {**self.of(owner), **given}
        return {name: self._sealed(owner, name, value) for name, value in both.items() if value}

    def _sealed(self, owner: str, name: str, value: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, value.encode(), _bound(owner, name))

    def _opened(self, owner: str, name: str, sealed: bytes) -> str | None:
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(owner, name)).decode()
        except (InvalidTag, ValueError):
            return None


def _bound(owner: str, name: str) -> bytes:
    """What it is for: put in another's place it does not open."""
    return f"{owner} {name}".encode()
