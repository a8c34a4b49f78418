"""Logging in and out over HTTP: codes in, cookies out."""

from __future__ import annotations

import ipaddress

import bottle

from runtime.core.access.access import Session
from webui.access.client import AccessClient
from webui.http.caller import IS_FORWARDED, caller
from webui.http.cookies import BROWSER, SESSION, cookie, drop_cookie, set_cookie

MOST_AGENT = 200
CODE = 60  # longest that is looked at


def log_in(gate: AccessClient, answer: bottle.HTTPResponse, pin: str, puk: str) -> Session:
    """Puts the cookies into ``answer``. Raises RequestRefused."""
    request = bottle.request
    if not gate.is_set_up:
        raise gate.refusal("set_up_needed")
    address, agent = request.environ.get("REMOTE_ADDR", ""), agent_of(request.get_header("User-Agent", ""))
    if puk:
        session, key, known = gate.log_in(pin, puk, address=address, agent=agent, browser=cookie(BROWSER))
        set_cookie(answer, BROWSER, known)
    else:
        session, key = gate.log_in_by_pin(pin, address=address, agent=agent, browser=cookie(BROWSER))
    set_cookie(answer, SESSION, key)
    return session


def log_out(gate: AccessClient, answer: bottle.HTTPResponse, *, lock: bool) -> None:
    gate.leave(caller().session, lock=lock)
    drop_cookie(answer, SESSION)


def confirm(gate: AccessClient, answer: bottle.HTTPResponse, pin: str) -> None:
    """Raises RequestRefused. Programs and the machine itself have no PIN to give."""
    who = caller()
    if who.session:
        _, key = gate.confirm(who, pin, address=bottle.request.environ.get("REMOTE_ADDR", ""))
        set_cookie(answer, SESSION, key)


def agent_of(header: str) -> str:
    """What a browser calls itself, as far as it can be shown."""
    return "".join(letter for letter in header[:MOST_AGENT] if letter.isprintable())


def check_first_setup(gate: AccessClient) -> None:
    """Raises RequestRefused when there is nothing to set up, or not from there."""
    if gate.is_set_up:
        raise gate.refusal("set_up_already")
    environ = bottle.request.environ
    if environ.get(IS_FORWARDED, False) or not is_near(environ.get("REMOTE_ADDR", "")):
        raise gate.refusal("set_up_from_afar")


def is_near(address: str) -> bool:
    """The machine itself, or a network that is not the Internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return ip.is_loopback or ip.is_private or ip.is_link_local
