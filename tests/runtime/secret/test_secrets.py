"""Passwords of outlets are sealed: records hold nothing readable, and open with one pepper and in one place only."""

from runtime.secret.secrets import KIND, Secrets
from runtime.secret.vault import Vault

VAULT = Vault(b"p" * 32)


def kept(records):
    return Secrets(VAULT, lambda kind, key: records.get((kind, key)))


def test_what_is_sealed_comes_back_and_is_nowhere_readable():
    records = {}
    secrets = kept(records)
    records[KIND, "outlet.1"] = secrets.record("outlet.1", {"password": "très secret", "token": "123:ABC"})
    assert secrets.of("outlet.1") == {"password": "très secret", "token": "123:ABC"}
    assert b"secret" not in b"".join(records[KIND, "outlet.1"].values())


def test_one_is_changed_and_the_others_stay_and_an_empty_one_goes():
    records = {}
    secrets = kept(records)
    records[KIND, "outlet.1"] = secrets.record("outlet.1", {"password": "a", "token": "b"})
    records[KIND, "outlet.1"] = secrets.record("outlet.1", {"password": "c"})
    assert secrets.of("outlet.1") == {"password": "c", "token": "b"}
    records[KIND, "outlet.1"] = secrets.record("outlet.1", {"token": ""})
    assert secrets.of("outlet.1") == {"password": "c"}


def test_the_same_twice_looks_different():
    first, second = (kept({}).record("outlet.1", {"password": "a"})["password"] for _ in range(2))
    assert first != second


def test_another_pepper_another_owner_another_name_or_a_damaged_byte_opens_nothing():
    record = kept({}).record("outlet.1", {"password": "a"})
    sealed = record["password"]
    assert Secrets(Vault(b"q" * 32), lambda kind, key: record).of("outlet.1") == {}
    assert Secrets(VAULT, lambda kind, key: record).of("outlet.2") == {}
    assert Secrets(VAULT, lambda kind, key: {"token": sealed}).of("outlet.1") == {}
    assert Secrets(VAULT, lambda kind, key: {"password": sealed[:-1] + b"\0"}).of("outlet.1") == {}
    assert Secrets(VAULT, lambda kind, key: {"password": b""}).of("outlet.1") == {}
