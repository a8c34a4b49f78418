from __future__ import annotations

import pytest

from webui.front.http.forward import Peer
from webui.front.http.head import read_head
from webui.front.http.httpsonly import SecureOnly
from webui.front.http.limits import Limits
from webui.front.http.refusal import Refused

PLAIN = Peer("192.0.2.9", 5000, "http", "192.0.2.7")
SECURE = Peer("192.0.2.9", 5000, "https", "192.0.2.7")


def head(method: str = "GET", host: str = "box:80", target: str = "/devices?x=1"):
    return read_head(f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(), Limits())


@pytest.mark.parametrize(
    ("port", "host", "location"),
    [
        (443, "box:80", "https://box/devices?x=1"),
        (8443, "box:8080", "https://box:8443/devices?x=1"),
        (443, "[::1]:80", "https://[::1]/devices?x=1"),
    ],
)
def test_a_plain_request_that_changes_nothing_is_sent_on(port: int, host: str, location: str) -> None:
    with pytest.raises(Refused) as caught:
        SecureOnly(port).check(head(host=host), PLAIN)
    assert caught.value.status == 308 and caught.value.headers["Location"] == location


def test_the_address_cannot_break_out_of_the_redirection() -> None:
    with pytest.raises(Refused) as caught:
        SecureOnly(443).check(head(target="//evil.example/%0d%0aX:y"), PLAIN)
    assert caught.value.headers["Location"] == "https://box//evil.example/%0d%0aX:y"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_change_in_the_clear_is_refused_and_not_sent_on(method: str) -> None:
    with pytest.raises(Refused) as caught:
        SecureOnly(443).check(head(method), PLAIN)
    assert caught.value.status == 403 and "Location" not in caught.value.headers


def test_by_https_or_where_plain_is_wanted_nothing_is_said() -> None:
    SecureOnly(443).check(head("POST"), SECURE)
    SecureOnly(None).check(head("POST"), PLAIN)


def test_browsers_are_told_to_remember_only_on_request_and_only_by_https() -> None:
    assert SecureOnly(443).remembered(SECURE) == b""
    asked = SecureOnly(443, hsts_s=86_400)
    assert asked.remembered(SECURE) == b"\r\nStrict-Transport-Security: max-age=86400"
    assert asked.remembered(PLAIN) == b""
