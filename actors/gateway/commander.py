"""A gateway's commands: each goes to the bus at most once and is answered by what is read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from actors.mailbox.reply import answer, new_reply, refuse
from actors.message.device import BlockRead, Command, EventReported, ReplaceMeter, WriteNow, Written
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
from runtime.core.device.livedevice import LiveDevice
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


@dataclass(frozen=True, slots=True)
class Ways:
    """What commands need of their gateway.

    to_bus    posts to its bus; False when there is none
    later     tells the gateway itself after a while
    keep      an event, or a counter that goes on from another index, for the recorder
    remember  for the next incarnation
    take      a reading, as if it had been polled
    """

    to_bus: Callable[[WriteNow], bool]
    later: Callable[[float, ReadAgain | TimeUp], None]
    keep: Callable[[EventReported | ReplaceMeter], None]
    remember: Callable[[Memory], None]
    take: Callable[[BlockRead], None]


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

    @property
    def waits_for_index(self) -> bool:
        """An index is read before it is preset, so that what it counted until then is not lost."""
        return QUANTITIES[self.order.row.quantity].kind == "counter" and bool(self.blocks) and self.before is None

    def register(self, message: Written) -> bytes | None:
        reads = [request for _, request in self.blocks]
        return register_of(self.device, self.order.row.read_back, reads, message.payloads)


class Commander:
    """devices      those that are read, by id
    incarnation  of the gateway
    memory       what earlier lives of the gateway know of requests
    """

    def __init__(
        self,
        devices: Mapping[int, LiveDevice],
        ways: Ways,
        clock: Clock,
        incarnation: int,
        *,
        demo: bool,
        timeout_s: float = 0.0,
        memory: Memory | None = None,
    ) -> None:
        self._devices = devices
        self._ways = ways
        self._clock = clock
        self._incarnation = incarnation
        self._demo = demo
        self._timeout_s = timeout_s or TIMEOUT_S
        self._memory = (memory or Memory()).of_former_incarnation(clock.now_ms())
        self._underway: dict[int, _Underway] = {}
        self._serial = 0

    def handle(self, message: Command | Written | ReadAgain | TimeUp) -> None:
        match message:
            case Command():
                self._command(message)
            case Written():
                self._written(message)
            case ReadAgain():
                self._read_again(message)
            case TimeUp():
                self._time_up(message)

    # ---- before the wire

    def _command(self, message: Command) -> None:
        try:
            known = self._memory.find(message.wish)
            if known is None:
                self._begin(message)
            elif known.state == SENT:
                self._join(message)
            else:
                answer(message.reply, replace(known, replayed=True))
        except WattkeeperError as error:
            wish = message.wish
            detail = f"{wish.author}: {wish.command[:40]} = {wish.value!s:.40}: {error.code}"
            self._ways.keep(EventReported(self._clock.now_ms(), f"device.{wish.device}", "command_refused", detail))
            refuse(message.reply, error)

    def _join(self, message: Command) -> None:
        """The same request again while it is under way: one switching, two answers."""
        for each in self._underway.values():
            if each.order.wish.key == message.wish.key:
                each.replies.append(message.reply)

    def _begin(self, message: Command) -> None:
        device = self._devices.get(message.wish.device)
        if device is None:
            raise WattkeeperError("device_off", "this device is switched off here, or nobody knows its model")
        if device.doubt is not None:
            raise WattkeeperError("model_other", device.doubt.message)
        order = decide(message.wish, device.as_target(), self._clock.now_ts(), demo=self._demo)
        self._serial += 1
        underway = _Underway(order, device, message.deadline, tuple(device.reads_of(order.row.read_back)))
        underway.replies.append(message.reply)
        self._underway[self._serial] = underway
        self._note(underway, SENT)  # before the wire: an incarnation that ends here must not write it again
        self._ways.later(max(0.0, underway.deadline - self._clock.monotonic()), TimeUp(self._serial))
        self._send_first(self._serial, underway)

    def _send_first(self, serial: int, underway: _Underway) -> None:
        order = underway.order
        writes = () if underway.waits_for_index else (order.row.request(underway.device.unit, order.value_n),)
        if not self._send(serial, underway, writes):
            self._conclude(serial, REFUSED, "gateway_off", "the gateway is switched off, or just being started")

    def _send(self, serial: int, underway: _Underway, writes: tuple[Query, ...]) -> bool:
        now = self._clock.monotonic()
        deadline = now + WRITE_SHARE * (underway.deadline - now) if writes else underway.deadline
        permit = underway.order.permit if writes else None
        reads = tuple(request for _, request in underway.blocks)
        message = WriteNow(serial, writes, reads, permit, self._timeout_s, deadline, self._incarnation)
        return self._ways.to_bus(message)

    # ---- after the wire

    def _written(self, message: Written) -> None:
        underway = self._underway.get(message.serial)
        if underway is None or message.incarnation != self._incarnation:
            return
        if underway.waits_for_index:
            self._take_index(underway, message)
            return
        self._book_preset(underway, message)
        self._show(underway, message)
        if underway.looks == 0:
            underway.code, underway.detail = message.code, message.detail
        underway.looks += 1
        order = underway.order
        if underway.looks == 1 and message.refused:
            state = LATE if message.code == "command_late" else REFUSED
            self._conclude(message.serial, state, message.code, message.detail)
        elif is_confirmed(order.row, order.value_n, underway.read_n):
            self._conclude(message.serial, DONE)
        elif not underway.blocks:
            self._conclude(message.serial, UNCONFIRMED, underway.code or "command_not_shown", underway.detail)
        else:
            pause_s = AGAIN_S[min(underway.looks, len(AGAIN_S)) - 1]
            self._ways.later(pause_s, ReadAgain(message.serial))

    def _take_index(self, underway: _Underway, message: Written) -> None:
        underway.before = underway.register(message)
        self._show(underway, message)
        if underway.before is None:
            detail = "the index that is there could not be read, so it was left as it is"
            self._conclude(message.serial, REFUSED, message.code or "no_answer", detail)
        else:
            self._send_first(message.serial, underway)

    def _book_preset(self, underway: _Underway, message: Written) -> None:
        """What counts by an index that was preset ends with the old one and goes on from the new one.

        Before anything of the new index is sampled.
        """
        before, after, order = underway.before, underway.register(message), underway.order
        if before is None or after is None:
            return
        quantity = order.row.read_back
        if not is_confirmed(order.row, order.value_n, count_in(underway.device, quantity, after)):
            return
        for each in presets(self._devices.values(), underway.device, quantity, order.value_n, before, after):
            each.device.exchanged(each.quantity)
            self._ways.keep(
                ReplaceMeter(
                    each.device.spec.id, each.quantity, message.ts_ms - 1, each.closing_n, each.opening_n,
                    order.wish.author, new_reply(),
                )
            )  # fmt: skip

    def _read_again(self, message: ReadAgain) -> None:
        underway = self._underway.get(message.serial)
        if underway is not None:
            self._send(message.serial, underway, ())

    def _time_up(self, message: TimeUp) -> None:
        underway = self._underway.get(message.serial)
        if underway is None:
            return
        read = describe_count(underway.order.row.quantity, underway.read_n)
        usual = ("command_not_taken", f"the device shows {read}") if underway.looks else ("no_reply", "")
        code, detail = (underway.code, underway.detail) if underway.code else usual
        self._conclude(message.serial, UNCONFIRMED, code, detail)

    def _show(self, underway: _Underway, message: Written) -> None:
        """The state shown is the one read, whatever was told."""
        for (number, _), payload in zip(underway.blocks, message.payloads, strict=False):
            if payload is None:
                continue
            device = underway.device.spec.id
            self._ways.take(BlockRead(device, number, message.ts_ms, 0, payload, self._incarnation))
            read_n = underway.device.value_of(underway.order.row.read_back)
            underway.read_n = read_n if isinstance(read_n, int) else None

    # ---- the end

    def _conclude(self, serial: int, state: str, code: str = "", detail: str = "") -> None:
        underway = self._underway.pop(serial)
        outcome = self._note(underway, state, code, detail)
        wish, quantity = outcome.wish, outcome.quantity
        told, read = describe_count(quantity, outcome.told_n), describe_count(quantity, outcome.read_n)
        said = f"{wish.author}: {wish.command} = {told}, read back: {read}" + (f" ({code})" if code else "")
        self._ways.keep(EventReported(outcome.ts_ms, f"device.{wish.device}", _CODES[state], said))
        for reply in underway.replies:
            answer(reply, outcome)

    def _note(self, underway: _Underway, state: str, code: str = "", detail: str = "") -> Outcome:
        order = underway.order
        outcome = Outcome(
            order.wish, state, self._clock.now_ms(), order.row.quantity, order.value_n, underway.read_n, code, detail
        )
        self._memory = self._memory.with_outcome(outcome)
        self._ways.remember(self._memory)
        return outcome
