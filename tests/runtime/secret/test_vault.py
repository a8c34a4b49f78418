"""How codes are kept, and the pepper's file."""

import os
import stat

import pytest
from argon2 import extract_parameters

from runtime.core.access.codes import pin_fault, puk_fault
from runtime.errors import ConfigError
from runtime.secret.vault import FILE, Vault, key_hash, new_codes, new_key, pepper_of

QUICK = (1, 8)
PIN, PUK = "73058", "48201937560284"


def test_pin_and_puk_are_right_together_only():
    vault = Vault(b"p" * 32, QUICK)
    code = vault.hash_codes(PIN, PUK)
    assert code.startswith("$argon2id$")
    assert vault.is_right(PIN, PUK, code)
    assert not vault.is_right("73059", PUK, code)
    assert not vault.is_right(PIN, "48201937560285", code)
    assert not vault.is_right(PIN[:-1], PIN[-1] + PUK, code)


def test_nobody_s_codes_are_never_right_and_take_the_same_way():
    vault = Vault(b"p" * 32, QUICK)
    assert not vault.is_right(PIN, PUK, "")
    assert not vault.is_right(PIN, PUK, "damaged")


def test_nobody_s_codes_cost_the_same_memory_and_passes_as_somebody_s():
    vault = Vault(b"p" * 32, QUICK)
    assert extract_parameters(vault._nobody) == extract_parameters(vault.hash_codes(PIN, PUK))


def test_another_pepper_opens_nothing():
    one, other = Vault(b"p" * 32, QUICK), Vault(b"q" * 32, QUICK)
    assert not other.is_right(PIN, PUK, one.hash_codes(PIN, PUK))
    assert one.index(PIN) != other.index(PIN) and one.mark != other.mark
    assert one.index(PIN) == Vault(b"p" * 32, QUICK).index(PIN)


def test_the_usual_cost_is_that_of_the_machine():
    assert "m=65536,t=3,p=1" in Vault(b"p" * 32).hash_codes(PIN, PUK) or "m=19456,t=2,p=1" in Vault(
        b"p" * 32
    ).hash_codes(PIN, PUK)


def test_the_pepper_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    pepper = pepper_of(tmp_path / "data")
    assert len(pepper) == 32 and pepper_of(tmp_path / "data") == pepper
    assert stat.S_IMODE(os.stat(tmp_path / "data" / FILE).st_mode) == 0o600
    assert pepper_of(tmp_path / "other") != pepper


def test_a_damaged_pepper_is_told_and_not_replaced(tmp_path):
    (tmp_path / FILE).write_bytes(b"short")
    with pytest.raises(ConfigError, match="wattkeeper access reset"):
        pepper_of(tmp_path)
    assert (tmp_path / FILE).read_bytes() == b"short"


def test_keys_are_long_and_random():
    assert len(new_key()) >= 43 and new_key() != new_key()
    assert key_hash("é\udcff") != key_hash("e")


def test_codes_that_are_made_up_are_never_easy():
    for _ in range(50):
        pin, puk = new_codes()
        assert not pin_fault(pin) and not puk_fault(puk, pin)
