"""A meter's receiver on a pseudo-terminal: telegrams come whether or not somebody reads."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from simulator.gateway.serialline import put_link, take_link
from simulator.tic.encode import with_parity


class Speaker(Protocol):
    """A meter: what it sends at a moment (UTC ms), and how often."""

    period_s: float

    def telegram(self, at_ms: int) -> bytes: ...


class TicPort:
    """Bytes carry their parity, as a port of eight bits brings them; a pseudo-terminal knows no speed.

    now_ms  UTC ms, what the meter takes for the time
    """

    def __init__(self, speaker: Speaker, path: Path, now_ms: Callable[[], int]) -> None:
        self._speaker, self._path, self._now_ms = speaker, path, now_ms
        self._ends: tuple[int, int] | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def url(self) -> str:
        return f"tic://{self._path}"

    async def plug(self) -> None:
        """raises  OSError when the path is taken by something that is no link"""
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        self._ends = ours, theirs  # ours keeps living while nobody has the other end open
        put_link(self._path, os.ttyname(theirs))
        self._speak()

    async def unplug(self) -> None:
        if self._ends is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        ours, theirs = self._ends
        take_link(self._path, os.ttyname(theirs))
        os.close(theirs)
        os.close(ours)
        self._ends = None

    def _speak(self) -> None:
        assert self._ends is not None
        with contextlib.suppress(BlockingIOError):  # nobody reads: the wire does not wait
            os.write(self._ends[0], with_parity(self._speaker.telegram(self._now_ms())))
        self._timer = asyncio.get_running_loop().call_later(self._speaker.period_s, self._speak)
