"""Cookies of the login: scripts cannot read them, only this server gets them, over HTTPS only when they came by it."""

from __future__ import annotations

import bottle

from runtime.core.access.access import BROWSER_S

SESSION, BROWSER, SCREEN = "wattkeeper_session", "wattkeeper_browser", "wattkeeper_screen"
SCREEN_S = 400 * 86_400  # as long as browsers keep a cookie; given anew each time the screen begins
_LASTS_S = {BROWSER: BROWSER_S, SCREEN: SCREEN_S}
_MOST_VALUE = 200


def cookie(name: str) -> str:
    """A cookie of the login: its value, "" without one."""
    return plain_cookie(_cookie_name(name))


def plain_cookie(name: str) -> str:
    """The value that the browser sent, "" without one.

    Ours need no quotes, so this takes each letter once; the standard library's way takes time by the square.
    """
    header = bottle.request.environ.get("HTTP_COOKIE", "")
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return next((value.strip('"') for key, _, value in pairs if key == name and len(value) <= _MOST_VALUE), "")


def set_cookie(answer: bottle.HTTPResponse, name: str, value: str) -> None:
    lasts = {"max_age": _LASTS_S[name]} if name in _LASTS_S else {}
    site = "strict" if name in _LASTS_S else "lax"
    answer.set_cookie(_cookie_name(name), value, path="/", httponly=True, samesite=site, secure=_is_https(), **lasts)


def drop_cookie(answer: bottle.HTTPResponse, name: str) -> None:
    answer.set_cookie(_cookie_name(name), "", path="/", httponly=True, samesite="lax", secure=_is_https(), max_age=0)


def _cookie_name(name: str) -> str:
    """Over HTTPS under a name that nobody can plant over HTTP."""
    return f"__Host-{name}" if _is_https() else name


def _is_https() -> bool:
    return bool(bottle.request.environ.get("wsgi.url_scheme") == "https")
