"""The gate: two hashes at a time and no more, the same work for a right, a wrong and an unknown PIN."""

from __future__ import annotations

import threading

import pytest

from actors.mailbox.reply import answer
from actors.message.access import EndLogin, Ticket
from runtime.core.access.access import Access
from runtime.secret.vault import Vault
from runtime.store.env import Store
from tests.webui.stage import Stage, stage
from webui.access.client import HASHES_AT_ONCE, AccessClient
from webui.http.errors import RequestRefused
from webui.model.bridge import Bridge


class SlowVault(Vault):
    """Its hashes end when the test says so."""

    def __init__(self) -> None:
        super().__init__(b"p" * 32, (1, 8))
        self.go_on, self.begun = threading.Event(), threading.Semaphore(0)
        self.codes: list[str] = []

    def is_right(self, pin: str, puk: str, code: str) -> bool:
        self.codes.append(code)
        self.begun.release()
        assert self.go_on.wait(60)
        return super().is_right(pin, puk, code)


def _gate(site: Stage, vault: Vault, told: list[object]) -> AccessClient:
    def post(name: str, message: object) -> bool:
        told.append(message)
        answer(message.reply, None if isinstance(message, EndLogin) else Ticket("a", "i", 0, ""))  # type: ignore[attr-defined]
        return True

    bridge = Bridge(site.views, site.history, lambda: site.installation, site.clock, post, "0.1.0")
    return AccessClient(bridge, vault, lambda code: (code, ""))


def test_a_third_login_at_the_same_time_is_asked_to_come_again_and_does_not_count_as_wrong(store: Store) -> None:
    told: list[object] = []
    vault = SlowVault()
    gate = _gate(stage(store, devices=0), vault, told)
    refused: list[RequestRefused] = []

    def log_in() -> None:
        with pytest.raises(RequestRefused) as caught:
            gate.log_in("73058", "48201937560284", address="10.0.0.1", agent="", browser="")
        refused.append(caught.value)

    threads = [threading.Thread(target=log_in) for _ in range(HASHES_AT_ONCE)]
    for thread in threads:
        thread.start()
        assert vault.begun.acquire(timeout=60)
    log_in()
    assert (refused[0].status, refused[0].code, refused[0].wait_s) == (503, "login_busy", 1)
    assert [message.ok for message in told if isinstance(message, EndLogin)] == [None]
    vault.go_on.set()
    for thread in threads:
        thread.join(60)
    assert [each.code for each in refused[1:]] == ["login_failed"] * HASHES_AT_ONCE
    assert len(vault.codes) == HASHES_AT_ONCE


def test_without_the_owner_of_access_nobody_gets_in_and_is_told_to_try_again(store: Store) -> None:
    site = stage(store, devices=0)
    bridge = Bridge(site.views, site.history, lambda: site.installation, site.clock, lambda *_: False, "0.1.0")
    gate = AccessClient(bridge, Vault(b"p" * 32, (1, 8)), lambda code: (code, ""))
    with pytest.raises(RequestRefused) as caught:
        gate.log_in("73058", "48201937560284", address="10.0.0.1", agent="", browser="")
    assert (caught.value.status, caught.value.wait_s) == (503, 1)


def test_before_anything_is_known_nobody_is_known(store: Store) -> None:
    site = stage(store, devices=0)
    site.views.withdraw("access")
    gate = _gate(site, Vault(b"p" * 32, (1, 8)), [])
    assert gate.access == Access() and not gate.is_set_up
    assert gate.by_token("x").name == gate.by_session("x", counts=True).name == "nobody"
