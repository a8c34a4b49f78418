"""The socket between the front and the page server: in a folder that nobody else may enter."""

from __future__ import annotations

import os
import socket
from pathlib import Path

_NAME = "pages"
_LONGEST = 100  # bytes that fit into an address of AF_UNIX everywhere


class SocketFolder:
    """``open`` gives a listener, ``path`` is where to connect, ``close`` takes all of it away.

    A folder that a killed process left behind is cleaned first. Where the path is too long for the kernel it goes
    through the folder's open handle.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle = -1

    @property
    def path(self) -> str:
        whole = str(self._folder / _NAME)
        return whole if len(os.fsencode(whole)) <= _LONGEST else f"/proc/self/fd/{self._handle}/{_NAME}"

    def open(self) -> socket.socket:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        (self._folder / _NAME).unlink(missing_ok=True)
        self._handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        os.chmod(self.path, 0o600)
        return listener

    def close(self) -> None:
        if self._handle < 0:
            return
        os.close(self._handle)
        self._handle = -1
        (self._folder / _NAME).unlink(missing_ok=True)
        self._folder.rmdir()
