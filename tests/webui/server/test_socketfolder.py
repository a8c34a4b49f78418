from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.webui.front.stage import GET, front
from webui.server.socketfolder import SocketFolder


@pytest.mark.parametrize("deep", [0, 150])
def test_the_path_may_be_longer_than_the_kernel_takes(tmp_path: Path, deep: int) -> None:
    folder = tmp_path / ("x" * deep) if deep else tmp_path
    with front(folder) as door:
        assert door.ask(GET).status == 200


def test_what_a_killed_process_left_is_cleaned(tmp_path: Path) -> None:
    folder = SocketFolder(tmp_path / "front")
    folder.open().close()
    again = SocketFolder(tmp_path / "front")
    with again.open() as listener, socket.socket(socket.AF_UNIX) as client:
        listener.listen()
        client.connect(again.path)
    again.close()
    again.close()
    assert not (tmp_path / "front").exists()
