"""Whether a request comes from somebody who was let in before: asked by the front, before anything is done for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from runtime.clock import Clock
from runtime.core.access.access import ACCESS_VIEW, Access
from runtime.secret.vault import key_hash
from runtime.viewboard import Views
from webui.front.http.head import Head
from webui.http.cookies import BROWSER, SCREEN, SESSION

_MOST_KEY_BYTES = 200  # longer ones are none of ours
_NAMES = frozenset(prefix + name.encode() for name in (SESSION, BROWSER, SCREEN) for prefix in (b"", b"__Host-"))


class _Living(Protocol):
    @property
    def key(self) -> str: ...

    def lives(self, now_ts: int) -> bool: ...


def known_of(views: Views, clock: Clock) -> Callable[[Head], bool]:
    """Looks for a session, a known browser or a token that lives; what it may do is the guard's to say."""
    kept: tuple[Access, dict[str, _Living]] = (Access(), {})

    def is_known(head: Head) -> bool:
        nonlocal kept
        access: Access = views.get(ACCESS_VIEW, Access())
        if kept[0] is not access:
            kept = access, _by_key(access)
        now_ts, living = clock.now_ts(), kept[1]
        return any((each := living.get(key_hash(key))) is not None and each.lives(now_ts) for key in _keys(head))

    return is_known


def _by_key(access: Access) -> dict[str, _Living]:
    """Of several who are known at one browser, the one whose time ends last."""
    browsers = sorted(access.browsers.values(), key=lambda each: each.began_ts)
    everything: list[_Living] = [*browsers, *access.sessions.values(), *access.tokens.values()]
    return {each.key: each for each in everything}


def _keys(head: Head) -> Iterator[str]:
    for name, value in head.headers:
        if name == b"cookie":
            pairs = (pair.strip().partition(b"=") for pair in value.split(b";"))
            keys = [key.strip(b'"') for cookie, _, key in pairs if cookie in _NAMES]
        elif name == b"authorization":
            keys = [value.partition(b" ")[2].strip()]
        else:
            continue
        yield from (key.decode("latin-1") for key in keys[:4] if 0 < len(key) <= _MOST_KEY_BYTES)
