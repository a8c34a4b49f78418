"""The thread that drives all network lines: supervised like any actor, host of those that have none of their own."""

from __future__ import annotations

import heapq
import math
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, assert_never

from actors.mailbox.base import Actor, Incarnation, Running
from actors.message.device import Begin
from actors.wire.tenant import Stay, Tenant
from drivers.adapters.hostroom import HostRoom
from drivers.adapters.poller import Poller
from drivers.adapters.promptconnection import PromptConnection
from runtime.errors import InvariantBroken

Inbox = Begin


class WireHost:
    """The loop that there is at the moment, for actors that want to live on it; it outlives the loop's incarnations.

    room  for connections to one host
    """

    def __init__(self) -> None:
        self.loop: WireLoop | None = None
        self.room = HostRoom()

    def admit(self, actor: Actor) -> Running:
        return self._loop().admit(actor)

    def call(self, actor: Actor) -> None:
        loop = self.loop
        if loop is not None:
            loop.call(actor)

    def connection(self, actor: Actor) -> Callable[[str, int], PromptConnection]:
        """Makes connections whose news call an actor that lives here."""
        loop = self._loop()
        return lambda host, port: PromptConnection(host, port, loop.poller, lambda: loop.call(actor), self.room)

    def _loop(self) -> WireLoop:
        loop = self.loop
        if loop is None or loop.actor_stopped.is_set():
            raise InvariantBroken("loop_ended", "the wire loop is just being started anew")
        return loop


class WireLoop(Actor):
    """Named ``wire``. Waits with one call for all sockets, timers and mailboxes; its own mailbox comes first."""

    def __init__(self, incarnation: Incarnation, host: WireHost) -> None:
        self.poller = Poller()
        self._is_asleep = False
        self._called: deque[Tenant] = deque()
        self._arrivals: deque[Tenant] = deque()
        self._tenants: dict[Actor, Tenant] = {}
        self._timers: list[tuple[float, int, Tenant]] = []
        self._order = 0
        super().__init__(incarnation)
        self._tenancy = host

    def on_receive(self, message: Inbox) -> None:
        match message:
            case Begin():
                pass
            case _:
                assert_never(message)

    def on_end(self) -> None:
        """Whoever lives here ends too, as by a crash; the supervisor starts them again once there is a loop."""
        if self._tenancy.loop is self:
            self._tenancy.loop = None
        error = InvariantBroken("loop_ended", "the wire loop ended")
        self._take_in()
        for tenant in tuple(self._tenants.values()):
            tenant.cut_off(error)
        self.poller.close()

    # ---- any thread

    def admit(self, actor: Actor) -> Running:
        assert isinstance(self.thread, threading.Thread)
        tenant = Tenant(actor, Stay(self.thread))
        self._tenants[actor] = tenant
        self._arrivals.append(tenant)
        self._wake()
        return tenant.stay

    def call(self, actor: Actor) -> None:
        """Something is there for it: a message, or what its work waits for."""
        tenant = self._tenants.get(actor)
        if tenant is not None and not tenant.is_called:
            tenant.is_called = True
            self._called.append(tenant)
            if self._is_asleep:
                self._wake()

    def _wake(self) -> None:
        if not self.actor_stopped.is_set():
            self.poller.wake()

    def _posted(self) -> Callable[[], None]:
        return self._wake

    # ---- its own thread

    def _start_actor_loop(self) -> None:
        super()._start_actor_loop()
        self._tenancy.loop = self

    def _actor_loop_running(self) -> None:
        inbox: Any = self.actor_inbox
        while not self.actor_stopped.is_set():
            while (message := inbox.poll()) is not None:
                self._handle_receive(message)
                if self.actor_stopped.is_set():
                    return
            self._turn()

    def _turn(self) -> None:
        self._is_asleep = True
        wait_s = self._wait_s()
        for who, events in self.poller.wait(wait_s):
            self._is_asleep = False
            who.happened(events)
        self._is_asleep = False
        self._take_in()
        self._ring()
        called = self._called
        for _ in range(len(called)):
            tenant = called.popleft()
            tenant.is_called = False
            self._serve(tenant)

    def _wait_s(self) -> float | None:
        if self._called or self._arrivals or not self.actor_inbox.empty():
            return 0.0
        if not self._timers:
            return None
        return max(0.0, self._timers[0][0] - self.clock.monotonic())

    def _take_in(self) -> None:
        while self._arrivals:
            tenant = self._arrivals.popleft()
            tenant.begin()
            self.call(tenant.actor)

    def _ring(self) -> None:
        """Timers that are due call their tenants."""
        timers = self._timers
        if not timers:
            return
        now = self.clock.monotonic()
        while timers and timers[0][0] <= now:
            _, _, tenant = heapq.heappop(timers)
            tenant.timers.pop()
            self.call(tenant.actor)

    def _serve(self, tenant: Tenant) -> None:
        if tenant.is_over:
            return
        if tenant.serve():
            self.call(tenant.actor)
        if tenant.is_over:
            self._tenants.pop(tenant.actor, None)
            return
        due_at, running = tenant.due_at, tenant.timers
        if due_at < (running[-1] if running else math.inf):  # one that rings sooner will look what is due then
            running.append(due_at)
            self._order += 1
            heapq.heappush(self._timers, (due_at, self._order, tenant))
