from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

from tests.webui.front.stage import GET, front


def test_each_request_reaches_the_pages_over_a_connection_of_its_own(tmp_path: Path) -> None:
    with front(tmp_path) as door, door.connect() as client:
        client.sendall(GET * 3)
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_pages_that_cannot_be_reached_are_said_to_be_busy(tmp_path: Path) -> None:
    with front(tmp_path) as door:
        (tmp_path / "front" / "pages").unlink()
        answer = door.ask(GET)
        assert (answer.status, answer.headers["connection"]) == (503, "close")


def test_files_beyond_1024_are_no_obstacle(tmp_path: Path) -> None:
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        with front(tmp_path) as door, door.connect() as client:
            assert client.fileno() > 1024
            assert door.ask(GET).status == 200
    finally:
        for handle in held:
            os.close(handle)


def test_nobody_else_reaches_the_socket_behind_the_front(tmp_path: Path) -> None:
    with front(tmp_path):
        folder = tmp_path / "front"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "pages").stat().st_mode) == 0o600
        assert (folder / "pages").is_socket()
    assert not folder.exists()


def test_a_second_request_on_the_inner_connection_is_never_served(tmp_path: Path) -> None:
    with front(tmp_path), socket.socket(socket.AF_UNIX) as inner:
        inner.settimeout(3)
        inner.connect(str(tmp_path / "front" / "pages"))
        inner.sendall(b"GET /1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
        heard = b""
        while piece := inner.recv(65536):
            heard += piece
        assert heard.count(b"HTTP/1.1 200") == 1
