"""What systemd wants to hear from a service of ``Type=notify``; silent when nobody listens."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping


class SystemdNotifier:
    """Datagrams to NOTIFY_SOCKET, never waited for. ``watchdog_s`` is 0.0 when systemd does not watch this process."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        path = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + path[1:] if path.startswith("@") else path  # abstract name
        pid = environ.get("WATCHDOG_PID", "")
        watchdog_us = environ.get("WATCHDOG_USEC", "")
        is_meant = not pid or pid == str(os.getpid())
        self.watchdog_s = int(watchdog_us) / 1e6 if is_meant and watchdog_us.isdecimal() else 0.0

    def ready(self) -> bool:
        return self.notify("READY=1")

    def beat(self) -> bool:
        return self.notify("WATCHDOG=1")

    def stopping(self) -> bool:
        return self.notify("STOPPING=1")

    def status(self, sentence: str) -> bool:
        """One line for ``systemctl status``."""
        return self.notify("STATUS=" + " ".join(sentence.split()))

    def notify(self, state: str) -> bool:
        """False when nobody listens."""
        if not self._address:
            return False
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as datagrams:
                datagrams.connect(self._address)
                datagrams.send(state.encode())
        except OSError:
            return False
        return True
