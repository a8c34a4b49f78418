"""The gate: what the web asks of the owner of access, with the hashes that are made on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from actors.message.access import (
    ACCESS,
    BeginLogin,
    ChangeAccess,
    ConfirmPin,
    EndLogin,
    ForgetBrowser,
    Leave,
    LoginByPin,
    Slowed,
    SomebodySeen,
    Ticket,
)
from runtime.code.codes import field_of, status_of
from runtime.core.access.access import ACCESS_VIEW, FOREIGN_VIEW, HOME, IDLE_S, Access, Session, Token, may_log_in
from runtime.core.access.change import By, Change, Codes
from runtime.core.access.codes import is_pin, is_puk
from runtime.core.access.likeness import TOKEN
from runtime.core.access.session import SEEN_EACH_S, Entry
from runtime.errors import WattkeeperError
from runtime.secret.vault import Vault, key_hash, new_id, new_key
from webui.http.caller import NOBODY, Caller, caller
from webui.http.errors import RequestRefused
from webui.model.bridge import Bridge

HASHES_AT_ONCE = 2
HASH_WITHIN_S = 5.0
WITHIN_S = 5.0
Words = Callable[[str], tuple[str, str]]  # code -> what is wrong and what to do, in the visitor's language


class AccessClient:
    """Any thread may ask."""

    def __init__(self, bridge: Bridge, vault: Vault, words: Words) -> None:
        self._bridge, self._vault, self._words = bridge, vault, words
        self._places = threading.BoundedSemaphore(HASHES_AT_ONCE)
        self._found: tuple[Access, dict[str, Session]] = (Access(), {})

    @property
    def demo(self) -> bool:
        return self._bridge.demo

    @property
    def access(self) -> Access:
        return self._bridge.views.get(ACCESS_VIEW, Access())

    @property
    def is_set_up(self) -> bool:
        return self.access.is_set_up(demo=self.demo)

    @property
    def fits(self) -> bool:
        """Whether the codes were made with the pepper of this machine."""
        return not self._bridge.views.get(FOREIGN_VIEW, False)

    # ---- who calls

    def by_token(self, key: str) -> Caller:
        token = self._token(key)
        if token is None or token.screen is not None:
            return NOBODY
        return Caller(TOKEN + token.name, rights=token.rights | HOME)

    def by_screen(self, key: str) -> Caller:
        """A public screen; it has no page but its own, so not what everybody may see who is logged in."""
        token = self._token(key)
        if token is None or token.screen is None:
            return NOBODY
        return Caller(TOKEN + token.name, rights=token.rights, screen=token.screen)

    def _token(self, key: str) -> Token | None:
        """One that is good, and whose maker may still log in."""
        hashed, now_ts = key_hash(key), self._bridge.clock.now_ts()
        tokens = (token for token in self.access.tokens.values() if token.key == hashed and token.lives(now_ts))
        token = next(tokens, None)
        if token is None:
            return None
        maker = next((user for user in self.access.users.values() if user.name == token.by), None)
        return None if maker is not None and not maker.enabled else token

    def by_session(self, key: str, *, counts: bool, watches: bool = False) -> Caller:
        """``counts``: somebody is there, not only a page that asks by itself; ``watches``: it shows live values."""
        access, now_ts = self.access, self._bridge.clock.now_ts()
        session = self._sessions(access).get(key_hash(key))
        user = access.users.get(session.user) if session else None
        if session is None or user is None or not session.lives(now_ts) or not may_log_in(user, demo=self.demo):
            return NOBODY
        if counts and abs(now_ts - session.seen_ts) >= SEEN_EACH_S:
            self._bridge.post(ACCESS, SomebodySeen(session.id))
        elif watches and access.watched_s and session.until_ts - now_ts < IDLE_S - SEEN_EACH_S:
            self._bridge.post(ACCESS, SomebodySeen(session.id, watches=True))
        return Caller(user.name, user.id, user.rights | HOME, session.id, session.csrf, session.is_fresh(now_ts))

    def knows(self, browser: str) -> bool:
        """Whether a PIN is enough at this browser."""
        if not browser:
            return False
        hashed, now_ts = key_hash(browser), self._bridge.clock.now_ts()
        return any(each.key == hashed and each.lives(now_ts) for each in self.access.browsers.values())

    def _sessions(self, access: Access) -> dict[str, Session]:
        """By their keys; made anew when something changed."""
        if self._found[0] is not access:
            self._found = access, {session.key: session for session in access.sessions.values()}
        return self._found[1]

    # ---- logging in and out

    def log_in(self, pin: str, puk: str, *, address: str, agent: str, browser: str) -> tuple[Session, str, str]:
        """With PIN and PUK: (session, its key, the key that makes the browser known). Raises RequestRefused."""
        if not (is_pin(pin) and is_puk(puk)):
            pin, puk = pin[:20], puk[:20]  # as wrong as any other, after the same time
        ticket = self._unslowed(
            self._ask(BeginLogin, address=address, index=self._vault.index(pin), browser_key=_hash_of(browser))
        )
        key, known = new_key(), new_key()
        entry = Entry(new_id(), key_hash(key), new_key(), address, agent, new_id(), key_hash(known), _hash_of(browser))
        session = self._ask(EndLogin, ticket=ticket, ok=self._tried(ticket, pin, puk, entry), entry=entry)
        if session is None:
            raise self.refusal("login_failed")
        return session, key, known

    def _tried(self, ticket: Ticket, pin: str, puk: str, entry: Entry) -> bool:
        """Raises RequestRefused where it cannot be found out; that costs no try."""
        try:
            with self._hashing():
                return self._vault.is_right(pin, puk, ticket.code)
        except RequestRefused:
            self._ask(EndLogin, ticket=ticket, ok=None, entry=entry)
            raise

    @contextmanager
    def _hashing(self) -> Iterator[None]:
        """A few at a time wait for their turn. Raises RequestRefused when it does not come, or memory is too little."""
        if not self._places.acquire(timeout=HASH_WITHIN_S):
            raise self.refusal("login_busy", wait_s=1)
        try:
            yield
        except MemoryError:
            raise self.refusal("login_busy", wait_s=10) from None
        finally:
            self._places.release()

    def log_in_by_pin(self, pin: str, *, address: str, agent: str, browser: str) -> tuple[Session, str]:
        """At a known browser: (session, its key). Raises RequestRefused."""
        key = new_key()
        entry = Entry(new_id(), key_hash(key), new_key(), address, agent)
        index = self._vault.index(pin[:20])
        session = self._unslowed(self._ask(LoginByPin, browser_key=_hash_of(browser), index=index, entry=entry))
        if session is None:
            raise self.refusal("login_failed")
        return session, key

    def confirm(self, who: Caller, pin: str, *, address: str) -> tuple[Session, str]:
        """The PIN of who is logged in: (the session from now on, its key). Raises RequestRefused."""
        key = new_key()
        entry = Entry(new_id(), key_hash(key), "", address)
        index = self._vault.index(pin[:20])
        session = self._unslowed(self._ask(ConfirmPin, session=who.session, index=index, entry=entry))
        if session is None:
            raise self.refusal("pin_wrong" if who.session in self.access.sessions else "login_needed")
        return session, key

    def _unslowed(self, outcome: Any) -> Any:
        """Raises RequestRefused where a pause is not over."""
        if isinstance(outcome, Slowed):
            raise self.refusal("login_slowed", wait_s=max(1, -(-outcome.wait_ms // 1000)))
        return outcome

    def leave(self, session: int, *, lock: bool = False) -> None:
        self._ask(Leave, session=session, by=_by(), lock=lock)

    def forget(self, browser: int) -> None:
        self._ask(ForgetBrowser, browser=browser, by=_by())

    # ---- changes

    def change(self, change: Change) -> Access:
        """Raises RequestRefused."""
        access: Access = self._ask(ChangeAccess, change=change, by=_by())
        return access

    def codes(self, pin: str, puk: str) -> Codes:
        """As they are kept; the caller has looked whether they are good. Raises RequestRefused when too many ask."""
        with self._hashing():
            return Codes(self._vault.index(pin), self._vault.hash_codes(pin, puk))

    def refusal(self, code: str, *, field: str = "", wait_s: int = 0) -> RequestRefused:
        what, todo = self._words(code)
        return RequestRefused(status_of(code), code, what, field or field_of(code), todo, wait_s)

    def _ask(self, kind: Callable[..., object], **fields: Any) -> Any:
        absent = WattkeeperError("no_reply", "logins are just being started")
        try:
            return self._bridge.ask(ACCESS, lambda reply: kind(**fields, reply=reply), WITHIN_S, absent)
        except WattkeeperError as error:
            raise self.refusal(error.code, wait_s=int(error is absent)) from None


def _by() -> By:
    who = caller()
    return By(who.name, who.user, who.session)


def _hash_of(browser: str) -> str:
    return key_hash(browser) if browser else ""
