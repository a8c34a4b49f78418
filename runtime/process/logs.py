"""The log: one line an event on stderr, with systemd's priorities where it listens, and no line a hundred times."""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Mapping
from typing import TextIO

_PRIORITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
_KEPT = 1000
FROM_OUTSIDE = ("webui", "waitress", "asyncio", "wattkeeper.web", "wattkeeper.front", "wattkeeper.access")
MOST_CHARACTERS = 4000  # of one event, without its traceback
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


class RepeatLimit(logging.Filter):
    """Lets the same complaint through ``most`` times in ``window_s``; the next one then tells how many were left out.

    Same: of one logger, with one level, in the same words.
    """

    def __init__(self, monotonic: Callable[[], float], most: int = 5, window_s: float = 60.0) -> None:
        super().__init__()
        self._monotonic, self._most, self._window_s = monotonic, most, window_s
        self._seen: dict[tuple[str, int, str], tuple[float, int]] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        key = (record.name, record.levelno, record.getMessage()[:300])
        now = self._monotonic()
        with self._lock:
            since, count = self._seen.get(key, (now, 0))
            if now - since >= self._window_s:
                left_out, since, count = count - self._most, now, 0
            else:
                left_out = 0
            self._remember(key, since, count + 1)
        if left_out > 0:
            record.msg, record.args = f"{record.getMessage()} [{left_out} times more in the meantime]", ()
        return count < self._most

    def _remember(self, key: tuple[str, int, str], since: float, count: int) -> None:
        if key not in self._seen and len(self._seen) >= _KEPT:
            del self._seen[next(iter(self._seen))]
        self._seen[key] = (since, count)


class OutsideLimit(logging.Filter):
    """What strangers cause: ``burst`` lines, then one a second. The next one tells how many were left out.

    A traceback is written while half of the burst is left: with it one line would be many.
    """

    def __init__(self, monotonic: Callable[[], float], burst: int = 10, per_s: float = 1.0) -> None:
        super().__init__()
        self._monotonic, self._burst, self._per_s = monotonic, burst, per_s
        self._level, self._at, self._left_out = float(burst), monotonic(), 0
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith(FROM_OUTSIDE):
            return True
        with self._lock:
            now = self._monotonic()
            self._level = min(self._burst, self._level + max(0.0, now - self._at) * self._per_s)
            self._at = now
            if self._level < 1:
                self._left_out += 1
                return False
            self._level -= 1
            left_out, self._left_out = self._left_out, 0
            short = self._level < self._burst / 2
        if short:
            record.exc_info = record.exc_text = None
        if left_out:
            record.msg, record.args = f"{record.getMessage()} [{left_out} lines left out before]", ()
        return True


class PlainFormatter(logging.Formatter):
    """An event is one line, what belongs to it is set in: no name from outside begins a line or steers a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message[:MOST_CHARACTERS].replace("\n", "\\n")
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        first, *more = super().format(record).split("\n")
        return "\n".join(_CONTROL.sub(_written_out, line) for line in (first, *(f"  {line}" for line in more)))


class JournalFormatter(PlainFormatter):
    """systemd reads the priority from each line's beginning and has the time itself."""

    def format(self, record: logging.LogRecord) -> str:
        number = next((number for level, number in _PRIORITIES if record.levelno >= level), 7)
        return "\n".join(f"<{number}>{line}" for line in super().format(record).split("\n"))


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def set_up_logging(
    monotonic: Callable[[], float],
    level: int = logging.INFO,
    stream: TextIO | None = None,
    environ: Mapping[str, str] = os.environ,
) -> logging.Handler:
    """Send all loggers to ``stream`` (stderr). Crashes of plain threads go there too. Returns the handler."""
    handler = logging.StreamHandler(stream or sys.stderr)
    if environ.get("JOURNAL_STREAM"):
        handler.setFormatter(JournalFormatter("%(name)s: %(message)s"))
    else:
        handler.setFormatter(PlainFormatter("%(asctime)s %(levelname)-8s %(name)s: %(message)s"))
    handler.addFilter(RepeatLimit(monotonic))
    handler.addFilter(OutsideLimit(monotonic))
    logging.getLogger().handlers[:] = [handler]
    logging.getLogger().setLevel(level)
    logging.getLogger("pykka").setLevel(logging.CRITICAL)  # actors/mailbox/base.py tells of every crash itself
    logging.captureWarnings(True)
    threading.excepthook = _log_thread_crash
    return handler


def _log_thread_crash(crash: threading.ExceptHookArgs) -> None:
    name = crash.thread.name if crash.thread else "a thread"
    logging.getLogger("wattkeeper").critical("%s ended by an error", name, exc_info=crash.exc_value)
