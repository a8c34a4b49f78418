"""The door: finds out who calls, and lets a request in only if its route allows that.

What is not declared is denied. A change that comes with a session must prove, by a token and by where it came from,
that one of our own pages asked for it; what comes with a key of a program need not, since no browser sends that by
itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import bottle

from runtime.secret.vault import same
from webui.access.client import AccessClient
from webui.http.caller import KEY, LOCAL, NOBODY, Caller, caller
from webui.http.cookies import SCREEN, SESSION, cookie
from webui.http.permission import PUBLIC

SAFE = ("GET", "HEAD", "OPTIONS")
LOGIN, WELCOME, CONFIRM = "/login", "/welcome", "/confirm"
PRESENCE = "/api/v1/session"  # asked by a page when somebody moves: it counts as being there
BY_SCRIPTS = ("/api/", "/live/")  # asked by scripts of pages, also when nobody is there
LIVE = "/live/"  # what pages of live values ask for, beside /api/v1/…/live
ON_SCREEN = "screen"  # in the query of a page: it is shown on a public screen, whoever is logged in there
MOST_FORM_BYTES = 100_000


class Guard:
    """Bottle plugin, inside that of the errors. Without ``is_closed`` everybody is at the machine itself."""

    name = "door"
    api = 2

    def __init__(self, gate: AccessClient, *, is_closed: bool) -> None:
        self._gate, self._is_closed = gate, is_closed

    def identify(self) -> None:
        """Before a request finds its route."""
        if self._is_closed:
            bottle.request.environ[KEY] = self._caller()
        else:
            bottle.request.environ.setdefault(KEY, LOCAL)

    def apply(self, callback: Callable[..., Any], route: bottle.Route) -> Callable[..., Any]:
        pairs, asks_pin = route.config.get("permissions", ()), route.config.get("asks_pin", False)

        def let_in(*args: Any, **kwargs: Any) -> Any:
            if self._is_closed:
                self._check(pairs, asks_pin)
            return callback(*args, **kwargs)

        return let_in

    def _caller(self) -> Caller:
        request = bottle.request
        scheme, _, key = request.get_header("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self._gate.by_token(key.strip())
        screen = cookie(SCREEN)
        if screen and ON_SCREEN in request.query:
            return self._gate.by_screen(screen)
        who = self._by_session()
        if who is NOBODY and screen and request.path.startswith(BY_SCRIPTS):
            return self._gate.by_screen(screen)
        return who

    def _by_session(self) -> Caller:
        request, key = bottle.request, cookie(SESSION)
        if not key:
            return NOBODY
        is_asked_by_page = request.path.startswith(BY_SCRIPTS) and request.method in SAFE and request.path != PRESENCE
        watches = is_asked_by_page and (request.path.startswith(LIVE) or request.path.endswith("/live"))
        return self._gate.by_session(key, counts=not is_asked_by_page, watches=watches)

    def _check(self, pairs: tuple[tuple[str, str], ...], asks_pin: bool) -> None:
        who, is_public = caller(), PUBLIC in pairs
        if bottle.request.method not in SAFE:
            self._check_origin()
            if who.session and not is_public:
                self._check_csrf(who)
        if is_public:
            return
        if who is NOBODY:
            raise self._sent(*((LOGIN, "login_needed") if self._gate.is_set_up else (WELCOME, "set_up_needed")))
        if not (who.may(*pairs) if who.screen is None else _may_screen(who, pairs)):
            raise self._gate.refusal("not_allowed")
        if asks_pin and not who.is_fresh:
            raise self._sent(CONFIRM, "pin_again")

    def _check_origin(self) -> None:
        """Browsers tell where a change comes from; other programs need not."""
        request = bottle.request
        site, origin = request.get_header("Sec-Fetch-Site", ""), request.get_header("Origin", "")
        own = request.get_header("Host", "").lower()
        if site not in ("", "same-origin", "none") or (origin and _host_of(origin) != own):
            raise self._gate.refusal("origin_wrong")

    def _check_csrf(self, who: Caller) -> None:
        request = bottle.request
        given = request.get_header("X-CSRF-Token", "")
        if not given and request.content_type.startswith("application/x-www-form-urlencoded"):
            given = request.forms.get("csrf", "") if request.content_length <= MOST_FORM_BYTES else ""
        if not same(given, who.csrf):
            raise self._gate.refusal("csrf_wrong")

    def _sent(self, path: str, code: str) -> Exception:
        """A page is sent elsewhere and brought back later; the API and changes are told."""
        request = bottle.request
        if request.path.startswith(BY_SCRIPTS) or request.method not in SAFE:
            return self._gate.refusal(code)
        here = request.fullpath + (f"?{request.query_string}" if request.query_string else "")
        back = f"?back={quote(here, safe='')}" if here != "/" and path != WELCOME else ""
        return bottle.HTTPResponse(status=303, headers={"Location": path + back})


def _may_screen(who: Caller, pairs: tuple[tuple[str, str], ...]) -> bool:
    """A public screen reads its own pages, and what scripts ask for as far as its rights go."""
    request = bottle.request
    if who.screen is None or request.method not in SAFE:
        return False
    return who.screen.opens(request.path) or (request.path.startswith(BY_SCRIPTS) and who.may(*pairs))


def _host_of(origin: str) -> str:
    """Host and port; a port that is usual for the scheme is left out by browsers in both headers."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
