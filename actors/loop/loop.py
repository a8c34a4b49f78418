"""The owner of the process's event loop: it starts the loop's thread, and crashes when that thread ends or hangs."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import assert_never

from actors.mailbox.base import Actor, Incarnation
from actors.message.device import Begin
from runtime.core.view import LOOP_VIEW
from runtime.errors import InvariantBroken
from runtime.loop.loop import ProcessLoop

log = logging.getLogger("wattkeeper.loop")

LOOK_S = 1.0
SILENT_S = 10.0  # without a beat; no service may keep the loop that long
END_S = 1.5


@dataclass(frozen=True, slots=True)
class _LoopEnded:
    """The loop's thread is over. That thread -> the actor."""

    why: str


@dataclass(frozen=True, slots=True)
class _Look:
    """Does it beat? Loop -> itself."""


Inbox = Begin | _LoopEnded | _Look


class Loop(Actor):
    """Named ``loop``. Its services are those of ``process_loop``, in this incarnation and the next."""

    def __init__(self, incarnation: Incarnation, process_loop: ProcessLoop) -> None:
        super().__init__(incarnation)
        self._run = process_loop.fresh()
        self._serving: threading.Thread | None = None
        self._began, self._silent = self.clock.monotonic(), False

    def on_receive(self, message: Inbox) -> None:
        match message:
            case _Look():
                self._look()
            case Begin():
                self._serving = threading.Thread(target=self._serve, name="event loop", daemon=True)
                self._serving.start()
                self.post_later(LOOK_S, _Look())
            case _LoopEnded(why=why):
                raise InvariantBroken("loop_ended", why)
            case _:
                assert_never(message)

    def on_end(self) -> None:
        """Services close what is open; a loop that hangs is left to itself."""
        self._run.stop()
        if self._serving is not None:
            self._serving.join(END_S)

    def _look(self) -> None:
        view = self.incarnation.views.get(LOOP_VIEW)
        beat_at = max(self._began, view.at if view is not None else 0.0)
        was_silent, self._silent = self._silent, self.clock.monotonic() - beat_at > SILENT_S
        if self._silent and was_silent:  # twice: the whole process may have stood still
            raise InvariantBroken("loop_silent", f"the event loop hangs for {SILENT_S:.0f} s")
        self.post_later(LOOK_S, _Look())

    def _serve(self) -> None:
        """In the loop's own thread."""
        why = "the event loop ended by itself"
        try:
            self._run.run()
        except BaseException as error:  # SystemExit too: whatever it was, the thread is over
            log.exception("the event loop crashed")
            why = f"{type(error).__name__}: {error}"
        self.post_self(_LoopEnded(why))
