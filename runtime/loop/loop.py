"""The event loop that the process's services share: who registers is served by it, also after it was made anew."""

from __future__ import annotations

import asyncio
import logging
import selectors
import threading
from collections.abc import Callable, Sequence
from random import random

from runtime.core.view import LOOP_VIEW, LoopView, ServiceState
from runtime.loop.service import STOP_S, Registration, Service, ServiceRun
from runtime.viewboard import Views

log = logging.getLogger("wattkeeper.loop")

BEAT_S = 0.5


class ProcessLoop:
    """Services are added and removed from any thread but the loop's; ``fresh`` gives a loop that serves all of them.

    views      gets ``LoopView`` at each beat and change
    monotonic  seconds
    on_failed  called with a sentence when a core service keeps failing
    """

    def __init__(
        self, views: Views, monotonic: Callable[[], float], on_failed: Callable[[str], None] = lambda why: None
    ) -> None:
        self._views, self._monotonic, self.on_failed = views, monotonic, on_failed
        self._registrations: dict[str, Registration] = {}
        self._run: LoopRun | None = None
        self._lock = threading.Lock()

    def add(self, name: str, make: Callable[[asyncio.AbstractEventLoop], Service], *, core: bool = False) -> None:
        """Serve this too, from now on or as soon as there is a loop; one of the same name is replaced."""
        self.remove(name)
        registration = Registration(name, make, core)
        with self._lock:
            self._registrations[name] = registration
            if self._run is not None:
                self._run.post(self._run.begin, registration)

    def remove(self, name: str, timeout_s: float = STOP_S) -> None:
        """Not any more. Returns when it is closed, at the latest after that time."""
        closed = threading.Event()
        with self._lock:
            known, run = self._registrations.pop(name, None), self._run
            waits = known is not None and run is not None and run.post(run.end, name, closed)
        if waits:
            closed.wait(timeout_s)

    def fresh(self) -> LoopRun:
        """Takes the place of the one before, which ends as soon as it can."""
        with self._lock:
            before, self._run = self._run, LoopRun(self, tuple(self._registrations.values()))
            run = self._run
        if before is not None:
            before.stop()
        return run

    def over(self, run: LoopRun) -> None:
        """From the thread of ``run``, which serves nobody any more."""
        with self._lock:
            if run is self._run:
                self._run = None

    def beat(self, run: LoopRun) -> None:
        """From the thread of ``run``."""
        if run is self._run:
            self._views.publish(LOOP_VIEW, LoopView(self._monotonic(), run.states()))


class LoopRun:
    """One life of the loop: ``run`` serves in the thread that calls until ``stop``; any other ending is a crash.

    Of the others only ``post`` is for other threads.
    """

    def __init__(self, owner: ProcessLoop, registrations: Sequence[Registration]) -> None:
        self._owner = owner
        self._loop = asyncio.SelectorEventLoop(selectors.EpollSelector())
        self._loop.set_exception_handler(_log_error)
        self._services: dict[str, ServiceRun] = {}
        self._beating: asyncio.TimerHandle | None = None
        for registration in registrations:
            self.post(self.begin, registration)

    def run(self) -> None:
        try:
            self._look()
            self._loop.run_forever()
        finally:
            try:
                self._loop.run_until_complete(self._close())
            finally:
                self._owner.over(self)
                self._loop.close()

    def stop(self) -> None:
        """From any thread, before or after ``run`` began."""
        self.post(self._loop.stop)

    def post(self, act: Callable[..., None], *arguments: object) -> bool:
        """Do it soon in the loop's thread; False when the loop is over."""
        try:
            self._loop.call_soon_threadsafe(act, *arguments)
        except RuntimeError:
            return False
        return True

    def begin(self, registration: Registration) -> None:
        service = ServiceRun(registration, self._loop, random, lambda: self._owner.beat(self), self._owner.on_failed)
        self._services[registration.name] = service
        service.begin()

    def end(self, name: str, closed: threading.Event) -> None:
        service = self._services.pop(name, None)
        if service is None:
            closed.set()
            return
        self._closing = self._loop.create_task(service.end())
        self._closing.add_done_callback(lambda task: closed.set())

    def states(self) -> tuple[ServiceState, ...]:
        return tuple(service.state() for service in self._services.values())

    def _look(self) -> None:
        self._owner.beat(self)
        self._beating = self._loop.call_later(BEAT_S, self._look)

    async def _close(self) -> None:
        await asyncio.gather(*(service.end() for service in self._services.values()), return_exceptions=True)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _log_error(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    error = context.get("exception")
    log.error("%s", context.get("message"), exc_info=error if isinstance(error, BaseException) else None)
