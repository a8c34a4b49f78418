"""A key to a server under test: a token that is made in its folder before it runs."""

from __future__ import annotations

from pathlib import Path
from urllib.request import Request

from runtime.core.access.access import GIVEN, rights_of
from runtime.secret.accesssetup import add_token
from runtime.secret.vault import Vault, pepper_of
from runtime.store.env import open_store


def key_to(data: Path) -> str:
    """May do everything."""
    store = open_store(data)
    try:
        return add_token(store, Vault(pepper_of(data)), "tests", rights_of(dict.fromkeys(GIVEN, "act")), 0)
    finally:
        store.close()


def asked(url: str, key: str, method: str = "GET", body: bytes | None = None) -> Request:
    return Request(url, body, {"Authorization": f"Bearer {key}"}, method=method)
