"""What a machine lets a thread do: how often something happens is counted in its beats and not in seconds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Pulse:
    """Beats each ``period_s`` at the most; on a busy machine less often, like all that is done beside."""

    def __init__(self, period_s: float) -> None:
        self.beats = 0
        self._period_s = period_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat)

    def _beat(self) -> None:
        while not self._over.wait(self._period_s):
            self.beats += 1

    @contextmanager
    def felt(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join()
