"""The link of a bus to its wire: opened again with growing pauses, and told to the gateway when it comes or goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from actors.message.device import LinkChanged
from runtime.clock import Clock
from runtime.core.poll.timeout import backoff_s
from runtime.core.view import Trouble
from runtime.errors import DriverError, WattkeeperError

REOPEN_LEAST_S = 0.5
REOPEN_MOST_S = 30.0


class Openable(Protocol):
    def open(self) -> None: ...


class Link:
    """Times are monotonic seconds. Part of a bus; ``trouble`` is why it is down, None = it is not.

    is_up    None = not tried yet, or let go
    open_at  before it nobody tries again
    jitter   0 … 1, anew each time, so that many buses do not come back at once
    report   takes what the gateway is told
    noted    called after each note
    """

    def __init__(
        self,
        clock: Clock,
        jitter: Callable[[], float],
        report: Callable[[LinkChanged], object],
        noted: Callable[[], None],
    ) -> None:
        self._clock, self._jitter, self._report, self._noted = clock, jitter, report, noted
        self._failures = 0
        self.is_up: bool | None = None
        self.open_at = 0.0
        self.trouble: Trouble | None = None

    def open(self, source: Openable, now: float) -> bool:
        """Open it unless it is too early. Whether it is open."""
        if now < self.open_at:
            return False
        try:
            source.open()
        except DriverError as error:
            self.fail(error)
            return False
        self.note(None)
        return True

    def fail(self, error: WattkeeperError, times: int = 0) -> None:
        """It is down; the longer it stays so, the later it is tried again.

        times  in a row, where the caller counts better: links that open and are of no use
        """
        self._failures = max(self._failures + 1, times)
        wait_s = backoff_s(self._failures, self._jitter(), REOPEN_LEAST_S, REOPEN_MOST_S)
        self.open_at = self._clock.monotonic() + wait_s
        self.note(error)

    def note(self, error: WattkeeperError | None) -> None:
        """Tell the gateway when the link came, went, or is down for another reason than before."""
        ts_ms = self._clock.now_ms()
        if error is None:
            self._failures, self.open_at, self.trouble = 0, 0.0, None
            if self.is_up is not True:
                self._report(LinkChanged(ts_ms, True))
        elif self.trouble is None or self.trouble.code != error.code:
            since_ms = self.trouble.since_ms if self.trouble else ts_ms
            self.trouble = Trouble(error.code, error.message, since_ms)
            self._report(LinkChanged(ts_ms, False, error.code, error.message))
        self.is_up = error is None
        self._noted()

    def let_go(self) -> None:
        """Nobody needs it: the port or the only connection is free for others."""
        self.is_up = None
        self._noted()

    def error(self) -> WattkeeperError | None:
        """Why nothing can be had, as an answer."""
        return None if self.trouble is None else WattkeeperError(self.trouble.code, self.trouble.message)
