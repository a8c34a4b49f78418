"""The certificate of this server."""

from __future__ import annotations

from runtime.code.code import N_, Advice, Code

_BOTH = N_("Paste the whole file, with its lines BEGIN and END.")

CODES = (
    Code(
        "certificate_off",
        refusal=Advice(N_("HTTPS is off."), N_("Switch it on with --https, or in plugins.toml.")),
        status=409,
    ),
    Code("certificate_unreadable", refusal=Advice(N_("This is no certificate in PEM."), _BOTH)),
    Code("certificate_key_unreadable", refusal=Advice(N_("This is no private key in PEM."), _BOTH)),
    Code(
        "certificate_key_encrypted",
        refusal=Advice(
            N_("The key is protected by a password."), N_("Take the protection off first: openssl pkey does it.")
        ),
    ),
    Code(
        "certificate_key_weak",
        refusal=Advice(
            N_("Browsers do not take this kind of key."), N_("Use RSA from 2048 bits on, or an elliptic curve, P-256.")
        ),
    ),
    Code(
        "certificate_key_mismatch",
        refusal=Advice(
            N_("The key belongs to none of the certificates."),
            N_("Use the key with which the certificate was asked for."),
        ),
    ),
    Code(
        "certificate_chain_broken",
        refusal=Advice(
            N_("The certificates do not form one chain."),
            N_("Give the certificate of this server and those that signed it, one after the other."),
        ),
    ),
    Code(
        "certificate_expired",
        refusal=Advice(N_("A certificate is no longer valid."), N_("Check its dates, and the clock here.")),
    ),
    Code(
        "certificate_not_yet_valid",
        refusal=Advice(N_("A certificate is not valid yet."), N_("Check its dates, and the clock here.")),
    ),
    Code(
        "certificate_names_missing",
        refusal=Advice(
            N_("The certificate names no server."),
            N_("It needs subject alternative names; browsers look at nothing else."),
        ),
    ),
    Code(
        "certificate_use_wrong",
        refusal=Advice(
            N_("The certificate is not one for servers."), N_("Ask for one with the use “server authentication”.")
        ),
    ),
    Code("certificate_replaced", event=N_("The certificate of this server was replaced")),
)
