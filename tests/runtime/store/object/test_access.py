"""Users, sessions, browsers, tokens and delays come back from the store as they were."""

from dataclasses import replace

from runtime.core.access.access import Access, Token, first_users, rights_of
from runtime.core.access.change import AddToken, By, apply_change
from runtime.core.access.delays import Delays, key_of
from runtime.core.access.screen import Screen
from runtime.core.access.session import Entry, log_in
from runtime.store.env import open_store
from runtime.store.object.access import (
    DELAY,
    delay_records,
    differences,
    key_mark,
    load_access,
    load_delays,
    save_access,
)

NOW = 1_780_000_000


def _full():
    users = {user.id: replace(user, index=f"i{user.id}", code="c") for user in first_users()}
    access = log_in(Access("done", users, used={"user": 4}), 1, Entry(11, "k", "c", "::1", "Firefox", 21, "b"), NOW)
    return apply_change(access, AddToken("Grafana", "h", rights_of({"alarms": "see"})), By("me", 1), NOW)


def test_all_of_it_survives(tmp_path):
    store, access = open_store(tmp_path), _full()
    save_access(store, Access(), access, mark="m")
    store.close()
    store = open_store(tmp_path)
    assert load_access(store) == access
    assert key_mark(store) == "m"
    store.close()


def test_only_what_changed_is_written():
    access = _full()
    after = replace(access, users={**access.users, 3: replace(access.users[3], name="Ines")}, sessions={})
    assert [(kind, key) for kind, key, _ in differences(access, after)] == [("user", 3), ("session", 11)]
    assert not list(differences(access, access))


def test_delays_survive_and_a_change_by_hand_forgets_them(tmp_path):
    store, delays, now_ms = open_store(tmp_path), Delays(), NOW * 1000
    for _ in range(8):
        delays.charge(key_of("10.0.0.1"), now_ms)
    with store.writing() as txn:
        for kind, key, record in delay_records(delays):
            store.records.put(txn, kind, key, record)
    assert load_delays(store).charge(key_of("10.0.0.1"), now_ms) == delays.charge(key_of("10.0.0.1"), now_ms) > 0
    save_access(store, Access(), Access(), mark="m")
    assert not store.records.all(DELAY)
    store.close()


def test_how_long_live_values_keep_a_session_open_and_a_public_screen_survive(tmp_path):
    screen = Screen(("/", "/curves?of=1"), 45, "dark")
    token = Token(1, "Hall", "k", frozenset({("panel_board", "see")}), "chief", NOW, screen=screen)
    store, access = open_store(tmp_path), Access("done", tokens={1: token}, watched_s=3600)
    save_access(store, Access(), access, mark="m")
    assert load_access(store) == access
    store.close()
