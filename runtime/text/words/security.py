"""The certificate of this server."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from runtime.text.words import N_, Advice

_BOTH = N_("Paste the whole file, with its lines BEGIN and END.")

REFUSALS: Mapping[str, Advice] = MappingProxyType(
    {
        "certificate_off": Advice(N_("HTTPS is off."), N_("Switch it on with --https, or in plugins.toml.")),
        "certificate_unreadable": Advice(N_("This is no certificate in PEM."), _BOTH),
        "certificate_key_unreadable": Advice(N_("This is no private key in PEM."), _BOTH),
        "certificate_key_encrypted": Advice(
            N_("The key is protected by a password."), N_("Take the protection off first: openssl pkey does it.")
        ),
        "certificate_key_weak": Advice(
            N_("Browsers do not take this kind of key."), N_("Use RSA from 2048 bits on, or an elliptic curve, P-256.")
        ),
        "certificate_key_mismatch": Advice(
            N_("The key belongs to none of the certificates."),
            N_("Use the key with which the certificate was asked for."),
        ),
        "certificate_chain_broken": Advice(
            N_("The certificates do not form one chain."),
            N_("Give the certificate of this server and those that signed it, one after the other."),
        ),
        "certificate_expired": Advice(
            N_("A certificate is no longer valid."), N_("Check its dates, and the clock here.")
        ),
        "certificate_not_yet_valid": Advice(
            N_("A certificate is not valid yet."), N_("Check its dates, and the clock here.")
        ),
        "certificate_names_missing": Advice(
            N_("The certificate names no server."),
            N_("It needs subject alternative names; browsers look at nothing else."),
        ),
        "certificate_use_wrong": Advice(
            N_("The certificate is not one for servers."), N_("Ask for one with the use “server authentication”.")
        ),
    }
)
EVENTS: Mapping[str, str] = MappingProxyType(
    {"certificate_replaced": N_("The certificate of this server was replaced")}
)
