"""Web hooks: JSON over TLS with a signature that the receiver can check; what it answers, obeyed."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

import pytest

from drivers.outlets.webhook import WEBHOOK, WebHookOutlet
from runtime.core.alert.letter import Letter
from runtime.errors import DeliveryFailed
from tests.drivers.outlets.certificates import Authority
from tests.drivers.outlets.webstand import web_server

LETTER = Letter("7.8.9", "s", "t", "h", {"id": "7.8.9", "text": "déclenché"}, 1_780_000_000)


def hook(address: str) -> WebHookOutlet:
    return WebHookOutlet({"address": f"{address}/in?x=1"}, {"key": "shared"}, time.monotonic)


def test_the_receiver_can_check_who_sent_it_and_when(tmp_path, monkeypatch):
    authority, got = Authority(tmp_path), []
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))

    def answering(path, headers, body):
        got.append((path, headers, body))
        return 204, {}, b""

    with web_server(answering, authority.context()) as address:
        hook(address).send(LETTER, "")
    ((path, headers, body),) = got
    assert path == "/in?x=1" and json.loads(body) == LETTER.facts
    assert headers["x-wattkeeper-message"] == "7.8.9" and headers["content-type"].startswith("application/json")
    moment, _, signature = headers["x-wattkeeper-signature"].partition(",v1=")
    assert moment == "t=1780000000"
    assert signature == hmac.new(b"shared", b"1780000000." + body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("status", "headers", "code", "is_final", "wait_s"),
    [
        (500, {}, "outlet_later", False, 0.0),
        (429, {"Retry-After": "90"}, "outlet_later", False, 90.0),
        (503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, "outlet_later", False, 0.0),
        (401, {}, "outlet_login", False, 0.0),
        (404, {}, "outlet_refused", False, 0.0),
        (302, {"Location": "http://elsewhere.example/"}, "outlet_refused", False, 0.0),
        (422, {}, "outlet_refused", True, 0.0),
    ],
)
def test_what_it_answers(status, headers, code, is_final, wait_s):
    with web_server(lambda *given: (status, headers, b"why")) as address, pytest.raises(DeliveryFailed) as failed:
        hook(address).send(LETTER, "")
    error = failed.value
    assert (error.code, error.is_final, error.wait_s) == (code, is_final, wait_s)
    assert str(status) in error.message


def test_a_certificate_that_is_not_trusted(tmp_path):
    context = Authority(tmp_path).context()
    with web_server(lambda *given: (204, {}, b""), context) as address, pytest.raises(DeliveryFailed) as failed:
        hook(address).send(LETTER, "")
    assert failed.value.code == "outlet_certificate"


@pytest.mark.parametrize(
    "address", ["", "ftp://a", "http://", "https://user:pw@host/", "http://h:0/", "http://h/ a", "x"]
)
def test_addresses_that_cannot_be(address):
    assert [name for name, _ in WEBHOOK.problems({"address": address})] == ["address"]
    assert WEBHOOK.problems({"address": "https://example.org:8443/in?a=b"}) == []
