from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.core.access.access import ACCESS_VIEW, IDLE_S, Access, Browser, Session, Token
from runtime.secret.vault import key_hash
from runtime.viewboard import Views
from tests.actors.stage import ManualClock
from webui.access.knownclient import known_of
from webui.front.http.head import read_head
from webui.front.http.limits import Limits

NOW = 1_780_000_000
SESSION = Session(1, key_hash("s-key"), 1, "c", NOW, NOW, NOW, NOW + 3_600, "10.0.0.1")
BROWSER = Browser(2, key_hash("b-key"), 1, NOW, NOW, "10.0.0.1")
TOKEN = Token(3, "van", key_hash("t-key"), frozenset(), "administrator", NOW, NOW + 60)


def is_known(*lines: str, access: Access | None = None, later_s: int = 0) -> bool:
    views = Views()
    everything = Access("done", sessions={1: SESSION}, browsers={2: BROWSER}, tokens={3: TOKEN})
    views.publish(ACCESS_VIEW, access or everything)
    raw = "\r\n".join(("GET / HTTP/1.1", "Host: localhost", *lines, "", "")).encode()
    return known_of(views, ManualClock(NOW + later_s))(read_head(raw, Limits()))


@pytest.mark.parametrize(
    "line",
    [
        "Cookie: wattkeeper_session=s-key",
        "Cookie: a=b; __Host-wattkeeper_session=s-key",
        'Cookie: wattkeeper_browser="b-key"',
        "Authorization: Bearer t-key",
    ],
)
def test_a_session_a_known_browser_and_a_token_are_known(line: str) -> None:
    assert is_known(line)


@pytest.mark.parametrize(
    "line",
    [
        "X: y",
        "Cookie: wattkeeper_session=other",
        "Cookie: wattkeeper_session=",
        "Cookie: session=s-key",
        "Cookie: " + "wattkeeper_session=x; " * 400,
        "Authorization: Bearer ü",
        "Authorization: Bearer " + "x" * 5_000,
        "Authorization:",
    ],
)
def test_whatever_else_comes_is_a_stranger_s(line: str) -> None:
    assert not is_known(line)


def test_what_has_ended_is_known_no_more() -> None:
    assert not is_known("Cookie: wattkeeper_session=s-key", later_s=IDLE_S + 1)
    assert not is_known("Authorization: Bearer t-key", later_s=61)
    assert not is_known("Cookie: wattkeeper_browser=b-key", access=Access(browsers={2: replace(BROWSER, wrong=5)}))


def test_a_browser_where_several_are_known_is_known_until_the_last_of_them_ends() -> None:
    old = replace(BROWSER, id=4, began_ts=NOW - 40 * 86_400)
    assert is_known("Cookie: wattkeeper_browser=b-key", access=Access(browsers={2: BROWSER, 4: old}))
    assert is_known("Cookie: wattkeeper_browser=b-key", access=Access(browsers={4: old, 2: BROWSER}))
