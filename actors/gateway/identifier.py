"""Asks the devices of a gateway what they are, by the way of its bus: one read at a time, between the polls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from actors.gateway.outgoing import Outgoing, Question
from actors.mailbox.reply import Forwarded
from actors.message.device import Perform
from runtime.clock import Clock
from runtime.core.device.livedevice import LiveDevice
from runtime.core.identity.modelcheck import Enquiry, KnownModels
from runtime.errors import BadAnswer, LinkDown, NoAnswer, Refused

TIMEOUT_S = 1.0
WITHIN_S = 30.0  # a read that waited longer for its turn says nothing
AGAIN_S = 60.0  # a device that comes and goes is not asked more often
DOUBTED_S = 600.0  # one that is another is asked again this often: it may have been exchanged
_ANSWERS = (Refused, BadAnswer, NoAnswer)


@dataclass(frozen=True, slots=True)
class IdentityRead:
    """What a device says where it may name itself. A bus -> its gateway."""

    device: int
    payload: bytes | None
    error: Exception | None = None


def request_identity(question: Question, post_self: Callable[[IdentityRead], object]) -> Perform:
    """What a bus is asked; the answer comes to the gateway itself."""
    id = question.device
    reply = Forwarded(
        lambda payload: post_self(IdentityRead(id, payload)), lambda error: post_self(IdentityRead(id, None, error))
    )
    return Perform(question.request, question.timeout_s, question.deadline, reply)


class Identifier:
    """``kinds`` is what the devices are checked against. Times are monotonic seconds."""

    def __init__(self, kinds: KnownModels, clock: Clock) -> None:
        self._kinds = kinds
        self._clock = clock
        self._waiting: dict[int, LiveDevice] = {}
        self._asked_at: dict[int, float] = {}
        self._cut_off: set[int] = set()  # whose link went when they were asked, on what they do not know it seems
        self._owed: set[int] = set()  # those of them that are asked once more if the link was really lost
        self._device: LiveDevice | None = None
        self._enquiry: Enquiry | None = None

    def greet(self, device: LiveDevice, *, came_back: bool) -> Sequence[Question]:
        """It answered: ask what it is, unless that is known already or is to be taken as it is."""
        id = device.spec.id
        if id not in self._kinds.configured or device.spec.confirmed:
            return ()
        asked_at = self._asked_at.get(id)
        if asked_at is None or (came_back and (id in self._owed or self._clock.monotonic() - asked_at >= AGAIN_S)):
            return self._begin(device)
        return ()

    def doubt(self, device: LiveDevice) -> Sequence[Question]:
        """It is another than configured as far as is known: ask again from time to time."""
        if self._clock.monotonic() - self._asked_at.get(device.spec.id, 0.0) < DOUBTED_S:
            return ()
        return self._begin(device)

    def take(self, message: IdentityRead) -> Sequence[Outgoing]:
        """One answer; the last one says whether it is the right device, unless it fell silent."""
        device, enquiry = self._device, self._enquiry
        if device is None or enquiry is None or message.device != device.spec.id:
            return ()
        if isinstance(message.error, LinkDown):
            self._note_loss(device.spec.id)
            return self._turn_to_next()
        if message.error is not None and not isinstance(message.error, _ANSWERS):
            self._asked_at.pop(device.spec.id)  # the bus went: another time
            return self._turn_to_next()
        enquiry.take(message.payload, is_silent=isinstance(message.error, NoAnswer))
        question = self._question()
        if question is not None:
            return (question,)
        verdict = enquiry.verdict()
        if verdict.finding == "unknown" and enquiry.is_incomplete:
            return self._turn_to_next()
        return (device.identified(verdict, self._clock.now_ms()), *self._turn_to_next())

    def _note_loss(self, id: int) -> None:
        if id not in self._cut_off:
            self._cut_off.add(id)
            self._owed.add(id)

    def _begin(self, device: LiveDevice) -> Sequence[Question]:
        self._owed.discard(device.spec.id)
        self._asked_at[device.spec.id] = self._clock.monotonic()
        self._waiting[device.spec.id] = device
        return self._turn_to_next() if self._device is None else ()

    def _turn_to_next(self) -> Sequence[Question]:
        """The first question to the next one that there is something to ask."""
        self._device = self._enquiry = None
        while self._waiting:
            id = next(iter(self._waiting))
            self._device = self._waiting.pop(id)
            self._enquiry = Enquiry(self._kinds.configured[id], self._kinds.known, self._kinds.phases.get(id, ()))
            question = self._question()
            if question is not None:
                return (question,)
        self._device = self._enquiry = None
        return ()

    def _question(self) -> Question | None:
        device, enquiry = self._device, self._enquiry
        request = enquiry.next_request(device.unit) if device is not None and enquiry is not None else None
        if device is None or request is None:
            return None
        return Question(device.spec.id, request, TIMEOUT_S, self._clock.monotonic() + WITHIN_S)
