from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from runtime.errors import ConfigError
from runtime.settings import Address, WebSettings
from tests.webui.stage import Stage
from webui.front.http.limits import Limits
from webui.server.server import WebServer, numeric


@pytest.fixture
def server(site: Stage) -> Iterator[WebServer]:
    made = WebServer(site.app, WebSettings(Address("127.0.0.1", 0)))
    made.start()
    yield made
    made.stop()


def _get(server: WebServer, path: str, method: str = "GET") -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection(server.http.host, server.http.port, timeout=60)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def test_it_serves_and_does_not_tell_with_what(server: WebServer) -> None:
    status, body, headers = _get(server, "/api/v1/health")
    assert status == 200 and b'"status":"ok"' in body
    assert "server" not in headers and "via" not in headers


@pytest.mark.parametrize("host", ["example.org", "", "*", "300.1.1.1"])
def test_an_address_that_is_none_is_refused_in_one_line(site: Stage, host: str) -> None:
    with pytest.raises(ConfigError, match="is no IP address") as caught:
        WebServer(site.app, WebSettings(Address(host, 0)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1.2.3", "::1", "0.0.0.0", "::", "192.0.2.5"])
def test_addresses_of_machines_are_taken(host: str) -> None:
    assert numeric(Address(host, 8080), "--http").port == 8080


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_every_address_is_told_as_one_that_can_be_called(site: Stage, host: str) -> None:
    server = WebServer(site.app, WebSettings(Address(host, 0)))
    server.start()
    try:
        with urlopen(f"{server.url}/api/v1/health", timeout=60) as answer:
            assert answer.status == 200
        with urlopen(f"http://127.0.0.1:{server.http.port}/api/v1/health", timeout=60) as answer:
            assert answer.status == 200
    finally:
        server.stop()


def test_a_port_in_use_is_said_in_one_line_and_leaves_nothing_behind(site: Stage) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        before = threading.active_count()
        server = WebServer(site.app, WebSettings(Address("127.0.0.1", holder.getsockname()[1])))
        with pytest.raises(ConfigError, match="is in use by another program"):
            server.start()
        server.stop()
        assert threading.active_count() == before


def test_it_does_not_wait_for_a_browser_that_keeps_its_connection(server: WebServer) -> None:
    with socket.create_connection((server.http.host, server.http.port)) as browser:
        browser.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert browser.recv(20).startswith(b"HTTP/1.1 200")
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < Limits().idle_s / 2
    with pytest.raises(OSError):
        socket.create_connection((server.http.host, server.http.port), timeout=1)
    server.stop()


def test_a_body_beyond_the_limit_is_refused(server: WebServer) -> None:
    connection = http.client.HTTPConnection(server.http.host, server.http.port, timeout=60)
    connection.putrequest("POST", "/api/v1/devices")
    connection.putheader("Content-Length", str(Limits().body_bytes + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_threads_end_with_it(site: Stage) -> None:
    before = threading.active_count()
    server = WebServer(site.app, WebSettings(Address("127.0.0.1", 0)))
    server.start()
    assert _get(server, "/")[0] == 200
    server.stop()
    assert threading.active_count() == before
