"""One service on one event loop: opened, watched, closed, and opened anew by itself when it fails."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from runtime.core.restarts import CORE, LEAF, Record, Rest, StartAgain, after_exit, began
from runtime.core.view import ServiceState

log = logging.getLogger("wattkeeper.loop")

STOP_S = 1.0  # time to close what is open

Failed = Callable[[BaseException], None]


class Service(Protocol):
    """Lives on an event loop, which alone calls it."""

    async def start(self, failed: Failed) -> None:
        """Open what it needs. Raises when it cannot; ``failed`` takes what goes wrong later, from the loop's thread."""

    async def stop(self) -> None:
        """Close all that is open, also after a start that failed half-way."""


@dataclass(frozen=True, slots=True)
class Registration:
    """``make`` gives a fresh service each time it is started; without a ``core`` one the process cannot go on."""

    name: str
    make: Callable[[asyncio.AbstractEventLoop], Service]
    core: bool = False


class ServiceRun:
    """Everything but the constructor is for the loop's thread. Each change of state is told to ``on_change``.

    on_failed  called with a sentence when a core service keeps failing
    jitter     0..1: where in the range of delays to start again
    """

    def __init__(
        self,
        registration: Registration,
        loop: asyncio.AbstractEventLoop,
        jitter: Callable[[], float],
        on_change: Callable[[], None],
        on_failed: Callable[[str], None],
    ) -> None:
        self._registration, self._loop = registration, loop
        self._jitter, self._on_change, self._on_failed = jitter, on_change, on_failed
        self._service: Service | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._record = Record()
        self._state, self._restarts, self._error = "waiting", 0, ""

    def state(self) -> ServiceState:
        name, core = self._registration.name, self._registration.core
        return ServiceState(name, self._state, core, self._restarts, self._error)

    def begin(self) -> None:
        """Start it, soon."""
        self._timer = None
        task = self._loop.create_task(self._start())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """For good."""
        self._enter("ended")
        if self._timer is not None:
            self._timer.cancel()
        for task in tuple(self._tasks):
            task.cancel()
        await self._stop()

    async def _start(self) -> None:
        self._record = began(self._record, self._loop.time())
        try:
            self._service = service = self._registration.make(self._loop)
            await service.start(partial(self._failed, service))
        except Exception as error:
            log.exception("%s could not be started", self._registration.name)
            await self._fall(error)
        else:
            if self._state != "ended":
                self._enter("running")

    def _failed(self, service: Service, error: BaseException) -> None:
        """Once for each; what an earlier one says counts no more."""
        if service is self._service and self._state == "running":
            log.error("%s failed", self._registration.name, exc_info=error)
            self._enter("waiting")
            task = self._loop.create_task(self._fall(error))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _fall(self, error: BaseException) -> None:
        name, core = self._registration.name, self._registration.core
        self._error = f"{type(error).__name__}: {error}"
        await self._stop()
        if self._state == "ended":
            return
        self._record, decision = after_exit(
            self._record, CORE if core else LEAF, restart="permanent", core=core, crashed=True,
            now=self._loop.time(), jitter=self._jitter(),
        )  # fmt: skip
        match decision:
            case StartAgain(delay_s):
                self._wait("waiting", delay_s)
            case Rest(retry_s):
                self._wait("quarantined", retry_s)
            case _:
                self._enter("ended")
                self._on_failed(f"{name} keeps failing: {self._error}")

    def _wait(self, state: str, delay_s: float) -> None:
        self._restarts += 1
        self._enter(state)
        self._timer = self._loop.call_later(delay_s, self.begin)

    async def _stop(self) -> None:
        service, self._service = self._service, None
        if service is not None:
            try:
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait_for(service.stop(), STOP_S)
            except Exception:  # it is given up either way
                log.exception("%s did not close properly", self._registration.name)

    def _enter(self, state: str) -> None:
        self._state = state
        self._on_change()
