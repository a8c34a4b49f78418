"""What is done to access while no server runs, or before it does: by whoever has the machine."""

from __future__ import annotations

from dataclasses import replace

from runtime.core.access.access import Access, Rights, first_users
from runtime.core.access.change import AddToken, By, Codes, apply_change, set_up_again
from runtime.core.access.codes import FACTORY
from runtime.core.access.delays import Delays
from runtime.errors import WattkeeperError
from runtime.secret.vault import Vault, key_hash, new_codes, new_key
from runtime.store.env import Store
from runtime.store.object.access import key_mark, load_access, load_delays, save_access
from runtime.store.object.events import add_event

MACHINE = By("the machine")


def prepare(store: Store, vault: Vault, *, demo: bool) -> bool:
    """Before a server starts. False when the codes were made with another pepper and open nothing here.

    demo  gives a new server the users and codes of the manual
    """
    access, mark = load_access(store), key_mark(store)
    mine = mark in ("", vault.mark)
    if demo and access.set_up != "done" and (not access.users or not mine):
        save_access(store, access, _add_defaults(vault, access), mark=vault.mark)
        return True
    if not mark:
        save_access(store, access, access, mark=vault.mark)
    return mine


def load_access_state(store: Store) -> tuple[Access, Delays]:
    return load_access(store), load_delays(store)


def reset(store: Store, vault: Vault) -> tuple[str, str, str]:
    """New codes for the administrator: (name, PIN, PUK). All sessions and known browsers are gone."""
    access = load_access(store)
    while True:
        pin, puk = new_codes()
        try:
            after = set_up_again(access, Codes(vault.index(pin), vault.hash_codes(pin, puk)))
        except WattkeeperError:  # somebody has this PIN
            continue
        if key_mark(store) not in ("", vault.mark):
            after = _without_codes(after)
        save_access(store, access, after, mark=vault.mark)
        return after.users[1].name, pin, puk


def report_reset(store: Store, vault: Vault, now_ms: int) -> tuple[str, str, str]:
    """``reset``, and an event that tells of it."""
    codes = reset(store, vault)
    with store.writing() as txn:
        add_event(store, txn, now_ms, "access", "access_reset", codes[0])
    return codes


def add_token(store: Store, vault: Vault, name: str, rights: Rights, now_ts: int) -> str:
    """A key for a program. Raises WattkeeperError."""
    access, key = load_access(store), new_key()
    after = apply_change(access, AddToken(name, key_hash(key), rights), MACHINE, now_ts)
    save_access(store, access, after, mark=key_mark(store) or vault.mark)
    return key


def _add_defaults(vault: Vault, access: Access) -> Access:
    users = {}
    for user in first_users():
        pin, puk = FACTORY[user.name]
        users[user.id] = replace(user, index=vault.index(pin), code=vault.hash_codes(pin, puk), factory=True)
    used = {**access.used, "user": len(users)}
    return replace(access, set_up="demo", users=users, sessions={}, browsers={}, used=used)


def _without_codes(access: Access) -> Access:
    """Codes of another pepper are worth nothing: all but the administrator's go."""
    users = {id: user if id == 1 else replace(user, index="", code="") for id, user in access.users.items()}
    return replace(access, users=users)
