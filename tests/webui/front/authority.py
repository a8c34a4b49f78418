"""An authority that signs certificates for the tests."""

from __future__ import annotations

import datetime
import functools
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW_TS = 1_790_000_000
DAY_S = 86_400
CURVE = ec.SECP256R1()


def pem_of(key: Any, password: bytes = b"") -> str:
    protection = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    raw: bytes = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
    return raw.decode()


def issued(
    name: str,
    key: Any,
    by: tuple[x509.Certificate, Any] | None = None,
    *,
    from_ts: int = NOW_TS - DAY_S,
    to_ts: int = NOW_TS + 90 * DAY_S,
    names: tuple[str, ...] = ("energy.example.org",),
    use: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
    ca: bool = False,
) -> x509.Certificate:
    """A certificate for ``key``, signed by ``by`` or by itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by[0].subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime.fromtimestamp(from_ts, datetime.UTC))
        .not_valid_after(datetime.datetime.fromtimestamp(to_ts, datetime.UTC))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if names:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
    if not ca:
        made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    return made.sign(by[1] if by else key, hashes.SHA256())


def text(*certificates: x509.Certificate) -> str:
    return "".join(each.public_bytes(serialization.Encoding.PEM).decode() for each in certificates)


class Authority:
    """A root and an intermediate, and a server's key."""

    def __init__(self) -> None:
        self.root_key, self.middle_key, self.key = (ec.generate_private_key(CURVE) for _ in range(3))
        self.root = issued("Root", self.root_key, ca=True, names=())
        self.middle = issued("Middle", self.middle_key, (self.root, self.root_key), ca=True, names=())

    def leaf(self, key: Any = None, **asked: Any) -> x509.Certificate:
        return issued("energy.example.org", key or self.key, (self.middle, self.middle_key), **asked)

    @functools.cached_property
    def weak_key(self) -> Any:
        return rsa.generate_private_key(65537, 1024)  # as a visitor might still have
