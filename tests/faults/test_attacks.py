"""Attacks over the wire on the web as a whole, behind its real front and its closed door."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from runtime.core.access.access import Access
from runtime.core.access.codes import FACTORY
from runtime.secret.accesssetup import prepare
from runtime.store.energy.importer import import_history
from runtime.store.env import open_store
from runtime.store.object.access import save_access
from runtime.store.upkeep.backup import copy_whole
from tests.webui.closed import CODES, VAULT, closed
from tests.webui.front.stage import Answer, Door, answer_of, front
from tests.webui.stage import installation, steady_lines
from webui.http.staticfile import StaticFiles

pytestmark = pytest.mark.faults

PROTECTED = "/api/v1/users"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    store = open_store(tmp_path_factory.mktemp("attacked"))
    import_history(store, steady_lines(installation()), installation())
    with front(tmp_path_factory.mktemp("front"), closed(store).app) as made:
        yield made
    store.close()


def asked(door: Door, line: str, *headers: str, body: bytes = b"") -> Answer:
    head = "\r\n".join((f"{line} HTTP/1.1", "Host: localhost", *headers))
    length = f"\r\nContent-Length: {len(body)}" if body else ""
    with door.connect() as client:
        client.sendall(f"{head}{length}\r\n\r\n".encode("latin-1") + body)
        return answer_of(client, bare=line.startswith("HEAD "))


@pytest.mark.parametrize(
    "path",
    [
        "//api/v1/users", "/api/v1/users/", "/api%2fv1%2fusers", "/api/v1/users%2f", "/api/v1/users;x",
        "/api/v1/./users",
        "/static/x/../../api/v1/users", "/api/v1/%75sers", "/api/v1/users%00", "/api/v1/users%20", "/API/V1/USERS",
        "/api/v1/users?x=/static/", "/static/%2e%2e/api/v1/users", "/%2fapi/v1/users", "/api/v1/users#x",
        "/api/v1/health/../users", "/.%2fapi/v1/users", "/api\\v1\\users",
    ],
)  # fmt: skip
def test_no_other_path_or_method_gets_behind_the_door(door: Door, path: str) -> None:
    assert asked(door, f"GET {PROTECTED}").status == 401
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        answer = asked(door, f"{method} {path}", "X-HTTP-Method-Override: GET", "X-Original-URL: /login")
        assert answer.status in (303, 400, 401, 404, 405), method
        assert b"administrator" not in answer.body


@pytest.mark.parametrize(
    "name",
    [
        "../errors.py", "..%2ferrors.py", "%2e%2e/errors.py", "css/../../errors.py", "/etc/passwd", "%2fetc%2fpasswd",
        "..\\errors.py", "css",
    ],
)  # fmt: skip
def test_no_path_leaves_the_folder_of_static_files(door: Door, name: str, tmp_path: Path) -> None:
    answer = asked(door, f"GET /static/x/{name}")
    assert answer.status == 404 and b"root:" not in answer.body and b"import" not in answer.body
    (tmp_path / "secret").write_text("s")
    (tmp_path / "static").mkdir()
    (tmp_path / "static/link.css").symlink_to(tmp_path / "secret")
    assert StaticFiles(tmp_path / "static").names == ()


@pytest.mark.parametrize("nest", ["[", '{"pin":', "[{"])
def test_json_that_nests_without_end_is_a_bad_request(door: Door, nest: str) -> None:
    for length in (60_000, 90_000):
        body = (nest * length)[:length].encode()
        answer = asked(door, "POST /api/v1/session", "Content-Type: application/json", body=body)
        assert answer.status == 400 and answer.json["error"]["code"] == "body_wrong"
    assert asked(door, "GET /api/v1/health").status == 200


def test_a_crowd_that_waits_and_drips_keeps_nobody_out(door: Door) -> None:
    """500 connections that say nothing and 100 that drip a head, all of one address; the owner comes from it too."""
    stopping = threading.Event()
    with ExitStack() as held:
        crowd = [held.enter_context(socket.create_connection(_place(door), timeout=60)) for _ in range(500)]
        dripping = [held.enter_context(socket.create_connection(_place(door), timeout=60)) for _ in range(100)]
        for client in dripping:
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        drip = threading.Thread(target=_drip, args=(dripping, stopping))
        drip.start()
        try:
            for _ in range(20):
                assert asked(door, "GET /api/v1/health").status == 200
        finally:
            stopping.set()
            drip.join()
        assert len(crowd) == 500


def _place(door: Door) -> tuple[str, int]:
    return door.server.http.host, door.server.http.port


def _drip(clients: list[socket.socket], stopping: threading.Event) -> None:
    while not stopping.wait(0.05):
        for client in clients:
            with suppress(OSError):  # it had to go
                client.send(b"X")


def test_an_upload_in_progress_holds_nobody_up(door: Door) -> None:
    with ExitStack() as held:
        for _ in range(40):  # more than requests may run, more than threads
            client = held.enter_context(socket.create_connection(_place(door), timeout=60))
            client.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")
        assert asked(door, "GET /api/v1/health").status == 200


def test_a_backup_holds_no_secret_in_clear(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data")
    prepare(store, VAULT, demo=True)
    save_access(store, Access(), closed(store).access, mark=VAULT.mark)
    store.close()
    copy_whole(tmp_path / "data", tmp_path / "backup")
    kept = (tmp_path / "backup").read_bytes()
    secrets = [code for pair in (*CODES.values(), *FACTORY.values()) for code in pair]
    assert not [code for code in secrets if len(code) > 5 and code.encode() in kept]
    assert b"pepper" * 6 not in kept and b"PRIVATE KEY" not in kept
