"""The watchdog: proves from inside that the process works, and ends it with a dump of all stacks when it does not.

A thread looks at the supervisor's view. While all is well it beats: systemd hears it, and a timer in C, which needs
neither thread nor interpreter, is wound up again. When the beats stop, systemd restarts the service; without systemd
that timer ends the process.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from typing import TextIO

from actors.supervision.sdnotify import SystemdNotifier
from runtime.clock import Clock
from runtime.core.view import LOOP_VIEW, RECORDER_VIEW, SUPERVISOR_VIEW
from runtime.viewboard import Views

log = logging.getLogger("wattkeeper.watchdog")

FRESH_S = 10.0  # a core child, and the supervisor, gave a sign of life within
UNCOMMITTED_S = 60  # a due slot waits at most, unless the store says why
BEAT_S = 3.0


def what_is_wrong(views: Views, clock: Clock) -> str:
    """One sentence, "" when the critical parts work. A full disk is a state with a name and no hang."""
    now = clock.monotonic()
    supervisor = views.get(SUPERVISOR_VIEW)
    if supervisor is None or now - supervisor.at > FRESH_S:
        return "the supervisor is silent"
    for child in supervisor.children:
        if child.core and child.state in ("running", "stuck") and now - child.answered_at > FRESH_S:
            return f"{child.name} is silent"
        if child.core and child.state in ("ended", "abandoned") and child.error:
            return f"{child.name} is gone"
    loop = views.get(LOOP_VIEW)
    if loop is not None and now - loop.at > FRESH_S:
        return "the event loop is silent"
    recorder = views.get(RECORDER_VIEW)
    if recorder is not None and recorder.due_since_ms and recorder.trouble is None:
        waited_s = (clock.now_ms() - recorder.due_since_ms) // 1000
        if waited_s > UNCOMMITTED_S:
            return f"a due slot is not committed for {waited_s} s"
    return ""


class Watchdog:
    """Beats while all is well.

    patience_s  after the last beat the process dumps its stacks to ``dump_to`` and exits
    on_well     called once, when the process has been well for ``well_s`` on end
    on_healthy  called once, when it has been so for ``healthy_s``
    """

    def __init__(
        self,
        views: Views,
        clock: Clock,
        notifier: SystemdNotifier,
        *,
        patience_s: float = 60.0,
        dump_to: TextIO | None = None,
        on_well: Callable[[], None] | None = None,
        well_s: float = 60.0,
        on_healthy: Callable[[], None] | None = None,
        healthy_s: float = 600.0,
    ) -> None:
        self._views, self._clock, self._notifier = views, clock, notifier
        self._wait_s, self._dump_to = patience_s, dump_to or sys.stderr
        self._due = [(well_s, on_well), (healthy_s, on_healthy)]  # after how long whoever waits is called
        self._wrong = ""
        self._well_since = clock.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Everything serves: tell systemd so and begin to beat."""
        self._notifier.ready()
        self._wind_up()
        self._thread.start()

    def stop(self) -> None:
        """The end begins and may take its time: systemd's own stop deadline takes over."""
        self._notifier.stopping()
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(BEAT_S)
        faulthandler.cancel_dump_traceback_later()

    def _run(self) -> None:
        period_s = min(BEAT_S, self._notifier.watchdog_s / 3 or BEAT_S, self._wait_s / 3)
        while not self._stopped.wait(period_s):
            self.look()

    def look(self) -> bool:
        """Beat if all is well."""
        wrong = what_is_wrong(self._views, self._clock)
        if wrong != self._wrong:
            self._wrong = wrong
            self._notifier.status(wrong or "serving")
            log.log(logging.ERROR if wrong else logging.INFO, "%s", wrong or "all is well again")
        if wrong:
            self._well_since = self._clock.monotonic()
            return False
        self._notifier.beat()
        self._wind_up()
        self._notify_health()
        return True

    def _wind_up(self) -> None:
        faulthandler.dump_traceback_later(self._wait_s, exit=True, file=self._dump_to)

    def _notify_health(self) -> None:
        well_s = self._clock.monotonic() - self._well_since
        due = [call for after_s, call in self._due if after_s <= well_s]
        self._due = [(after_s, call) for after_s, call in self._due if after_s > well_s]
        for call in due:
            if call is not None:
                call()
