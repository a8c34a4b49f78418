"""A bus: owns one line and runs its gateway's poll plan; the only place that waits for the wire."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, assert_never

from actors.bus.batch import Batch
from actors.bus.budget import Budget
from actors.bus.buslog import BusLog
from actors.bus.exchange import Blocking, Exchange, Prompt
from actors.bus.foreignqueue import ForeignQueue
from actors.bus.link import Link
from actors.bus.orders import Orders
from actors.bus.rereads import Rereads
from actors.bus.restrecord import RestRecord
from actors.bus.straydoubts import StrayDoubts
from actors.mailbox.base import COMMAND, IDLE, Actor, Incarnation
from actors.message.device import (
    Begin,
    BlockDoubted,
    BlockFailed,
    BlockRead,
    BlocksDue,
    CallerCame,
    LinkChanged,
    PassThrough,
    Perform,
    PlanChanged,
    PlanWanted,
    PollBlock,
    WriteNow,
)
from actors.wire.wireloop import WireHost
from drivers.line import Line
from drivers.steps import Steps, without_waiting
from runtime.core.poll.schedule import WATCHED, PollPlan
from runtime.core.poll.trace import KEPT, TRACE_VIEWS
from runtime.core.view import BUS_VIEWS
from runtime.errors import ConfigError, DriverError, Refused

PUBLISH_S = 1.0
REFUSED_S = 60.0  # a block that the device does not have is asked again this much later
BUSY_S = 1.0
_MISCONFIGURED, _BUSY = (1, 2, 3), (5, 6)


@dataclass(frozen=True, slots=True)
class _PollNext:
    """Go on with the plan. Bus -> itself; only the newest counts."""

    serial: int


Inbox = Begin | PlanChanged | BlocksDue | CallerCame | Perform | PassThrough | WriteNow | _PollNext


class Bus(Actor):
    """Named ``bus.ID``; tells ``gateway.ID`` what it read. Publishes ``BusView``, and its ``Trace`` as ``trace.ID``.

    line_factory  makes the line of an address without touching the wire; raises ConfigError
    host          whose thread it lives on, None = its own; the third that ``line_factory`` takes then makes connections
    traced        transactions kept for whoever looks at the line
    jitter        0 … 1, anew each time, so that many buses do not come back at once
    budget        how often it may poll, None = as often as its line does
    known_rests   gives what an earlier run kept of how long units rest, None = nothing
    """

    __slots__ = (
        "_batch", "_blocks", "_budget", "_doubts", "_exchange", "_foreign", "_gateway", "_host", "_incarnation",
        "_line_factory", "_link", "_log", "_orders", "_plan", "_publish_at", "_rereads", "_rests", "_serial",
        "_url", "id",
    )  # fmt: skip
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
        budget: Budget | None = None,
        known_rests: Callable[[], Any] = lambda: None,
    ) -> None:
        super().__init__(incarnation, host)
        self._host, self._line_factory = host, line_factory
        self.id, self._url, self._gateway = id, url, f"gateway.{id}"
        self._exchange: Exchange | None = None
        self._budget = budget or Budget()
        self._batch = Batch(lambda read: self.post(self._gateway, read))
        self._blocks: tuple[PollBlock, ...] = ()
        self._plan = PollPlan((), 0.0)
        self._doubts = StrayDoubts(self._report_doubt)
        self._foreign, self._rereads = ForeignQueue(), Rereads(self.post_later)
        self._log = BusLog(self.clock, traced, self._budget)
        self._incarnation, self._serial, self._publish_at = 0, 0, 0.0
        self._link = Link(self.clock, jitter, self._report_link, self._publish)
        self._rests = RestRecord(id, url, known_rests, lambda records: self.post("recorder", records))
        self._orders = Orders(
            self.clock, self._link, self._log, self.post_later, lambda written: self.post(self._gateway, written)
        )

    def on_receive(self, message: Inbox) -> None:
        match message:
            case _PollNext():
                if message.serial == self._serial:
                    self._do(self._run())
                    self.may_leave_work = True
            case Perform():
                self._do(self._orders.perform(self._exchange, message))
            case PassThrough():
                self._foreign.add(message)
                self._go_on(0.0)
            case WriteNow():
                if message.incarnation >= self._incarnation:  # else nobody would hear of it
                    self._do(self._orders.write(self._exchange, message))
            case BlocksDue():
                self._hurry(message)
            case CallerCame():
                self._link.open_at = 0.0
                self._go_on(0.0)
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

    def on_end(self) -> None:
        if self._exchange is not None:
            self._exchange.line.hang_up()

    def _begin(self) -> None:
        try:
            self._exchange = self._make_exchange()
        except ConfigError as error:
            self._link.note(error)
            return
        for part in (self._doubts.watch, self._budget.heed, self._rests.recall):
            part(self._exchange.line)
        self.publish(TRACE_VIEWS.of(self.id), self._log.trace)
        self._publish()
        self.post(self._gateway, PlanWanted())

    def _make_exchange(self) -> Exchange:
        """Whatever waits for its line can be woken from outside."""
        if self._host is None:
            line = self._line_factory(self._url, self.clock)
            self.hold(line)
            return Blocking(line)
        stepping: Any = self._line_factory(self._url, self.clock, self._host.connection(self))
        self.wire = stepping.wire
        self.hold(self.wire)
        return Prompt(stepping)

    # ---- the plan

    def _change_plan(self, message: PlanChanged) -> None:
        if message.incarnation < self._incarnation:
            return  # of a gateway that has been replaced
        now = self.clock.monotonic()
        same_gateway = message.incarnation == self._incarnation
        self._incarnation, self._blocks = message.incarnation, message.blocks
        self._plan = PollPlan(message.blocks, now, self._plan if same_gateway else None)
        self._log.replan(message.blocks)
        self._doubts.forget()
        self._go_on(0.0)

    def _hurry(self, message: BlocksDue) -> None:
        if message.incarnation == self._incarnation:
            due = [index for index, each in enumerate(self._blocks) if (each.device, each.block) in message.blocks]
            self._plan.hurry(due, self.clock.monotonic())
            self._go_on(0.0)

    def _go_on(self, delay_s: float) -> None:
        self._serial += 1
        if delay_s > 0:
            self.post_later(delay_s, _PollNext(self._serial))
        else:
            self.post_self(_PollNext(self._serial))

    def _run(self) -> Steps[None]:
        """Poll until somebody wants something or nothing is due."""
        clock, plan, exchange = self.clock, self._plan, self._exchange
        if exchange is None:
            return
        line = exchange.line
        if not self._blocks and not self._foreign:
            self._let_line_go(line)
            return
        while not self.waiting():
            now = clock.monotonic()
            if not line.is_open and not (yield from self._open(exchange, now)):  # one loss is mended quietly, by a poll
                self._foreign.refuse_all(self._link.trouble)
                self._pause(self._link.open_at - now)
                return
            foreign = self._foreign.take() if self._foreign.is_turn else None
            index = plan.next(now) if foreign is None and now >= self._budget.next_at else None
            if index is None and (foreign := foreign or self._foreign.take()) is not None:
                yield from self._orders.perform(exchange, foreign)
                self._rereads.note(foreign, self._blocks, self._incarnation, clock.monotonic())
                continue
            if index is None:
                self._pause(self._idle_s(now))
                return
            self._budget.spend(now)
            try:
                payload = yield from exchange.transact(self._blocks[index].request, self._log.timeout_s(index))
            except DriverError as error:
                self._note_failure(line, index, now, error)
            else:
                self._note_answer(index, now, payload)
            self._foreign.is_turn = True
            if now >= self._publish_at:
                self._publish()
        self._pause(0.0)

    def _idle_s(self, now: float) -> float | None:
        """How long until a poll may be due; None = never."""
        wait_s = self._plan.wait_s(now)
        return None if wait_s is None else max(wait_s, self._budget.next_at - now, 0.001)

    def _pause(self, wait_s: float | None) -> None:
        self._batch.hand_over()
        if wait_s is not None:
            self._go_on(wait_s)

    def _open(self, exchange: Exchange, now: float) -> Steps[bool]:
        """Unless it is too early. Whether the line is open."""
        if now < self._link.open_at:
            return False
        try:
            yield from exchange.opening()
        except DriverError as error:
            self._link.fail(error)
            return False
        self._link.note(None)
        return True

    def _note_answer(self, index: int, began: float, payload: bytes) -> None:
        block, now = self._blocks[index], self.clock.monotonic()
        self._plan.done(index, now)
        ts_ms, took_ms = self._log.answered(index, began, now, payload)
        suspect = self._doubts.note_answer(block)
        read = BlockRead(block.device, block.block, ts_ms, took_ms, payload, self._incarnation, suspect)
        self._batch.add(read, now, at_once=self._host is None or block.rank <= WATCHED)

    def _report_doubt(self, block: PollBlock) -> None:
        self._batch.hand_over()
        self.post(self._gateway, BlockDoubted(block.device, block.block, self._incarnation))

    def _note_failure(self, line: Line, index: int, began: float, error: DriverError) -> None:
        self._doubts.look()
        self._batch.hand_over()
        block, now = self._blocks[index], self.clock.monotonic()
        if isinstance(error, Refused) and error.exception in _MISCONFIGURED + _BUSY:
            self._plan.done(index, now, hold_s=BUSY_S if error.exception in _BUSY else REFUSED_S)
        else:
            not_before = line.ready_at(block.request.unit)
            self._plan.failed(index, now, cost_s=now - began, not_before=not_before)
            self._rests.keep(line)
        ts_ms = self._log.failed(index, began, now, error)
        code, detail = error.code, error.message
        self.post(self._gateway, BlockFailed(block.device, block.block, ts_ms, code, detail, self._incarnation))

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
        now, link = self.clock.monotonic(), self._link
        self._publish_at = now + PUBLISH_S
        probe_s = self._plan.longest_probe_s
        view = self._log.view(self.id, now, link.trouble, connected=link.is_up is True, longest_probe_s=probe_s)
        self.publish(BUS_VIEWS.of(self.id), view)
