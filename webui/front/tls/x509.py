"""Certificates made, read and checked, in a process of its own: ``python -m webui.front.tls.x509``.

The library for it takes a dozen megabytes that the server has no use for between two certificates. One JSON object on
standard input, one on standard output; keys travel there and nowhere else.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import sys
from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AHEAD_S = 86_400  # the clock of who made it may be
LEAST_RSA_BITS = 2048
MOST_CERTIFICATES = 10

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Unfit(Exception):
    """Why a certificate cannot be used; ``field`` is "chain" or "key"."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(message)
        self.code, self.field, self.message = code, field, message


def make(names: list[str], addresses: list[str], from_ts: int, to_ts: int, old: str = "") -> dict[str, Any]:
    """A certificate that this server signs for itself. ``old``: PEM whose key is kept."""
    key = _key_of(old) if old else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    told: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    told += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_to_datetime(from_ts))
        .not_valid_after(_to_datetime(to_ts))
        .add_extension(x509.SubjectAlternativeName(told), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _describe_pair(key, [certificate])


def check(chain: str, key: str, now_ts: int) -> dict[str, Any]:
    """A certificate from elsewhere, put in order. Raises Unfit."""
    private = _key_of(key)
    certificates = _certificates(chain)
    public = _public(private.public_key())
    leaf = next((each for each in certificates if _public(each.public_key()) == public), None)
    if leaf is None:
        raise Unfit("certificate_key_mismatch", "key", "The key belongs to none of the certificates.")
    ordered = _order_chain(leaf, certificates)
    for each in ordered:
        _check_dates(each, now_ts)
    _check_use(leaf)
    return _describe_pair(private, ordered)


def describe(pem: str) -> dict[str, Any]:
    """What is said of a certificate in use."""
    return _describe_chain(_certificates(pem))


def _certificates(chain: str) -> list[x509.Certificate]:
    try:
        found = x509.load_pem_x509_certificates(chain.encode())
    except ValueError:
        raise Unfit("certificate_unreadable", "chain", "This is no certificate in PEM.") from None
    if len(found) > MOST_CERTIFICATES:
        raise Unfit("certificate_unreadable", "chain", f"More than {MOST_CERTIFICATES} certificates.")
    return found


def _key_of(pem: str) -> Key:
    try:
        key = serialization.load_pem_private_key(pem.encode(), None)
    except TypeError:
        raise Unfit("certificate_key_encrypted", "key", "The key is protected by a password.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise Unfit("certificate_key_unreadable", "key", "This is no private key in PEM.") from None
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.key_size >= ec.SECP256R1.key_size:
        return key
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= LEAST_RSA_BITS:
        return key
    raise Unfit("certificate_key_weak", "key", "Browsers take RSA from 2048 bits on, or elliptic curves from P-256 on.")


def _order_chain(leaf: x509.Certificate, certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    """The leaf and who signed whom. What does not belong to it is refused: it would be the wrong file."""
    rest, chain = [each for each in certificates if each != leaf], [leaf]
    while rest:
        issuer = next((each for each in rest if _is_signed_by(chain[-1], each)), None)
        if issuer is None:
            raise Unfit("certificate_chain_broken", "chain", "The certificates do not form one chain.")
        chain.append(issuer)
        rest.remove(issuer)
    return chain


def _is_signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _check_dates(certificate: x509.Certificate, now_ts: int) -> None:
    if _ts(certificate.not_valid_after_utc) <= now_ts:
        raise Unfit("certificate_expired", "chain", "A certificate is no longer valid.")
    if _ts(certificate.not_valid_before_utc) > now_ts + _AHEAD_S:
        raise Unfit("certificate_not_yet_valid", "chain", "A certificate is not valid yet.")


def _check_use(leaf: x509.Certificate) -> None:
    if not _names(leaf):
        raise Unfit("certificate_names_missing", "chain", "The certificate names no server.")
    try:
        uses = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & set(uses):
        raise Unfit("certificate_use_wrong", "chain", "The certificate is not one for servers.")


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        told = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for name in told if isinstance(name, x509.DNSName | x509.IPAddress)]


def _describe_pair(key: Key, chain: list[x509.Certificate]) -> dict[str, Any]:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = private + b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain)
    return _describe_chain(chain) | {"pem": pem.decode()}


def _describe_chain(chain: list[x509.Certificate]) -> dict[str, Any]:
    leaf = chain[0]
    return {
        "subject": leaf.subject.rfc4514_string(),
        "issuer": leaf.issuer.rfc4514_string(),
        "self_signed": leaf.subject == leaf.issuer and _is_signed_by(leaf, leaf),
        "names": _names(leaf),
        "from_ts": _ts(leaf.not_valid_before_utc),
        "to_ts": min(_ts(each.not_valid_after_utc) for each in chain),
        "fingerprint": ":".join(f"{byte:02X}" for byte in leaf.fingerprint(hashes.SHA256())),
        "length": len(chain),
    }


def _public(key: Any) -> bytes:
    raw: bytes = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return raw


def _to_datetime(ts: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(ts, datetime.UTC)


def _ts(moment: datetime.datetime) -> int:
    return int(moment.timestamp())


DOES: dict[str, Callable[..., dict[str, Any]]] = {"make": make, "check": check, "describe": describe}


def main() -> None:
    asked = json.load(sys.stdin)
    try:
        told = DOES[asked.pop("do")](**asked)
    except Unfit as unfit:
        told = {"error": {"code": unfit.code, "field": unfit.field, "message": unfit.message}}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
