"""Sessions and known browsers as pure changes: each gives the next ``Access``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from runtime.core.access.access import (
    GRACE_S,
    IDLE_S,
    LONGEST_S,
    SESSIONS_OF_USER,
    WRONG_PINS,
    Access,
    Browser,
    Session,
)

Each = TypeVar("Each")

SEEN_EACH_S = 30  # being there is noted no more often


@dataclass(frozen=True, slots=True)
class Entry:
    """What a browser was given at a login, as it is kept: ids are picked at random, keys are hashes.

    browser_key     of the key that makes the browser known from now on, "" = do not know it
    browser_before  of the key that it came with: others that were known by it are known by the new one
    """

    session: int
    session_key: str
    csrf: str
    address: str
    agent: str = ""
    browser: int = 0
    browser_key: str = ""
    browser_before: str = ""


def log_in(access: Access, user: int, entry: Entry, now_ts: int) -> Access:
    """After PIN and PUK: a session, and the browser is known."""
    browsers = dict(access.browsers)
    if entry.browser_key:
        for each in is_known(access, entry.browser_before, now_ts):
            browsers[each.id] = replace(each, key=entry.browser_key)
            if each.user == user:
                del browsers[each.id]
        browsers[entry.browser] = Browser(
            entry.browser, entry.browser_key, user, now_ts, now_ts, entry.address, agent=entry.agent
        )
    return _begun(replace(access, browsers=browsers), user, entry, now_ts)


def is_known(access: Access, browser_key: str, now_ts: int) -> tuple[Browser, ...]:
    """Who is known at a browser."""
    if not browser_key:
        return ()
    return tuple(each for each in access.browsers.values() if each.key == browser_key and each.lives(now_ts))


def log_in_by_pin(access: Access, browser: Browser, entry: Entry, now_ts: int) -> Access:
    """After the right PIN at a known browser: this user's wrong ones before it are forgiven, nobody else's."""
    browsers = {**access.browsers, browser.id: replace(browser, wrong=0, used_ts=now_ts)}
    return _begun(replace(access, browsers=browsers), browser.user, replace(entry, browser=browser.id), now_ts)


def wrong_pin(access: Access, browser_key: str) -> Access:
    """A wrong PIN at a known browser; after ``WRONG_PINS`` it is known no more."""
    browsers = dict(access.browsers)
    for id, each in access.browsers.items():
        if each.key == browser_key:
            browsers[id] = replace(each, wrong=each.wrong + 1)
            if each.wrong + 1 >= WRONG_PINS:
                del browsers[id]
    return replace(access, browsers=browsers)


def confirm(access: Access, id: int, entry: Entry, now_ts: int) -> Access:
    """The PIN was given again: a new session id that is fresh; the old one ends in a moment."""
    before = access.sessions[id]
    fresh = replace(before, id=entry.session, key=entry.session_key, pin_ts=now_ts, seen_ts=now_ts, wrong=0)
    old = replace(before, pin_ts=0, ends_ts=min(before.ends_ts, now_ts + GRACE_S))
    return replace(access, sessions={**access.sessions, id: old, fresh.id: fresh})


def wrong_confirmation(access: Access, id: int) -> Access:
    """A wrong PIN in a session; after ``WRONG_PINS`` it ends and its browser is known no more."""
    session = access.sessions[id]
    if session.wrong + 1 >= WRONG_PINS:
        return without_session(access, id, lock=True)
    return replace(access, sessions={**access.sessions, id: replace(session, wrong=session.wrong + 1)})


def mark_seen(access: Access, id: int, now_ts: int) -> Access:
    session = access.sessions.get(id)
    if session is None or abs(now_ts - session.seen_ts) < SEEN_EACH_S:
        return access
    return replace(access, sessions={**access.sessions, id: replace(session, seen_ts=now_ts)})


def mark_watched(access: Access, id: int, now_ts: int) -> Access:
    """A page of live values asked: the session goes on for a while, but not beyond the setting since its last use."""
    session = access.sessions.get(id)
    if session is None:
        return access
    until_ts = min(now_ts + IDLE_S, session.seen_ts + access.watched_s)
    if until_ts - session.watched_until_ts < SEEN_EACH_S or until_ts <= session.until_ts:
        return access
    return replace(access, sessions={**access.sessions, id: replace(session, watched_until_ts=until_ts)})


def without_session(access: Access, id: int, *, lock: bool = False) -> Access:
    """Ended; with ``lock`` its browser knows the user no more."""
    session = access.sessions.get(id)
    sessions = {each: value for each, value in access.sessions.items() if each != id}
    browser = session.browser if session and lock else 0
    browsers = {each: value for each, value in access.browsers.items() if each != browser}
    return replace(access, sessions=sessions, browsers=browsers)


def without_browser(access: Access, id: int) -> Access:
    """The browser is known no more, and sessions that began there end."""
    browsers = {each: value for each, value in access.browsers.items() if each != id}
    sessions = {each: value for each, value in access.sessions.items() if value.browser != id}
    return replace(access, browsers=browsers, sessions=sessions)


def without_old(access: Access, now_ts: int) -> Access:
    """Without what is over; the same object when nothing is."""
    sessions = _living(access.sessions, lambda each: each.lives(now_ts))
    browsers = _living(access.browsers, lambda each: each.lives(now_ts))
    tokens = _living(access.tokens, lambda each: each.lives(now_ts))
    if (len(sessions), len(browsers), len(tokens)) == (len(access.sessions), len(access.browsers), len(access.tokens)):
        return access
    return replace(access, sessions=sessions, browsers=browsers, tokens=tokens)


def _begun(access: Access, user: int, entry: Entry, now_ts: int) -> Access:
    own = sorted((each.seen_ts, id) for id, each in access.sessions.items() if each.user == user)
    too_many = {id for _, id in own[: max(0, len(own) - SESSIONS_OF_USER + 1)]}
    sessions = {id: each for id, each in access.sessions.items() if id not in too_many}
    sessions[entry.session] = Session(
        entry.session, entry.session_key, user, entry.csrf, now_ts, now_ts, now_ts, now_ts + LONGEST_S,
        entry.address, entry.browser, entry.agent,
    )  # fmt: skip
    return replace(access, sessions=sessions)


def _living(kept: Mapping[int, Each], lives: Callable[[Each], bool]) -> dict[int, Each]:
    return {id: each for id, each in kept.items() if lives(each)}
