"""Asks the devices of a gateway what they are, by the way of its bus: one read at a time, between the polls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from actors.mailbox.reply import Forwarded
from actors.message.device import Perform
from runtime.clock import Clock
from runtime.core.device.livedevice import LiveDevice
from runtime.core.device.modelcheck import Enquiry, KnownModels, Verdict
from runtime.errors import BadAnswer, NoAnswer, Refused

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


class Identifier:
    """Times are monotonic seconds.

    kinds  what the devices are checked against
    ask    gives a read to the bus; False when there is none
    tell   gets the answer into the gateway's mailbox
    """

    def __init__(
        self, kinds: KnownModels, clock: Clock, ask: Callable[[Perform], bool], tell: Callable[[IdentityRead], None]
    ) -> None:
        self._kinds = kinds
        self._clock = clock
        self._ask = ask
        self._tell = tell
        self._waiting: dict[int, LiveDevice] = {}
        self._asked_at: dict[int, float] = {}
        self._device: LiveDevice | None = None
        self._enquiry: Enquiry | None = None

    def greet(self, device: LiveDevice, *, came_back: bool) -> None:
        """It answered: ask what it is, unless that is known already or is to be taken as it is."""
        id = device.spec.id
        if id not in self._kinds.configured or device.spec.confirmed:
            return
        asked_at = self._asked_at.get(id)
        if asked_at is None or (came_back and self._clock.monotonic() - asked_at >= AGAIN_S):
            self._begin(device)

    def doubt(self, device: LiveDevice) -> None:
        """It is another than configured as far as is known: ask again from time to time."""
        if self._clock.monotonic() - self._asked_at.get(device.spec.id, 0.0) >= DOUBTED_S:
            self._begin(device)

    def take(self, message: IdentityRead) -> tuple[LiveDevice, Verdict] | None:
        """One answer. Returns the verdict with the last one, unless the device fell silent."""
        device, enquiry = self._device, self._enquiry
        if device is None or enquiry is None or message.device != device.spec.id:
            return None
        if message.error is not None and not isinstance(message.error, _ANSWERS):
            self._asked_at.pop(device.spec.id)  # the bus or the link went: another time
            self._end()
            return None
        enquiry.take(message.payload, is_silent=isinstance(message.error, NoAnswer))
        if self._ask_next():
            return None
        self._end()
        verdict = enquiry.verdict()
        return None if verdict.finding == "unknown" and enquiry.is_incomplete else (device, verdict)

    def _begin(self, device: LiveDevice) -> None:
        self._asked_at[device.spec.id] = self._clock.monotonic()
        self._waiting[device.spec.id] = device
        if self._device is None:
            self._turn_to_next()

    def _end(self) -> None:
        self._device = self._enquiry = None
        self._turn_to_next()

    def _turn_to_next(self) -> None:
        while self._waiting and self._device is None:
            id = next(iter(self._waiting))
            self._device = self._waiting.pop(id)
            self._enquiry = Enquiry(self._kinds.configured[id], self._kinds.known)
            if not self._ask_next():
                self._device = self._enquiry = None

    def _ask_next(self) -> bool:
        """Whether there was something to ask, and somebody who asks it."""
        device, enquiry = self._device, self._enquiry
        request = enquiry.next_request(device.unit) if device is not None and enquiry is not None else None
        if device is None or request is None:
            return False
        id = device.spec.id
        reply = Forwarded(
            lambda payload: self._tell(IdentityRead(id, payload)),
            lambda error: self._tell(IdentityRead(id, None, error)),
        )
        return self._ask(Perform(request, TIMEOUT_S, self._clock.monotonic() + WITHIN_S, reply))
