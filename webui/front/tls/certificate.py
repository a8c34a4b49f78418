"""The certificate of this server: one file with key and chain, made when there is none, renewed, replaced.

Whoever connects after a change sees the new one; nobody is cut off.
"""

from __future__ import annotations

import json
import logging
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.errors import WattkeeperError

log = logging.getLogger("wattkeeper.certificate")

FILE = "certificate.pem"
DAY_S = 86_400
LIFE_S = 825 * DAY_S  # the longest that all browsers take
RENEW_S = 30 * DAY_S  # before its end
KNOWN_TS = 1_750_000_000  # a clock that says less was never set
FAR_TS = 2_208_988_800  # 2040
_CHILD_S = 60.0
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"


class CertificateUnfit(WattkeeperError):
    """Nothing was changed. ``field``: "chain" or "key"."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(code, message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is told of it. Times are UTC seconds; ``fingerprint`` is SHA-256 in hexadecimal, pairs with colons."""

    subject: str
    issuer: str
    self_signed: bool
    names: tuple[str, ...]
    from_ts: int
    to_ts: int
    fingerprint: str


class Certificates:
    """The one in use.

    names   makes the names and addresses that a certificate of our own is for
    now_ts  UTC seconds
    """

    def __init__(
        self, folder: Path, names: Callable[[], tuple[Sequence[str], Sequence[str]]], now_ts: Callable[[], int]
    ) -> None:
        self._file = folder / FILE
        self._names, self._now_ts = names, now_ts
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None
        self._told: Certificate | None = None

    def context(self) -> ssl.SSLContext:
        assert self._context is not None, "open comes first"
        return self._context

    def open(self) -> None:
        """Make one if there is none or it cannot be used; that is kept aside."""
        with self._lock:
            if self._file.exists():
                try:
                    self._context = context_of(self._file)
                    return
                except (ssl.SSLError, OSError) as error:
                    log.error("%s cannot be used and is kept aside: %s", self._file, error)
                    with suppress(OSError):
                        self._file.replace(self._file.with_suffix(".unusable"))
            self._take(self._issue())

    def describe(self) -> Certificate:
        """Of the one in use."""
        with self._lock:
            if self._told is None:
                public = self._file.read_text().partition("-----BEGIN CERTIFICATE-----")
                self._told = _certificate(asked(do="describe", pem=public[1] + public[2]))
            return self._told

    def ends_ts(self) -> int | None:
        """When one that was brought from outside ends, as far as it was looked at; own ones are made anew in time."""
        told = self._told
        return None if told is None or told.self_signed else told.to_ts

    def replace(self, chain: str, key: str) -> Certificate:
        """Use this one from now on. Raises CertificateUnfit."""
        checked = asked(do="check", chain=chain, key=key, now_ts=self._now_ts())
        with self._lock:
            self._take(checked)
            return self._describe_current()

    def make_anew(self) -> Certificate:
        """One of our own in the place of whatever there is, with a new key."""
        with self._lock:
            self._take(self._issue())
            return self._describe_current()

    def renew(self) -> bool:
        """Make one of our own anew, with its key, when its time comes. Any other can only be complained about."""
        told, now_ts = self.describe(), self._now_ts()
        if now_ts < KNOWN_TS or told.from_ts <= now_ts < told.to_ts - RENEW_S:
            return False
        if not told.self_signed:
            log.warning("the certificate of %s ends in %d days", told.subject, (told.to_ts - now_ts) // DAY_S)
            return False
        with self._lock:
            self._take(self._issue(self._file.read_text()))
        log.info("a new certificate was made, the key is the old one")
        return True

    def _issue(self, old: str = "") -> dict[str, Any]:
        """With a clock that was never set it holds from the beginning of that clock and for long."""
        (names, addresses), now_ts = self._names(), self._now_ts()
        from_ts, to_ts = (now_ts - DAY_S, now_ts + LIFE_S) if now_ts >= KNOWN_TS else (0, FAR_TS)
        return asked(do="make", names=[*names], addresses=[*addresses], from_ts=from_ts, to_ts=to_ts, old=old)

    def _take(self, told: dict[str, Any]) -> None:
        """Written, tried, put in place; the old one stays until then."""
        new = self._file.with_suffix(".new")
        write_secret(new, told["pem"].encode())
        context = context_of(new)
        new.replace(self._file)
        sync_folder(self._file.parent)
        self._context, self._told = context, _certificate(told)

    def _describe_current(self) -> Certificate:
        assert self._told is not None
        return self._told


def context_of(file: Path) -> ssl.SSLContext:
    """TLS 1.2 and 1.3 with the certificate and key in ``file``. Raises ssl.SSLError, OSError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION | ssl.OP_CIPHER_SERVER_PREFERENCE
    context.set_ciphers(_CIPHERS)
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(file)
    return context


def asked(**question: Any) -> dict[str, Any]:
    """The answer of the child that knows certificates. Raises CertificateUnfit."""
    command = [sys.executable, "-m", "webui.front.tls.x509"]
    done = subprocess.run(command, input=json.dumps(question), capture_output=True, text=True, timeout=_CHILD_S)
    if done.returncode != 0:
        log.error("the child that reads certificates failed: %s", done.stderr[-2000:])
        raise CertificateUnfit("certificate_unreadable", "chain", "The certificate cannot be read.")
    told: dict[str, Any] = json.loads(done.stdout)
    if "error" in told:
        raise CertificateUnfit(**told["error"])
    return told


def write_secret(file: Path, content: bytes) -> None:
    """For this user alone, and on the disk."""
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _certificate(told: dict[str, Any]) -> Certificate:
    return Certificate(
        told["subject"],
        told["issuer"],
        told["self_signed"],
        tuple(told["names"]),
        told["from_ts"],
        told["to_ts"],
        told["fingerprint"],
    )
