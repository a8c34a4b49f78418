"""Cookies of the login: scripts cannot read them, only this server gets them, over HTTPS only when they came by it."""

from __future__ import annotations

import bottle

from runtime.core.access.access import BROWSER_S

SESSION, BROWSER = "wattkeeper_session", "wattkeeper_browser"


def cookie(name: str) -> str:
    """Its value, "" without one."""
    found: str = bottle.request.get_cookie(_cookie_name(name), "")
    return found[:200]


def set_cookie(answer: bottle.HTTPResponse, name: str, value: str) -> None:
    lasts = {"max_age": BROWSER_S} if name == BROWSER else {}
    site = "strict" if name == BROWSER else "lax"
    answer.set_cookie(_cookie_name(name), value, path="/", httponly=True, samesite=site, secure=_is_https(), **lasts)


def drop_cookie(answer: bottle.HTTPResponse, name: str) -> None:
    answer.set_cookie(_cookie_name(name), "", path="/", httponly=True, samesite="lax", secure=_is_https(), max_age=0)


def _cookie_name(name: str) -> str:
    """Over HTTPS under a name that nobody can plant over HTTP."""
    return f"__Host-{name}" if _is_https() else name


def _is_https() -> bool:
    return bool(bottle.request.environ.get("wsgi.url_scheme") == "https")
