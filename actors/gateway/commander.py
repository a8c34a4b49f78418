"""A gateway's commands: each goes to the bus at most once and is answered by what is read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from actors.gateway.outgoing import Answer, Later, Outgoing
from actors.mailbox.reply import new_reply
from actors.message.device import Command, EventReported, WriteNow, Written
from actors.message.history import ReplaceMeter
from runtime.clock import Clock
from runtime.core.device.command import (
    DONE,
    LATE,
    REFUSED,
    SENT,
    UNCONFIRMED,
    Memory,
    Order,
    Outcome,
    decide,
    describe_count,
    is_confirmed,
)
from runtime.core.device.livedevice import Heard, LiveDevice
from runtime.core.device.preset import count_in, presets, register_of
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.source.query import Query
from runtime.errors import WattkeeperError

TIMEOUT_S = 1.0
WRITE_SHARE = 0.6  # of the time until the deadline; the rest is for reading back
AGAIN_S = (0.1, 0.2, 0.4, 0.8)  # pauses between readings while the device does not show yet what it was told
_CODES = {DONE: "command_done", REFUSED: "command_refused", UNCONFIRMED: "command_unconfirmed", LATE: "command_late"}


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """Look once more. Gateway -> itself."""

    serial: int


@dataclass(frozen=True, slots=True)
class TimeUp:
    """Whoever asked waits no longer. Gateway -> itself."""

    serial: int


@dataclass(slots=True)
class _Underway:
    order: Order
    device: LiveDevice
    deadline: float
    blocks: tuple[tuple[int, Query], ...]  # number and request of those that show the result
    replies: list[Any] = field(default_factory=list)
    looks: int = 0
    code: str = ""
    detail: str = ""
    read_n: int | None = None
    before: bytes | None = None  # registers of an index that is preset, as they were last
    routine: bool = False  # no event, not remembered

    @property
    def waits_for_index(self) -> bool:
        """An index is read before it is preset, so that what it counted until then is not lost."""
        return QUANTITIES[self.order.row.quantity].kind == "counter" and bool(self.blocks) and self.before is None

    def register(self, message: Written) -> bytes | None:
        reads = [request for _, request in self.blocks]
        return register_of(self.device, self.order.row.read_back, reads, message.payloads)


class Commander:
    """Each step returns what is to be sent, the newest memory of requests among it: the next incarnation needs it.

    devices      those that are read, by id
    incarnation  of the gateway
    memory       what earlier incarnations know of requests
    """

    def __init__(
        self,
        devices: Mapping[int, LiveDevice],
        clock: Clock,
        incarnation: int,
        *,
        demo: bool,
        timeout_s: float = 0.0,
        memory: Memory | None = None,
    ) -> None:
        self._devices = devices
        self._clock = clock
        self._incarnation = incarnation
        self._demo = demo
        self._timeout_s = timeout_s or TIMEOUT_S
        self._memory = (memory or Memory()).of_former_incarnation(clock.now_ms())
        self._underway: dict[int, _Underway] = {}
        self._serial = 0

    def handle(self, message: Command | Written | ReadAgain | TimeUp) -> Sequence[Outgoing]:
        match message:
            case Command():
                return self._command(message)
            case Written():
                return self._written(message)
            case ReadAgain():
                underway = self._underway.get(message.serial)
                return () if underway is None else (self._message(message.serial, underway, ()),)
            case TimeUp():
                return self._time_up(message)

    def unsent(self, message: WriteNow) -> Sequence[Outgoing]:
        """There is no bus to do it."""
        underway = self._underway.get(message.serial)
        if underway is None or underway.looks:
            return ()
        detail = "the gateway is switched off, or just being started"
        return self._conclude(message.serial, REFUSED, "gateway_off", detail)

    # ---- before the wire

    def _command(self, message: Command) -> Sequence[Outgoing]:
        try:
            known = self._memory.find(message.wish)
            if known is None:
                return self._begin(message)
            if known.state != SENT:
                return (Answer((message.reply,), replace(known, replayed=True)),)
            self._join(message)
        except WattkeeperError as error:
            wish = message.wish
            detail = f"{wish.author}: {wish.command[:40]} = {wish.value!s:.40}: {error.code}"
            event = EventReported(self._clock.now_ms(), f"device.{wish.device}", "command_refused", detail)
            return (Answer((message.reply,), error),) if message.routine else (event, Answer((message.reply,), error))
        return ()

    def _join(self, message: Command) -> None:
        """The same request again while it is under way: one switching, two answers."""
        for each in self._underway.values():
            if each.order.wish.key == message.wish.key:
                each.replies.append(message.reply)

    def _begin(self, message: Command) -> Sequence[Outgoing]:
        device = self._devices.get(message.wish.device)
        if device is None:
            raise WattkeeperError("device_off", "this device is switched off here, or nobody knows its model")
        if device.health.doubt is not None:
            raise WattkeeperError("model_other", device.health.doubt.message)
        order = decide(message.wish, device.as_target(), self._clock.now_ts(), demo=self._demo)
        self._serial += 1
        underway = _Underway(order, device, message.deadline, tuple(device.reads_of(order.row.read_back)))
        underway.replies.append(message.reply)
        underway.routine = message.routine
        self._underway[self._serial] = underway
        self._note(underway, SENT)  # known before the wire: an incarnation that ends here must not write it again
        wait_s = max(0.0, underway.deadline - self._clock.monotonic())
        return self._memory, Later(wait_s, TimeUp(self._serial)), self._first(self._serial, underway)

    def _first(self, serial: int, underway: _Underway) -> WriteNow:
        order = underway.order
        writes = () if underway.waits_for_index else (order.row.request(underway.device.unit, order.value_n),)
        return self._message(serial, underway, writes)

    def _message(self, serial: int, underway: _Underway, writes: tuple[Query, ...]) -> WriteNow:
        now = self._clock.monotonic()
        deadline = now + WRITE_SHARE * (underway.deadline - now) if writes else underway.deadline
        permit = underway.order.permit if writes else None
        reads = tuple(request for _, request in underway.blocks)
        return WriteNow(serial, writes, reads, permit, self._timeout_s, deadline, self._incarnation)

    # ---- after the wire

    def _written(self, message: Written) -> Sequence[Outgoing]:
        underway = self._underway.get(message.serial)
        if underway is None or message.incarnation != self._incarnation:
            return ()
        if underway.waits_for_index:
            return self._take_index(underway, message)
        exchanges = self._exchanges(underway, message)
        shown = self._read_back(underway, message)
        if underway.looks == 0:
            underway.code, underway.detail = message.code, message.detail
        underway.looks += 1
        return (*exchanges, *shown, *self._judge(underway, message))

    def _judge(self, underway: _Underway, message: Written) -> Sequence[Outgoing]:
        order = underway.order
        if underway.looks == 1 and message.refused:
            state = LATE if message.code == "command_late" else REFUSED
            return self._conclude(message.serial, state, message.code, message.detail)
        if is_confirmed(order.row, order.value_n, underway.read_n):
            return self._conclude(message.serial, DONE)
        if not underway.blocks:
            return self._conclude(message.serial, UNCONFIRMED, underway.code or "command_not_shown", underway.detail)
        return (Later(AGAIN_S[min(underway.looks, len(AGAIN_S)) - 1], ReadAgain(message.serial)),)

    def _take_index(self, underway: _Underway, message: Written) -> Sequence[Outgoing]:
        underway.before = underway.register(message)
        shown = self._read_back(underway, message)
        if underway.before is not None:
            return (*shown, self._first(message.serial, underway))
        detail = "the index that is there could not be read, so it was left as it is"
        return (*shown, *self._conclude(message.serial, REFUSED, message.code or "no_answer", detail))

    def _exchanges(self, underway: _Underway, message: Written) -> Sequence[ReplaceMeter]:
        """What counts by an index that was preset ends with the old one and goes on from the new one.

        Before anything of the new index is sampled.
        """
        before, after, order = underway.before, underway.register(message), underway.order
        if before is None or after is None:
            return ()
        quantity = order.row.read_back
        if not is_confirmed(order.row, order.value_n, count_in(underway.device, quantity, after)):
            return ()
        changed = list(presets(self._devices.values(), underway.device, quantity, order.value_n, before, after))
        for each in changed:
            each.device.sampler.exchanged(each.quantity)
        return [
            ReplaceMeter(
                each.device.spec.id, each.quantity, message.ts_ms - 1, each.closing_n, each.opening_n,
                order.wish.author, new_reply(),
            )
            for each in changed
        ]  # fmt: skip

    def _time_up(self, message: TimeUp) -> Sequence[Outgoing]:
        underway = self._underway.get(message.serial)
        if underway is None:
            return ()
        read = describe_count(underway.order.row.quantity, underway.read_n)
        usual = ("command_not_taken", f"the device shows {read}") if underway.looks else ("no_reply", "")
        code, detail = (underway.code, underway.detail) if underway.code else usual
        return self._conclude(message.serial, UNCONFIRMED, code, detail)

    def _read_back(self, underway: _Underway, message: Written) -> Sequence[Heard]:
        """The state shown is the one read, as if it had been polled, whatever was told."""
        device, all_heard = underway.device, []
        for (number, _), payload in zip(underway.blocks, message.payloads, strict=False):
            if payload is not None:
                all_heard.append(device.read(number, message.ts_ms, payload, self._clock.monotonic()))
                read_n = device.values.value_of(underway.order.row.read_back)
                underway.read_n = read_n if isinstance(read_n, int) else None
        return all_heard

    # ---- the end

    def _conclude(self, serial: int, state: str, code: str = "", detail: str = "") -> Sequence[Outgoing]:
        underway = self._underway.pop(serial)
        outcome = self._note(underway, state, code, detail)
        if underway.routine:
            return (Answer(tuple(underway.replies), outcome),)
        wish, quantity = outcome.wish, outcome.quantity
        sent, read = describe_count(quantity, outcome.told_n), describe_count(quantity, outcome.read_n)
        sentence = f"{wish.author}: {wish.command} = {sent}, read back: {read}" + (f" ({code})" if code else "")
        event = EventReported(outcome.ts_ms, f"device.{wish.device}", _CODES[state], sentence)
        return self._memory, event, Answer(tuple(underway.replies), outcome)

    def _note(self, underway: _Underway, state: str, code: str = "", detail: str = "") -> Outcome:
        order = underway.order
        outcome = Outcome(
            order.wish, state, self._clock.now_ms(), order.row.quantity, order.value_n, underway.read_n, code, detail
        )
        if not underway.routine:
            self._memory = self._memory.with_outcome(outcome)
        return outcome
