"""Secrets of the server: the pepper, and how codes and keys are turned into what is kept.

The pepper lies beside the store in a file of its own that no backup holds. Whoever gets the records alone can try no
code; whoever gets both still has to try 10^14 PUKs at a seventh of a second each. Keys of sessions, browsers and tokens
are random and long, so a quick hash is enough for them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError

from runtime.core.access.codes import pin_fault, puk_fault
from runtime.errors import ConfigError, Fault

FILE = "pepper"
BYTES = 32
LARGE, SMALL = (3, 64 * 1024), (2, 19 * 1024)  # (passes, KiB): where there is room, and where there is little
ROOM_BYTES = 1 << 30


class Vault:
    """Any thread may ask. ``hash_codes`` and ``is_right`` take a tenth of a second and a lot of memory."""

    def __init__(self, pepper: bytes, cost: tuple[int, int] | None = None) -> None:
        self._pepper = pepper
        passes, kib = cost or (LARGE if _memory_bytes() >= ROOM_BYTES else SMALL)
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=kib, parallelism=1)
        self._nobody = f"$argon2id$v=19$m={kib},t={passes},p=1${_random64(16)}${_random64(32)}"

    @property
    def mark(self) -> str:
        """Tells peppers apart without telling anything of them."""
        return self._keyed(b"mark", b"").hex()[:16]

    def sealing_key(self) -> bytes:
        """256 bits that seal what the server itself must be able to read."""
        return self._keyed(b"seal", b"")

    def index(self, pin: str) -> str:
        """Whose PIN it is, to be looked up."""
        return self._keyed(b"pin", pin.encode()).hex()

    def hash_codes(self, pin: str, puk: str) -> str:
        """Raises MemoryError when there is too little for it."""
        try:
            return self._hasher.hash(self._secret(pin, puk))
        except HashingError as error:
            raise MemoryError(str(error)) from None

    def is_right(self, pin: str, puk: str, code: str) -> bool:
        """``code`` "" is nobody's: it takes as long and is never right.

        Raises MemoryError when there is too little to find out: that says nothing of the codes.
        """
        try:
            return self._hasher.verify(code or self._nobody, self._secret(pin, puk)) and bool(code)
        except (VerifyMismatchError, InvalidHashError):
            return False
        except VerificationError as error:
            raise MemoryError(str(error)) from None

    def _secret(self, pin: str, puk: str) -> bytes:
        return self._keyed(b"codes", f"{pin} {puk}".encode())

    def _keyed(self, what: bytes, secret: bytes) -> bytes:
        return hmac.digest(self._pepper, what + b"\0" + secret, "sha256")


def new_key() -> str:
    """256 random bits for a cookie or a token."""
    return secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def new_codes() -> tuple[str, str]:
    """A PIN and a PUK that are not too easy."""
    while True:
        pin, puk = f"{secrets.randbelow(10**5):05}", f"{secrets.randbelow(10**14):014}"
        if not (pin_fault(pin) or puk_fault(puk, pin)):
            return pin, puk


def new_id() -> int:
    """Of a session or a known browser."""
    return secrets.randbelow((1 << 31) - 1) + 1


def same(one: str, other: str) -> bool:
    """In a time that tells nothing."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def pepper_of(folder: Path) -> bytes:
    """The pepper of a data folder, made when there is none. Raises ConfigError."""
    file = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _write(folder, file)
        pepper = file.read_bytes()
    except OSError as error:
        raise ConfigError([Fault(str(file), "", f"cannot be used: {error.strerror}")]) from None
    if len(pepper) != BYTES:
        hint = "put the file back, or delete it and run 'wattkeeper access reset'"
        raise ConfigError([Fault(str(file), "", "is damaged", hint)])
    return pepper


def _write(folder: Path, file: Path) -> None:
    """Whole or not at all, and nobody else may read it."""
    part = folder / f"{FILE}.new"
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
    os.replace(part, file)


def _random64(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
