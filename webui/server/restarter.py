"""Keeps one part of the web running: what crashes starts anew; what keeps crashing is told to whoever can end us."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from runtime.core.restarts import CORE, Record, StartAgain, after_exit, began

log = logging.getLogger("wattkeeper.web")


class Part(Protocol):
    def run(self) -> None:
        """Works in the thread that calls; returns after ``stop``, any other ending is a crash."""

    def stop(self) -> None:
        """From any thread."""


class Restarter:
    """A thread that makes the part and runs it. ``on_failed`` is called after three crashes within a minute."""

    def __init__(
        self, name: str, make: Callable[[], Part], monotonic: Callable[[], float], on_failed: Callable[[str], None]
    ) -> None:
        self._name, self._make, self._monotonic, self._on_failed = name, make, monotonic, on_failed
        self._stopping = threading.Event()
        self._part: Part | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name=name, daemon=True)

    def start(self) -> None:
        """Raises whatever making the part raises."""
        self._part = self._make()
        self._thread.start()

    def stop(self, timeout_s: float = 1.0) -> None:
        with self._lock:
            self._stopping.set()
            part = self._part
        if part is not None:
            part.stop()
        if self._thread.ident:
            self._thread.join(timeout_s)

    def _keep(self) -> None:
        record = began(Record(), self._monotonic())
        while True:
            self._live()
            if self._stopping.is_set():
                return
            record, decision = after_exit(
                record, CORE, restart="permanent", core=True, crashed=True, now=self._monotonic(), jitter=0.0
            )
            if not isinstance(decision, StartAgain):
                self._on_failed(f"{self._name} keeps crashing")
                return
            record = began(record, self._monotonic())

    def _live(self) -> None:
        try:
            with self._lock:
                if self._stopping.is_set():
                    return
                part = self._part = self._part or self._make()
            part.run()
        except Exception:  # whatever it is, the pages have to come back
            log.exception("%s crashed", self._name)
        self._part = None
