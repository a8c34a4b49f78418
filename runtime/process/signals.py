"""What the process is told from outside while it serves: to stop, or to take in changed maps.

The number of a signal comes through a pipe. Python runs a handler in the main thread only, yet the kernel may hand a
signal to any thread, and then nobody wakes the main thread up; the byte in the pipe does.
"""

from __future__ import annotations

import os
import signal

STOP = (signal.SIGTERM, signal.SIGINT)
RELOAD = (signal.SIGHUP,)


class Signals:
    """Made and heard in the main thread; ``stop`` may be called from any."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in (*STOP, *RELOAD):
            signal.signal(number, lambda *_: None)  # the byte says it; without a handler there would be none

    def stop(self) -> None:
        os.write(self._writer, bytes([signal.SIGTERM]))

    def is_reload(self) -> bool:
        """Wait for the next wish: True = take in changed maps, False = stop."""
        while True:
            number = os.read(self._reader, 1)[0]
            if number in (*STOP, *RELOAD):
                return number in RELOAD
