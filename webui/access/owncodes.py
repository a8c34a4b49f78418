"""New codes for oneself. That a PIN is taken tells that somebody else has it: this is told a few times a day only."""

from __future__ import annotations

import threading
from collections.abc import Callable

from runtime.core.access.change import Codes, EditUser
from webui.access.client import AccessClient
from webui.http.errors import RequestRefused

MOST_TAKEN = 5  # PINs of others that one user may meet
WITHIN_S = 86_400.0


class OwnCodes:
    """Any thread may ask. What was met is forgotten with the process, whose start costs more than a day's tries."""

    def __init__(self, gate: AccessClient, monotonic: Callable[[], float]) -> None:
        self._gate, self._monotonic = gate, monotonic
        self._met: dict[int, list[float]] = {}
        self._lock = threading.Lock()

    def change(self, user: int, codes: Codes) -> None:
        """Raises RequestRefused, login_slowed as long as too many PINs were taken."""
        with self._lock:
            now = self._monotonic()
            met = self._met[user] = [at for at in self._met.get(user, ()) if now - at < WITHIN_S]
            if len(met) >= MOST_TAKEN:
                raise self._gate.refusal("login_slowed", wait_s=int(met[0] + WITHIN_S - now) + 1)
            try:
                self._gate.change(EditUser(user, codes=codes))
            except RequestRefused as refused:
                if refused.code == "pin_used":
                    met.append(now)
                raise
