"""What ``wattkeeper access`` does, for who has the machine."""

from __future__ import annotations

import argparse

from runtime.clock import SystemClock
from runtime.core.access.access import GIVEN, rights_of
from runtime.errors import ConfigError, Fault
from runtime.secret.accesssetup import add_token, report_reset
from runtime.secret.vault import Vault, pepper_of
from runtime.store.env import open_store

SEEN = ("panel_board", "consumptions", "reports", "alarms")


def reset(options: argparse.Namespace) -> None:
    """New codes, told once. Raises StoreError while a server runs on the folder."""
    store = open_store(options.data)
    try:
        name, pin, puk = report_reset(store, Vault(pepper_of(options.data)), SystemClock().now_ms())
    finally:
        store.close()
    print(f"{name}: PIN {pin}, PUK {puk[:5]} {puk[5:9]} {puk[9:]}")
    print("Write them down: they are told this once. All sessions are ended, and no browser is known any more.")


def token(options: argparse.Namespace) -> None:
    """Told once. Raises StoreError while a server runs on the folder."""
    unknown = [page for page in options.act if page not in GIVEN]
    if unknown:
        raise ConfigError([Fault("--act", "", f"there is no page {unknown[0]!r}", f"one of {', '.join(GIVEN)}")])
    rights = rights_of(dict.fromkeys(SEEN, "see") | dict.fromkeys(options.act, "act"))
    store = open_store(options.data)
    try:
        key = add_token(store, Vault(pepper_of(options.data)), options.name, rights, SystemClock().now_ts())
    finally:
        store.close()
    print(key)
