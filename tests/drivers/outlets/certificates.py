"""Certificates for stand-ins: one authority, one for 127.0.0.1 and localhost, one for somewhere else."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from runtime.clock import SystemClock


class Authority:
    """Signs for one test. ``file`` is what a machine trusts that trusts it (SSL_CERT_FILE)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        own = self._signed(self._name, self._key.public_key(), x509.BasicConstraints(ca=True, path_length=0))
        self.file = folder / "authority.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def context(self, host: str = "localhost") -> ssl.SSLContext:
        """Of a server with a certificate for ``host``."""
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        if host == "localhost":
            names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        made = self._signed(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key.public_key(),
            x509.SubjectAlternativeName(names),
        )  # fmt: skip
        file = self._folder / f"{host}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _signed(self, name: x509.Name, key, extension: x509.ExtensionType) -> x509.Certificate:
        now = datetime.datetime.fromtimestamp(SystemClock().now_ts(), datetime.UTC)
        day = datetime.timedelta(days=1)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(self._name).public_key(key)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - day)
        builder = builder.not_valid_after(now + 30 * day).add_extension(extension, critical=False)
        return builder.sign(self._key, hashes.SHA256())
