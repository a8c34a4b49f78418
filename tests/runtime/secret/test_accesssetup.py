"""Access before a server runs, and by whoever has the machine."""

from dataclasses import replace

import pytest

from runtime.core.access.access import rights_of
from runtime.core.access.codes import FACTORY
from runtime.core.access.session import Entry, log_in
from runtime.errors import WattkeeperError
from runtime.secret.accesssetup import add_token, load_access_state, prepare, reset
from runtime.secret.vault import Vault, key_hash
from runtime.store.env import open_store
from runtime.store.object.access import load_access, save_access

QUICK = (1, 8)
VAULT = Vault(b"p" * 32, QUICK)


@pytest.fixture
def store(tmp_path):
    made = open_store(tmp_path)
    yield made
    made.close()


def test_a_new_server_has_no_users_until_it_is_set_up(store):
    assert prepare(store, VAULT, demo=False)
    assert not load_access(store).users and not load_access(store).is_set_up(demo=False)


def test_the_demo_has_the_users_and_codes_of_the_manual(store):
    assert prepare(store, VAULT, demo=True)
    access = load_access(store)
    for name, (pin, puk) in FACTORY.items():
        user = access.user_of(VAULT.index(pin), demo=True)
        assert user.name == name and VAULT.is_right(pin, puk, user.code)
        assert access.user_of(VAULT.index(pin), demo=False) is None
    prepare(store, VAULT, demo=True)
    assert load_access(store) == access


def test_a_demo_on_a_server_that_is_set_up_changes_nothing(store):
    prepare(store, VAULT, demo=False)
    reset(store, VAULT)
    before = load_access(store)
    prepare(store, VAULT, demo=True)
    assert load_access(store) == before


def test_the_way_back_in_gives_new_codes_and_logs_everybody_out(store):
    prepare(store, VAULT, demo=False)
    _, pin, puk = reset(store, VAULT)
    access = load_access(store)
    save_access(store, access, log_in(access, 1, Entry(11, "k", "c", "::1"), 1), mark=VAULT.mark)
    name, new_pin, new_puk = reset(store, VAULT)
    access = load_access(store)
    assert name == "administrator" and not access.sessions and (new_pin, new_puk) != (pin, puk)
    assert VAULT.is_right(new_pin, new_puk, access.users[1].code)
    assert not VAULT.is_right(pin, puk, access.users[1].code)
    assert access.is_set_up(demo=False)


def test_a_restored_store_with_another_pepper_is_noticed_and_reset_makes_it_work(store):
    reset(store, VAULT)
    access = load_access(store)
    other = replace(access.users[2], index="i", code="c")
    save_access(store, access, replace(access, users={**access.users, 2: other}), mark=VAULT.mark)
    moved = Vault(b"q" * 32, QUICK)
    assert not prepare(store, moved, demo=False)
    _, pin, puk = reset(store, moved)
    assert prepare(store, moved, demo=False)
    access, _ = load_access_state(store)
    assert moved.is_right(pin, puk, access.users[1].code) and not access.users[2].has_codes


def test_a_token_can_be_made_before_the_server_runs(store):
    key = add_token(store, VAULT, "Grafana", rights_of({"consumptions": "see"}), 1000)
    (token,) = load_access(store).tokens.values()
    assert token.key == key_hash(key) and token.by == "the machine"
    with pytest.raises(WattkeeperError):
        add_token(store, VAULT, "", frozenset(), 1000)
