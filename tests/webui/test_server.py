from __future__ import annotations

import http.client
import socket
import threading
import time

import pytest

from runtime.errors import ConfigError
from tests.webui.stage import Stage
from webui.server import BODY_LIMIT_BYTES, WebServer


def _served(site: Stage, host: str = "127.0.0.1") -> WebServer:
    server = WebServer(site.app, host, 0)
    server.start()
    return server


def _get(
    server: WebServer, path: str, method: str = "GET", body: bytes | None = None
) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def test_it_serves_and_does_not_tell_with_what(site: Stage) -> None:
    server = _served(site)
    try:
        status, body, headers = _get(server, "/api/v1/health")
        assert status == 200 and b'"status":"ok"' in body
        assert "waitress" not in headers.get("server", "")
    finally:
        server.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.5", "example.org"])
def test_any_other_address_than_loopback_is_refused_in_one_line(site: Stage, host: str) -> None:
    with pytest.raises(ConfigError, match="there is no login yet") as caught:
        WebServer(site.app, host, 0)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1.2.3", "::1", "[::1]"])
def test_all_forms_of_loopback_are_taken(site: Stage, host: str) -> None:
    assert WebServer(site.app, host, 8080).url.endswith(":8080")


def test_a_port_in_use_is_said_in_one_line_and_leaves_no_thread_behind(site: Stage) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        before = threading.active_count()
        server = WebServer(site.app, "127.0.0.1", holder.getsockname()[1])
        with pytest.raises(ConfigError, match="is in use by another program"):
            server.start()
        server.stop()
        assert threading.active_count() == before


def test_it_stops_within_a_second_though_a_browser_keeps_its_connection(site: Stage) -> None:
    server = _served(site)
    with socket.create_connection((server.host, server.port)) as browser:
        browser.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert browser.recv(20).startswith(b"HTTP/1.1 200")
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 1.0
    with pytest.raises(OSError):
        socket.create_connection((server.host, server.port), timeout=1)
    server.stop()


def test_a_body_beyond_the_limit_is_refused(site: Stage) -> None:
    server = _served(site)
    try:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=5)
        connection.putrequest("POST", "/api/v1/devices")
        connection.putheader("Content-Length", str(BODY_LIMIT_BYTES + 1))
        connection.endheaders()
        assert connection.getresponse().status == 413
        connection.close()
    finally:
        server.stop()
