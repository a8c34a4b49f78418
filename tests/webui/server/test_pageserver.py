"""waitress behind the front begins and ends in a thread of ours."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from webui.server.pageserver import PageServer


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "pages"))
        yield made


def test_one_that_has_ended_may_be_stopped_and_wakes_nobody(listener: socket.socket) -> None:
    pages = PageServer(lambda environ, start: [], listener, 1000)
    running = threading.Thread(target=pages.run)
    running.start()
    pages.stop()
    running.join()
    pages.stop()  # its descriptors belong to others by now
