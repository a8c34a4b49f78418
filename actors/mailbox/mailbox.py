"""An actor's mailbox: many post, one reads; what is urgent overtakes what waits.

Messages come in by one lock-free queue. The reader alone sorts them by the priority of their type, so posting stays
cheap and nothing but that queue is shared between threads.
"""

from __future__ import annotations

import heapq
import math
import queue
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pykka._envelope import Envelope

from actors.mailbox.reply import describe_restart, refuse
from runtime.clock import Clock

CONTROL, COMMAND, ORDINARY, IDLE = range(4)
_NO_PRIORITIES: Mapping[type, int] = MappingProxyType({})


class Mailbox:
    """Messages of one actor, best first, in the order of posting within a priority.

    clock     measures how long posted-for-later messages wait
    priority  message type -> CONTROL, COMMAND, ORDINARY or IDLE; a type that is not named is ORDINARY
    owner     name for the error in unanswered reply boxes
    posted    called after each post, in the poster's thread: for a reader that does not wait here
    """

    def __init__(
        self,
        clock: Clock,
        priority: Mapping[type, int] = _NO_PRIORITIES,
        owner: str = "",
        posted: Callable[[], None] | None = None,
    ) -> None:
        self._incoming: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._by_priority: list[deque[Any] | None] = [None] * 4  # of those where something waits
        self._later: list[tuple[float, int, Any]] = []
        self._order = 0
        self._priority = priority
        self._clock = clock
        self._owner = owner
        self._envelope: Envelope[Any] = Envelope(None)
        self._closed = False
        self._posted = posted

    # ---- any thread

    def post(self, message: object) -> bool:
        """False when the owner has ended: nobody will read the message, and its reply box says so."""
        self._incoming.put(message)
        if self._closed:  # looked at after the put: either the closer sees the message or we see the closing
            self._refuse_incoming()
            return False
        if self._posted is not None:
            self._posted()
        return True

    def put(self, envelope: Envelope[Any]) -> None:
        """Pykka's own way in: ``ActorRef.tell`` and ``ask``."""
        self.post(envelope.message if envelope.reply_to is None else envelope)

    def depth(self) -> int:
        """Messages that wait; a snapshot when another thread asks."""
        return self._incoming.qsize() + sum(len(messages) for messages in self._by_priority if messages)

    def close(self) -> None:
        """Drop everything and refuse what comes; reply boxes of the dropped are told ``owner_restarted``."""
        self._closed = True
        self._refuse_incoming()
        for messages in self._by_priority:
            while messages:
                try:
                    self._refuse(messages.pop())
                except IndexError:  # the reader woke up meanwhile and took the last one
                    break
        while self._later:
            self._refuse(self._later.pop()[2])

    # ---- the reader's thread

    def get(self) -> Envelope[Any]:
        """The best message, waited for without limit. The envelope is the same object each time: read it at once."""
        envelope = self._envelope
        message = self.poll()
        while message is None:
            self._wait()
            message = self.poll()
        if type(message) is Envelope:
            return message
        envelope.message = message
        return envelope

    def poll(self) -> Any:
        """The best message that is here, or None."""
        if self._later:
            self._promote()
        if not self._incoming.empty():
            self._sort()
        for rank, messages in enumerate(self._by_priority):
            if messages:
                message = messages.popleft()
                if not messages:  # an empty one would take 600 bytes, in a thousand mailboxes
                    self._by_priority[rank] = None
                return message
        return None

    def urgent(self) -> Any:
        """The best message that waits for nothing, not even for the message in hand; None when there is none."""
        if not self._incoming.empty():
            self._sort()
        control = self._by_priority[CONTROL]
        if not control:
            return None
        message = control.popleft()
        if not control:
            self._by_priority[CONTROL] = None
        return message

    def due_at(self) -> float:
        """Monotonic time when the next of what was posted for later is deliverable."""
        return self._later[0][0] if self._later else math.inf

    def first(self, message: object) -> None:
        """Put a message before all others."""
        self._messages_of(CONTROL).appendleft(message)

    def later(self, delay_s: float, message: object) -> None:
        """Deliver a message to the reader after a while, in its own priority."""
        self._order += 1
        heapq.heappush(self._later, (self._clock.monotonic() + delay_s, self._order, message))

    def waiting(self) -> bool:
        """Is something better than an idle message here?"""
        if self._later:
            self._promote()
        if not self._incoming.empty():
            self._sort()
        control, command, ordinary, _idle = self._by_priority
        return bool(control or command or ordinary)

    def take_all(self, types: tuple[type, ...]) -> Iterator[Any]:
        """What is here of these types, best first; the rest stays to be refused."""
        self._sort()
        for rank, messages in enumerate(self._by_priority):
            wanted = [each for each in messages or () if isinstance(each, types)]
            self._by_priority[rank] = deque(each for each in messages or () if not isinstance(each, types)) or None
            yield from wanted

    def empty(self) -> bool:
        """Is nothing deliverable here? What is posted for later does not count."""
        return self._incoming.empty() and not any(self._by_priority)

    def _wait(self) -> None:
        left_s = max(0.0, self._later[0][0] - self._clock.monotonic()) if self._later else None
        try:
            message = self._incoming.get(timeout=left_s)
        except queue.Empty:
            return
        self._file(message)

    def _promote(self) -> None:
        now = self._clock.monotonic()
        while self._later and self._later[0][0] <= now:
            self._file(heapq.heappop(self._later)[2])

    def _sort(self) -> None:
        incoming, lanes, priority = self._incoming, self._by_priority, self._priority
        for _ in range(incoming.qsize()):  # not until empty: a flood must not keep the reader sorting for ever
            try:
                message = incoming.get_nowait()
            except queue.Empty:  # a closer was faster
                return
            kind = type(message)
            if kind is Envelope:
                kind = type(message.message)
            rank = priority.get(kind, ORDINARY)
            (lanes[rank] or self._messages_of(rank)).append(message)

    def _file(self, message: Any) -> None:
        kind = type(message.message) if type(message) is Envelope else type(message)
        self._messages_of(self._priority.get(kind, ORDINARY)).append(message)

    def _messages_of(self, rank: int) -> deque[Any]:
        messages = self._by_priority[rank]
        if messages is None:
            messages = self._by_priority[rank] = deque()
        return messages

    # ---- at the end

    def _refuse_incoming(self) -> None:
        while True:
            try:
                self._refuse(self._incoming.get_nowait())
            except queue.Empty:
                return

    def _refuse(self, message: Any) -> None:
        reply = message.reply_to if type(message) is Envelope else getattr(message, "reply", None)
        if reply is not None:
            refuse(reply, describe_restart(self._owner))
