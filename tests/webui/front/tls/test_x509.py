from __future__ import annotations

import ssl
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.webui.front.authority import CURVE, DAY_S, NOW_TS, Authority, pem_of, text
from webui.front.tls.x509 import Unfit, check, describe, make

TO_TS = NOW_TS + 825 * DAY_S


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def made(**asked: Any) -> dict[str, Any]:
    return make(["box", "box.local"], ["192.0.2.7", "2001:db8::7"], NOW_TS - DAY_S, TO_TS, **asked)


def test_one_of_our_own_names_the_server_and_its_addresses() -> None:
    told = made()
    assert told["self_signed"] and told["names"] == ["box", "box.local", "192.0.2.7", "2001:db8::7"]
    assert (told["from_ts"], told["to_ts"]) == (NOW_TS - DAY_S, TO_TS)
    assert describe(told["pem"].partition("-----BEGIN CERT")[1] + told["pem"].partition("-----BEGIN CERT")[2])[
        "fingerprint"
    ] == told["fingerprint"]  # fmt: skip


def test_a_renewed_one_keeps_its_key() -> None:
    first = made()
    again = made(old=first["pem"])
    assert again["fingerprint"] != first["fingerprint"]
    assert again["pem"].partition("-----BEGIN CERT")[0] == first["pem"].partition("-----BEGIN CERT")[0]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0), (0, 1), (0,)])
def test_a_chain_is_put_in_order(authority: Authority, order: tuple[int, ...]) -> None:
    whole = (authority.leaf(), authority.middle, authority.root)
    told = check(text(*(whole[at] for at in order)), pem_of(authority.key), NOW_TS)
    assert told["pem"].endswith(text(*whole[: len(order)])) and not told["self_signed"]
    assert told["issuer"] == "CN=Middle" and told["length"] == len(order)


@pytest.mark.parametrize("key", [rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP384R1())])
def test_other_keys_that_browsers_take_are_taken(authority: Authority, key: Any) -> None:
    assert check(text(authority.leaf(key)), pem_of(key), NOW_TS)["subject"] == "CN=energy.example.org"


def test_what_cannot_be_used_is_told_with_its_cause_and_the_field_to_blame(authority: Authority) -> None:
    key, other, ed = authority.key, ec.generate_private_key(CURVE), ed25519.Ed25519PrivateKey.generate()
    leaf, own = authority.leaf(), pem_of(authority.key)
    foreign = Authority()
    cases = [
        ("nonsense", own, "certificate_unreadable", "chain"),
        ("", own, "certificate_unreadable", "chain"),
        (text(leaf)[:300], own, "certificate_unreadable", "chain"),
        (own, own, "certificate_unreadable", "chain"),
        (text(*[leaf] * 11), own, "certificate_unreadable", "chain"),
        (text(leaf), "nonsense", "certificate_key_unreadable", "key"),
        (text(leaf), text(leaf), "certificate_key_unreadable", "key"),
        (text(leaf), pem_of(key, b"secret"), "certificate_key_encrypted", "key"),
        (text(leaf), pem_of(authority.weak_key), "certificate_key_weak", "key"),
        (text(leaf), pem_of(ed), "certificate_key_weak", "key"),
        (text(leaf), pem_of(other), "certificate_key_mismatch", "key"),
        (text(leaf, foreign.middle), own, "certificate_chain_broken", "chain"),
        (text(leaf, authority.root), own, "certificate_chain_broken", "chain"),
        (text(authority.leaf(to_ts=NOW_TS - 1)), own, "certificate_expired", "chain"),
        (text(authority.leaf(from_ts=NOW_TS + 2 * DAY_S)), own, "certificate_not_yet_valid", "chain"),
        (text(authority.leaf(names=())), own, "certificate_names_missing", "chain"),
        (text(authority.leaf(use=ExtendedKeyUsageOID.CLIENT_AUTH)), own, "certificate_use_wrong", "chain"),
    ]
    for chain, private, code, field in cases:
        with pytest.raises(Unfit) as caught:
            check(chain, private, NOW_TS)
        assert (caught.value.code, caught.value.field) == (code, field)


def test_its_fingerprint_is_the_one_that_browsers_show() -> None:
    pem = made()["pem"]
    certificate = pem[pem.index("-----BEGIN CERT") :]
    import hashlib

    raw = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()
    assert describe(certificate)["fingerprint"].replace(":", "").lower() == raw
