from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from runtime.clock import SystemClock
from runtime.settings import Address, WebSettings
from tests.webui.front.authority import Authority, pem_of, text
from tests.webui.front.stage import GET, LIMITS, answer_of, everything, telling
from webui.front.http.limits import Limits
from webui.server.server import WebServer, certificates_of

LOOPBACK = Address("127.0.0.1", 0)


class SecureDoor:
    """A front with both doors; ``certificates`` are those of the second."""

    def __init__(self, folder: Path, limits: Limits, **settings: object) -> None:
        web = WebSettings(LOOPBACK, LOOPBACK, **settings)  # type: ignore[arg-type]
        self.certificates = certificates_of(web, folder, SystemClock())
        self.server = WebServer(telling, web, certificates=self.certificates, limits=limits)

    def plain(self, port: str = "http") -> socket.socket:
        address = getattr(self.server, port)
        return socket.create_connection((address.host, address.port), timeout=60)

    def connect(self, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
        return (context or trusting()).wrap_socket(self.plain("https"), server_hostname="localhost")


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def secure(folder: Path, limits: Limits = LIMITS, **settings: object) -> Iterator[SecureDoor]:
    door = SecureDoor(folder, limits, **settings)
    door.server.start()
    try:
        yield door
    finally:
        door.server.stop()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureDoor]:
    with secure(tmp_path_factory.mktemp("secure")) as made:
        yield made


def test_the_pages_know_that_they_are_asked_by_https(door: SecureDoor) -> None:
    with door.connect() as client:
        for _ in range(3):
            client.sendall(GET)
            assert answer_of(client).json["wsgi.url_scheme"] == "https"
        assert client.version() == "TLSv1.3" and client.selected_alpn_protocol() is None


def test_a_browser_that_trusts_the_certificate_finds_the_names_right(door: SecureDoor, tmp_path: Path) -> None:
    pem = (door.certificates._file).read_text()
    context = ssl.create_default_context(cadata=pem[pem.index("-----BEGIN CERT") :])
    for name in ("localhost", "127.0.0.1"):
        with context.wrap_socket(door.plain("https"), server_hostname=name) as client:
            client.sendall(GET)
            assert answer_of(client).status == 200


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
def test_old_versions_are_refused(door: SecureDoor, version: ssl.TLSVersion) -> None:
    context = trusting()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        door.connect(context)


def test_tls_1_2_is_spoken_with_forward_secrecy_only(door: SecureDoor) -> None:
    context = trusting()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with door.connect(context) as client:
        assert client.cipher()[0].startswith("ECDHE-")  # type: ignore[index]
    context.set_ciphers("AES256-GCM-SHA384:AES128-SHA")
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        door.connect(context)


def test_plain_http_at_the_secure_door_is_told_so(door: SecureDoor) -> None:
    with door.plain("https") as client:
        client.sendall(GET)
        heard = everything(client)
    assert heard.startswith(b"HTTP/1.1 400 ") and b"speaks HTTPS" in heard


@pytest.mark.parametrize("noise", [b"\x16\x03\x01\x00\x05hello", b"\x16" + b"\xff" * 5000, b"\x00"])
def test_noise_instead_of_a_handshake_ends_the_connection(door: SecureDoor, noise: bytes) -> None:
    with door.plain("https") as client:
        client.sendall(noise)
        everything(client)
        assert client.recv(1) == b""
    with door.connect() as client:
        client.sendall(GET)
        assert answer_of(client).status == 200


def test_a_handshake_that_does_not_end_is_not_waited_for(tmp_path: Path) -> None:
    with secure(tmp_path, replace(LIMITS, head_s=0.5)) as door, door.plain("https") as client:
        client.sendall(b"\x16\x03\x01")
        assert everything(client) == b""


def test_large_answers_and_bodies_pass(door: SecureDoor) -> None:
    with door.connect() as client:
        client.sendall(b"GET /large/5000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert len(answer_of(client).body) == 5_000_000
        body = bytes(range(1, 201)) * 3000
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        assert answer_of(client).json["body"].encode("latin-1") == body


def test_a_last_answer_ends_as_tls_does_so_that_nothing_can_be_cut_off_unseen(door: SecureDoor) -> None:
    with door.connect() as client:
        client.sendall(GET[:-2] + b"Connection: close\r\n\r\n")
        assert answer_of(client).status == 200
        assert client.recv(100) == b""  # an end without notice would raise


def test_another_certificate_is_shown_from_then_on_and_nobody_is_cut_off(tmp_path: Path) -> None:
    authority = Authority()
    now_ts = SystemClock().now_ts()
    leaf = authority.leaf(from_ts=now_ts - 60, to_ts=now_ts + 86_400)
    with secure(tmp_path) as door, door.connect() as before:
        first = before.getpeercert(binary_form=True)
        door.certificates.replace(text(leaf), pem_of(authority.key))
        with door.connect() as after:
            assert after.getpeercert(binary_form=True) != first
        before.sendall(GET)
        assert answer_of(before).status == 200


def test_plain_requests_are_sent_to_https_and_changes_refused(door: SecureDoor) -> None:
    with door.plain() as client:
        client.sendall(b"GET /devices?x=1 HTTP/1.1\r\nHost: localhost:1\r\n\r\n")
        answer = answer_of(client)
    assert answer.status == 308
    assert answer.headers["location"] == f"https://localhost:{door.server.https.port}/devices?x=1"
    with door.plain() as client:
        client.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        answer = answer_of(client)
    assert answer.status == 403 and answer.json["error"]["code"] == "https_only" and "location" not in answer.headers


def test_plain_pages_beside_https_are_a_choice_and_so_is_that_browsers_remember(tmp_path: Path) -> None:
    with secure(tmp_path, redirect=False, hsts_days=365) as door:
        with door.plain() as client:
            client.sendall(GET)
            answer = answer_of(client)
            assert answer.status == 200 and "strict-transport-security" not in answer.headers
        with door.connect() as client:
            client.sendall(GET)
            assert answer_of(client).headers["strict-transport-security"] == "max-age=31536000"


def test_browsers_are_not_told_to_remember_unless_that_is_wanted(door: SecureDoor) -> None:
    with door.connect() as client:
        client.sendall(GET)
        assert "strict-transport-security" not in answer_of(client).headers
