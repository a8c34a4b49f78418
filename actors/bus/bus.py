"""A bus: owns one line and runs its gateway's poll plan; the only place that waits for the wire."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, assert_never

from actors.bus.batch import Batch
from actors.bus.link import Link
from actors.bus.writer import Blocking, Exchange, Prompt, Writer
from actors.mailbox.base import COMMAND, IDLE, Actor, Incarnation
from actors.mailbox.reply import answer, refuse
from actors.message.device import (
    Begin,
    BlockDoubted,
    BlockFailed,
    BlockRead,
    BlocksDue,
    LinkChanged,
    Perform,
    PlanChanged,
    PlanWanted,
    PollBlock,
    WriteNow,
    Written,
)
from actors.wire.wireloop import WireHost
from drivers.line import Doubting, Line, refuse_suspect
from drivers.steps import Steps, without_waiting
from runtime.core.poll.busstatistics import BusTally
from runtime.core.poll.freshness import BusFreshness
from runtime.core.poll.schedule import WATCHED, PollPlan
from runtime.core.poll.timeout import TimeoutRule
from runtime.core.poll.trace import KEPT, TRACE_VIEWS, Trace
from runtime.core.source.query import Query
from runtime.core.view import BUS_VIEWS, BusView, DeviceAge, Trouble
from runtime.errors import ConfigError, DriverError, NoAnswer, Refused, WattkeeperError

PUBLISH_S = 1.0
AGES_S = 5.0  # ages are computed anew this seldom
REFUSED_S = 60.0  # a block that the device does not have is asked again this much later
BUSY_S = 1.0
_MISCONFIGURED = (1, 2, 3)
_BUSY = (5, 6)


@dataclass(frozen=True, slots=True)
class _PollNext:
    """Go on with the plan. Bus -> itself; only the newest counts."""

    serial: int


Inbox = Begin | PlanChanged | BlocksDue | Perform | WriteNow | _PollNext


class Bus(Actor):
    """Named ``bus.ID``; tells ``gateway.ID`` what it read. Publishes ``BusView``, and its ``Trace`` as ``trace.ID``.

    line_factory  makes the line of an address without touching the wire; raises ConfigError
    host          whose thread it lives on, None = its own; the third that ``line_factory`` takes then makes connections
    traced        transactions kept for whoever looks at the line
    jitter        0 … 1, anew each time, so that many buses do not come back at once
    """

    PRIORITY: ClassVar[MappingProxyType[type, int]] = MappingProxyType(
        {WriteNow: COMMAND, Perform: COMMAND, _PollNext: IDLE}
    )

    def __init__(
        self,
        incarnation: Incarnation,
        id: int,
        url: str,
        line_factory: Callable[..., Line],
        *,
        host: WireHost | None = None,
        jitter: Callable[[], float] = random.random,
        traced: int = KEPT,
    ) -> None:
        super().__init__(incarnation, host)
        self._host = host
        self.work: Steps[None] | None = None  # what is in hand, in steps, where it lives with others
        self.may_leave_work = True  # nobody waits for what it is at
        self.id = id
        self._url = url
        self._line_factory = line_factory
        self._gateway = f"gateway.{id}"
        self._line: Any = None
        self._exchange: Exchange | None = None
        self._doubting: Doubting | None = None
        self._batch = Batch(lambda read: self.post(self._gateway, read))
        self._blocks: tuple[PollBlock, ...] = ()
        self._number: dict[tuple[int, int], int] = {}  # (device, block) -> index in the plan
        self._newest: dict[int, PollBlock] = {}  # unit -> what it answered last
        self._incarnation = 0
        self._plan = PollPlan((), 0.0)
        self._patience: dict[int, TimeoutRule] = {}
        self._tally = BusTally(self.clock.monotonic())
        self._trace = Trace(self.clock.now_ms(), traced)
        self._ages = BusFreshness()
        self._told_ages: tuple[DeviceAge, ...] = ()
        self._ages_at = 0.0
        self._serial = 0
        self._publish_at = 0.0
        self._link = Link(self.clock, jitter, self._report_link, self._publish)

    def on_receive(self, message: Inbox) -> None:
        match message:
            case _PollNext():
                if message.serial == self._serial:
                    self._do(self._run())
                    self.may_leave_work = True
            case Perform():
                self._do(self._perform(message))
            case WriteNow():
                self._do(self._write(message))
            case BlocksDue():
                self._hurry(message)
            case PlanChanged():
                self._change_plan(message)
            case Begin():
                self._begin()
            case _:
                assert_never(message)

    def _do(self, work: Steps[None]) -> None:
        if self._host is None:
            without_waiting(work)
        else:
            self.work, self.may_leave_work = work, False

    @property
    def wire(self) -> Any:
        """What its work waits for."""
        return self._line.wire

    def on_end(self) -> None:
        if self._line is not None:
            self._line.hang_up()

    def _begin(self) -> None:
        try:
            self._line = self._make_line()
        except ConfigError as error:
            self._link.note(error)
            return
        self._doubting = self._line if isinstance(self._line, Doubting) else None
        self.publish(TRACE_VIEWS.of(self.id), self._trace)
        self._publish()
        self.post(self._gateway, PlanWanted())

    def _make_line(self) -> Any:
        """The line; whatever waits for it can be woken from outside."""
        if self._host is None:
            line = self._line_factory(self._url, self.clock)
            self._exchange = Blocking(line)
            self.hold(line)
            return line
        stepping: Any = self._line_factory(self._url, self.clock, self._host.connection(self))
        self._exchange = Prompt(stepping)
        self.hold(stepping.wire)
        return stepping

    # ---- the plan

    def _change_plan(self, message: PlanChanged) -> None:
        if message.incarnation < self._incarnation:
            return  # of a gateway that has been replaced
        now = self.clock.monotonic()
        same_gateway = message.incarnation == self._incarnation
        self._incarnation = message.incarnation
        self._blocks = message.blocks
        self._plan = PollPlan(message.blocks, now, self._plan if same_gateway else None)
        self._tally.replan(len(message.blocks))
        self._ages.replan(message.blocks)
        self._newest.clear()
        self._number = {(block.device, block.block): index for index, block in enumerate(message.blocks)}
        self._go_on(0.0)

    def _hurry(self, message: BlocksDue) -> None:
        if message.incarnation == self._incarnation:
            now = self.clock.monotonic()
            self._plan.hurry([self._number[each] for each in message.blocks if each in self._number], now)
            self._go_on(0.0)

    def _go_on(self, delay_s: float) -> None:
        self._serial += 1
        turn = _PollNext(self._serial)
        if delay_s > 0:
            self.post_later(delay_s, turn)
        else:
            self.post_self(turn)

    def _run(self) -> Steps[None]:
        """Poll until somebody wants something or nothing is due."""
        clock, plan, line = self.clock, self._plan, self._line
        if line is None:
            return
        if not self._blocks:
            self._let_line_go(line)
            return
        while not self.waiting():
            now = clock.monotonic()
            if not line.is_open and not (yield from self._open(now)):  # a first loss is mended quietly, by one poll
                self._batch.hand_over()
                self._go_on(self._link.open_at - now)
                return
            index = plan.next(now)
            if index is None:
                self._batch.hand_over()
                wait_s = plan.wait_s(now)
                if wait_s is not None:
                    self._go_on(max(wait_s, 0.001))
                return
            yield from self._poll(line, index, now)
            if now >= self._publish_at:
                self._publish()
        self._batch.hand_over()
        self._go_on(0.0)

    def _open(self, now: float) -> Steps[bool]:
        """Unless it is too early. Whether the line is open."""
        if self._exchange is None or now < self._link.open_at:
            return False
        try:
            yield from self._exchange.opening()
        except DriverError as error:
            self._link.fail(error)
            return False
        self._link.note(None)
        return True

    def _poll(self, line: Line, index: int, began: float) -> Steps[None]:
        block, exchange = self._blocks[index], self._exchange
        assert exchange is not None  # there is a line
        patience = self._patience.get(block.request.unit) or self._new_timeout(block.request.unit)
        try:
            payload = yield from exchange.transact(block.request, patience.timeout_s(block.timeout_s))
        except DriverError as error:
            self._note_failure(line, index, began, error)
            return
        now = self.clock.monotonic()
        took_s = now - began
        patience.answered(took_s)
        self._plan.done(index, now)
        self._tally.polled(index, took_s)
        self._ages.answered(index, began, now)
        took_ms = round(took_s * 1000)
        now_ms = self.clock.now_ms()
        self._trace.note(block.device, now_ms, took_s, block.request, payload, "", "")
        ts_ms = now_ms - (took_ms >> 1)
        suspect = self._doubting is not None and self._look_for_doubts(self._doubting)
        self._newest[block.request.unit] = block
        read = BlockRead(block.device, block.block, ts_ms, took_ms, payload, self._incarnation, suspect)
        self._batch.add(read, now, at_once=self._host is None or block.rank <= WATCHED)

    def _look_for_doubts(self, line: Doubting) -> bool:
        """Is the newest answer suspect? Units whose last one has become so meanwhile are reported."""
        for unit in line.take_stray():
            block = self._newest.pop(unit, None)
            if block is not None:
                self._batch.hand_over()
                self.post(self._gateway, BlockDoubted(block.device, block.block, self._incarnation))
        return line.is_suspect

    def _new_timeout(self, unit: int) -> TimeoutRule:
        patience = self._patience[unit] = TimeoutRule()
        return patience

    def _note_failure(self, line: Line, index: int, began: float, error: DriverError) -> None:
        if self._doubting is not None:
            self._look_for_doubts(self._doubting)
        self._batch.hand_over()
        block = self._blocks[index]
        now = self.clock.monotonic()
        took_s = now - began
        if isinstance(error, Refused) and error.exception in _MISCONFIGURED + _BUSY:
            self._plan.done(index, now, hold_s=BUSY_S if error.exception in _BUSY else REFUSED_S)
        else:
            self._plan.failed(index, now, cost_s=took_s, not_before=line.ready_at(block.request.unit))
        if isinstance(error, NoAnswer):
            self._patience[block.request.unit].timed_out()
        self._tally.failed(index, took_s, error.code)
        ts_ms = self.clock.now_ms()
        self._trace.note(block.device, ts_ms, took_s, block.request, None, error.code, error.message)
        failed = BlockFailed(block.device, block.block, ts_ms, error.code, error.message, self._incarnation)
        self.post(self._gateway, failed)

    # ---- commands

    def _perform(self, message: Perform) -> Steps[None]:
        """One transaction ahead of the plan. A unit of which an answer may be under way is waited for."""
        line = self._line
        now = self.clock.monotonic()
        if message.request.is_write:
            refuse(message.reply, WattkeeperError("write_not_permitted", "whoever writes needs a permit"))
            return
        if line is None or self._exchange is None or now >= message.deadline:
            error = NoAnswer("no_answer", "the line did not get to it in time")
            refuse(message.reply, self._link.error() or error)
            return
        ready_at = line.ready_at(message.request.unit)
        if now < ready_at < message.deadline:
            self.post_later(ready_at - now, message)
            return
        try:
            if not line.is_open:
                yield from self._exchange.opening()
                self._link.note(None)
            timeout_s = min(message.timeout_s, message.deadline - now)
            payload = yield from self._exchange.transact(message.request, timeout_s)
            refuse_suspect(line, message.request, payload)
        except DriverError as error:
            self._note_command(message.request, now, None, error.code, error.message)
            refuse(message.reply, error)
        except ValueError as error:
            refuse(message.reply, WattkeeperError("request_invalid", str(error)))
        else:
            self._note_command(message.request, now, payload)
            answer(message.reply, payload)

    def _write(self, message: WriteNow) -> Steps[None]:
        if message.incarnation < self._incarnation:
            return  # of a gateway that has been replaced: nobody would hear of it
        line, now = self._line, self.clock.monotonic()
        if line is None:
            self._post_unwritten(message, self._link.trouble)
            return
        ready_at = max((line.ready_at(request.unit) for request in message.writes + message.reads), default=0.0)
        if now < ready_at:
            if ready_at < message.deadline:
                self.post_later(ready_at - now, message)
            else:
                self._post_unwritten(message, Trouble("command_late", "the device does not answer", 0))
            return
        try:
            written = yield from Writer(line, self.clock, self._note_command, self._exchange).steps(message)
        except DriverError as error:
            self._link.note(error)
            self._post_unwritten(message, self._link.trouble)
            return
        if line.is_open:
            self._link.note(None)
        self.post(self._gateway, written)

    def _post_unwritten(self, message: WriteNow, trouble: Trouble | None) -> None:
        code, detail = (trouble.code, trouble.message) if trouble else ("gateway_off", "there is no line yet")
        written = Written(message.serial, message.incarnation, self.clock.now_ms(), 0, (), code, detail, refused=True)
        self.post(self._gateway, written)

    def _note_command(
        self, request: Query, began: float, payload: bytes | None, code: str = "", detail: str = ""
    ) -> None:
        took_s = self.clock.monotonic() - began
        self._tally.spent(took_s)
        self._trace.note(0, self.clock.now_ms(), took_s, request, payload, code, detail)

    # ---- the link

    def _report_link(self, message: LinkChanged) -> None:
        """Once it is back every silent device gets its chance."""
        if message.up and self._link.is_up is False:
            self._plan.revive(self.clock.monotonic())
        self._batch.hand_over()
        self.post(self._gateway, message)

    def _let_line_go(self, line: Line) -> None:
        """Nothing to poll: the port or the gateway's only connection is free for others."""
        line.hang_up()
        self._link.let_go()

    def _publish(self) -> None:
        now = self.clock.monotonic()
        self._publish_at = now + PUBLISH_S
        if now >= self._ages_at:
            self._ages_at = now + AGES_S
            self._told_ages = self._ages.view(now, self._tally.costs_s, self._longest_probe_s())
        tally = self._tally
        view = BusView(
            self.id,
            self._link.is_up is True,
            tally.polls,
            tally.errors(),
            tally.utilisation_pct(now),
            round(tally.round_s, 3),
            self._link.trouble,
            now,
            self._told_ages,
        )
        self.publish(BUS_VIEWS.of(self.id), view)

    def _longest_probe_s(self) -> float:
        """What a silent device may cost the others when it is probed."""
        silent = [block for block in self._blocks if self._plan.is_silent(block.device)]
        return max((block.timeout_s for block in silent), default=0.0)
