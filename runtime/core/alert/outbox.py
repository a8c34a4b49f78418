"""The outbox: what has to leave, in order per recipient, delivered at least once, each message always under one id.

a message      becomes
new            joins the newest one of its recipient and subject that was not begun, so that a burst is one message
due            begun, once it may leave; what comes after it waits behind it
delivered      gone
refused        gone: the other side will never take it
failed         tried again after a pause that grows; what is behind it waits
older than 7 d gone

An outlet has one message underway at a time, so that a crash delivers one twice at most. A recipient has at most one
that was begun, and one per subject that gathers, however long nothing can leave.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from runtime.core.alert.message import MOST_ENTRIES, Entry, Message

LIVES_MS = 7 * 86_400_000
FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 5_000, 900_000
AT_ONCE, REFILL_MS = 6, 60_000  # messages that leave one after the other; then one a minute
ANSWER_MS = 180_000  # an outlet that does not answer so long was restarted: the message is delivered again

Address = tuple[int, str]  # outlet, recipient


@dataclass(slots=True)
class _Allowance:
    left: float = AT_ONCE
    at_ms: int = 0

    def refill(self, now_ms: int) -> None:
        passed_ms = max(0, now_ms - self.at_ms) if self.at_ms else 0
        self.left = min(AT_ONCE, self.left + passed_ms / REFILL_MS)
        self.at_ms = now_ms


class Outbox:
    """Each step returns the messages that it changed, which have to be kept; ``gone`` names those to be dropped.

    kept     what the last incarnation left
    last_id  the highest that was ever given
    """

    def __init__(self, kept: Iterable[Message] = (), last_id: int = 0) -> None:
        self._queues: dict[Address, deque[Message]] = {}
        for message in sorted(kept, key=lambda each: each.id):
            self._queue(message).append(message)
        self._last_id = max([last_id, *(message.id for message in self.messages)])
        self._underway: dict[int, int] = {}  # outlet -> until when an answer is awaited, UTC ms
        self._allowances: dict[Address, _Allowance] = {}

    @property
    def messages(self) -> tuple[Message, ...]:
        """All that wait, the oldest first."""
        waiting = [message for queue in self._queues.values() for message in queue]
        return tuple(sorted(waiting, key=lambda message: message.id))

    @property
    def last_id(self) -> int:
        return self._last_id

    def add(self, to: Address, subject: str, entry: Entry, now_ms: int, not_before_ms: int = 0) -> Message:
        """The message that it is in now."""
        queue = self._queues.setdefault(to, deque())
        for index in range(len(queue) - 1, -1, -1):
            if queue[index].subject == subject and not queue[index].begun:
                queue[index] = _joined(queue[index], entry, not_before_ms)
                return queue[index]
        self._last_id += 1
        message = Message(self._last_id, *to, subject, now_ms, (entry,), not_before_ms=not_before_ms)
        queue.append(message)
        return message

    def begin(self, now_ms: int, ready: frozenset[int]) -> list[Message]:
        """Those that are to be delivered now, once they are kept as begun: one of each outlet, the oldest that may.

        ready  outlets that are switched on
        """
        begun = []
        for outlet in sorted({to[0] for to in self._queues} & ready):
            if now_ms >= self._underway.get(outlet, 0) and (message := self._begin_one(outlet, now_ms)):
                begun.append(message)
        return begun

    def end(self, to: Address, id: int) -> Message | None:
        """It is delivered, or refused for good; the message that goes, None when it was gone."""
        self._underway.pop(to[0], None)
        queue = self._queues.get(to, deque())
        if not queue or queue[0].id != id:
            return None
        message = queue.popleft()
        if not queue:
            del self._queues[to]
        return message

    def fail(self, to: Address, id: int, code: str, detail: str, now_ms: int, wait_ms: int = 0) -> Message | None:
        """It could not be delivered now. ``wait_ms``: the pause that the other side asked for."""
        self._underway.pop(to[0], None)
        queue = self._queues.get(to, deque())
        if not queue or queue[0].id != id:
            return None
        message = queue[0]
        pause_ms = max(wait_ms, min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << min(message.attempts, 10)))
        queue[0] = replace(
            message, attempts=message.attempts + 1, next_ms=now_ms + pause_ms, code=code, detail=detail[:300]
        )
        return queue[0]

    def expire(self, now_ms: int, outlets: frozenset[int]) -> list[Message]:
        """Those that are too old, or whose outlet was erased: they go."""
        gone = []
        for to, queue in list(self._queues.items()):
            stays = deque(each for each in queue if to[0] in outlets and now_ms - each.created_ms < LIVES_MS)
            gone += [message for message in queue if message not in stays]
            if stays:
                self._queues[to] = stays
            else:
                del self._queues[to]
        for to in [to for to in self._allowances if to not in self._queues and self._is_calm(to, now_ms)]:
            del self._allowances[to]
        return gone

    def retry(self, outlet: int) -> list[Message]:
        """Try what waits for an outlet at once: its settings were changed."""
        changed = []
        for to, queue in self._queues.items():
            if to[0] == outlet and queue and queue[0].next_ms:
                queue[0] = replace(queue[0], next_ms=0)
                changed.append(queue[0])
        return changed

    def _begin_one(self, outlet: int, now_ms: int) -> Message | None:
        due = [
            (queue[index].id, to, index)
            for to, queue in self._queues.items()
            if to[0] == outlet and (index := _next(queue, now_ms)) is not None
        ]
        for _, to, index in sorted(due):
            queue = self._queues[to]
            if queue[index].begun or self._spend(to, now_ms):
                message = replace(queue[index], begun=True)
                del queue[index]
                queue.appendleft(message)
                self._underway[outlet] = now_ms + ANSWER_MS
                return message
        return None

    def _spend(self, to: Address, now_ms: int) -> bool:
        allowance = self._allowances.setdefault(to, _Allowance())
        allowance.refill(now_ms)
        if allowance.left < 1:
            return False
        allowance.left -= 1
        return True

    def _is_calm(self, to: Address, now_ms: int) -> bool:
        self._allowances[to].refill(now_ms)
        return self._allowances[to].left >= AT_ONCE

    def _queue(self, message: Message) -> deque[Message]:
        return self._queues.setdefault((message.outlet, message.recipient), deque())


def _next(queue: deque[Message], now_ms: int) -> int | None:
    """Which one of a queue may be delivered now. One that waits for the end of quiet hours lets others by."""
    for index, message in enumerate(queue):
        if message.begun:
            return index if now_ms >= message.next_ms else None
        if now_ms >= message.not_before_ms:
            return index
    return None


def _joined(message: Message, entry: Entry, not_before_ms: int) -> Message:
    """With one more. Of one cause the newest word counts; who may leave earlier takes the others along."""
    not_before_ms = min(message.not_before_ms, not_before_ms)
    same = [index for index, each in enumerate(message.entries) if each.key == entry.key]
    if same:
        index = same[0]
        entries = (*message.entries[:index], entry, *message.entries[index + 1 :])
        return replace(message, entries=entries, not_before_ms=not_before_ms)
    if len(message.entries) >= MOST_ENTRIES:
        return replace(message, more=message.more + 1, not_before_ms=not_before_ms)
    return replace(message, entries=(*message.entries, entry), not_before_ms=not_before_ms)
