"""The bus of a source that is heard: it waits for frames and hands each to the gateway of the device that sent it.

It bears a bus's name and speaks its messages, so that nobody else needs to know which of the two is there; but it plans
nothing, and what devices do not send by themselves it cannot get.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import ClassVar, assert_never

from actors.bus.link import Link
from actors.bus.silence import SILENT, Silence
from actors.bus.waiting import Waiting, nothing_heard
from actors.mailbox.base import COMMAND, IDLE, Actor, Incarnation
from actors.mailbox.reply import answer, refuse
from actors.message.device import (
    Begin,
    BlockFailed,
    BlockRead,
    BlocksDue,
    Perform,
    PlanChanged,
    PlanWanted,
    PollBlock,
    WriteNow,
    Written,
)
from drivers.feed import Feed, Frame
from runtime.clock import Clock
from runtime.core.poll.busstatistics import BusTally
from runtime.core.poll.freshness import BusFreshness
from runtime.core.poll.trace import KEPT, TRACE_VIEWS, Trace
from runtime.core.source.query import Expected
from runtime.core.view import BUS_VIEWS, BusView
from runtime.errors import BadAnswer, ConfigError, LinkDown, WattkeeperError

HEAR_S = 0.5  # longest wait for a frame: the mailbox is looked at in between
HAND_S = 0.1  # the newest frame of each kind is handed on at most so often
MOST_AT_ONCE = 50  # frames taken in that time; whoever floods waits, and costs the others nothing
PUBLISH_S = 1.0

Key = tuple[int, str]  # unit and name of frames


@dataclass(frozen=True, slots=True)
class _Hear:
    """Go on listening. Listener -> itself; only the newest counts."""

    serial: int


@dataclass(slots=True)
class _Route:
    """What is known of one kind of frames. ``at``: monotonic s of the newest, which waits to be handed on if fresh."""

    blocks: list[int] = field(default_factory=list)
    frame: Frame | None = None
    at: float = 0.0
    ts_ms: int = 0
    is_fresh: bool = False


Inbox = Begin | PlanChanged | BlocksDue | Perform | WriteNow | _Hear


class Listener(Actor):
    """Named ``bus.ID``; tells ``gateway.ID`` what it heard. Publishes ``BusView``, and its ``Trace`` as ``trace.ID``.

    make_feed  makes the feed of an address without touching the wire; raises ConfigError
    """

    PRIORITY: ClassVar[MappingProxyType[type, int]] = MappingProxyType(
        {WriteNow: COMMAND, Perform: COMMAND, _Hear: IDLE}
    )

    def __init__(
        self,
        incarnation: Incarnation,
        id: int,
        url: str,
        make_feed: Callable[[str, Clock], Feed],
        *,
        jitter: Callable[[], float] = random.random,
        traced: int = KEPT,
    ) -> None:
        super().__init__(incarnation)
        self.id = id
        self._url, self._make_feed = url, make_feed
        self._gateway = f"gateway.{id}"
        self._feed: Feed | None = None
        self._blocks: tuple[PollBlock, ...] = ()
        self._routes: dict[Key, _Route] = {}
        self._silence = Silence()
        self._waiting = Waiting()
        self._incarnation = self._serial = 0
        self._tally = BusTally(self.clock.monotonic())
        self._trace = Trace(self.clock.now_ms(), traced)
        self._ages = BusFreshness()
        self._link = Link(self.clock, jitter, lambda message: self.post(self._gateway, message), self._publish)
        self._barren = 0  # links in a row on which nothing was heard, this one too
        self._hand_at = self._publish_at = 0.0
        self._taken = 0  # frames since the last hand-over

    def on_receive(self, message: Inbox) -> None:
        match message:
            case _Hear():
                if message.serial == self._serial:
                    self._run()
            case Perform():
                self._perform(message)
            case WriteNow():
                self._refuse_write(message)
            case BlocksDue():
                pass  # what comes by itself cannot be hurried
            case PlanChanged():
                self._change_plan(message)
            case Begin():
                self._begin()
            case _:
                assert_never(message)

    def on_end(self) -> None:
        if self._feed is not None:
            self._feed.hang_up()
        self._waiting.refuse_all(WattkeeperError("owner_restarted", "the listener ended"))

    def _begin(self) -> None:
        try:
            self._feed = self._make_feed(self._url, self.clock)
        except ConfigError as error:
            self._link.note(error)
            return
        self.hold(self._feed)
        self.publish(TRACE_VIEWS.of(self.id), self._trace)
        self._publish()
        self.post(self._gateway, PlanWanted())

    def _change_plan(self, message: PlanChanged) -> None:
        if message.incarnation < self._incarnation:
            return  # of a gateway that has been replaced
        same_gateway = message.incarnation == self._incarnation
        if same_gateway and message.blocks == self._blocks:
            return  # who watches changes nothing here
        self._incarnation, self._blocks = message.incarnation, message.blocks
        before, self._routes = self._routes, {}
        for index, block in enumerate(message.blocks):
            if isinstance(block.request, Expected):
                key = block.request.unit, block.request.name
                if key not in self._routes:
                    self._routes[key] = replace(before.get(key, _Route()), blocks=[])
                self._routes[key].blocks.append(index)
        self._silence.watch([block.request.period_s for block in message.blocks], self.clock.monotonic())
        self._tally.replan(len(message.blocks))
        self._ages.replan(message.blocks)
        self._go_on(0.0)

    # ---- listening

    def _go_on(self, delay_s: float) -> None:
        self._serial += 1
        if delay_s > 0:
            self.post_later(delay_s, _Hear(self._serial))
        else:
            self.post_self(_Hear(self._serial))

    def _run(self) -> None:
        """Wait for one frame; then see who is silent, who waits in vain, and what is to be handed on."""
        feed, now = self._feed, self.clock.monotonic()
        if feed is None:
            return
        if not self._blocks and not self._waiting:
            feed.hang_up()
            self._link.let_go()
            return
        if not feed.is_open and not self._open(feed, now):
            self._go_on(max(0.001, self._link.open_at - now))
            return
        self._hear(feed)
        now = self.clock.monotonic()
        if now >= self._hand_at:
            self._hand_on(now)
        self._report_silence(now)
        self._waiting.refuse_late(now)
        if now >= self._publish_at:
            self._publish()
        self._go_on(max(0.0, self._hand_at - now) if self._taken >= MOST_AT_ONCE else 0.0)

    def _open(self, feed: Feed, now: float) -> bool:
        """What was silent while there was no link has its time anew."""
        opened = self._link.open(feed, now)
        if opened:
            self._barren += 1
            self._silence.forgive(self.clock.monotonic())
        else:
            self._waiting.refuse_all(self._link.error())
        return opened

    def _hear(self, feed: Feed) -> None:
        """A loss is mended quietly, unless nothing was ever heard on this link."""
        is_waiting = any(route.is_fresh for route in self._routes.values())
        try:
            frame = feed.hear(HAND_S if is_waiting else HEAR_S)
        except BadAnswer as error:
            self._tally.count_error(error.code)
            self._trace.note(0, self.clock.now_ms(), 0.0, Expected(0), None, error.code, error.message)
        except LinkDown as error:
            feed.hang_up()
            if self._barren:
                self._link.fail(error, self._barren)
        else:
            if frame is not None:
                self._take(frame)

    def _take(self, frame: Frame) -> None:
        self._barren = 0
        self._taken += 1
        now, ts_ms = self.clock.monotonic(), self.clock.now_ms()
        key = frame.unit, frame.name
        route = self._routes.get(key)
        devices = [self._blocks[index].device for index in route.blocks] if route is not None else []
        for device in devices or [0]:
            self._trace.note(device, ts_ms, 0.0, Expected(*key), frame.payload, "", "")
        if route is not None:
            route.frame, route.at, route.ts_ms, route.is_fresh = frame, now, ts_ms, True
            for index in route.blocks:
                self._silence.heard(index, now)
                self._ages.answered(index, now, now)
        self._waiting.answer(frame)

    def _hand_on(self, now: float) -> None:
        self._hand_at, self._taken = now + HAND_S, 0
        for route in self._routes.values():
            if not route.is_fresh or route.frame is None:
                continue
            route.is_fresh = False
            for index in route.blocks:
                self._tally.polled(index, 0.0)
                block, payload = self._blocks[index], route.frame.payload
                read = BlockRead(block.device, block.block, route.ts_ms, 0, payload, self._incarnation)
                self.post(self._gateway, read)

    def _report_silence(self, now: float) -> None:
        for index, silent_s in self._silence.overdue(now):
            block = self._blocks[index]
            detail = f"nothing was heard from address {block.request.unit} for {silent_s:.0f} s"
            self._tally.failed(index, 0.0, SILENT)
            ts_ms = self.clock.now_ms()
            self._trace.note(block.device, ts_ms, 0.0, block.request, None, SILENT, detail)
            failed = BlockFailed(block.device, block.block, ts_ms, SILENT, detail, self._incarnation)
            self.post(self._gateway, failed)

    # ---- who asks

    def _perform(self, message: Perform) -> None:
        """Answered with the newest frame if it is not older than it may be, else with the next one."""
        now, wanted = self.clock.monotonic(), message.request
        if wanted.is_write or not isinstance(wanted, Expected):
            refuse(message.reply, WattkeeperError("request_invalid", "this source is heard, it cannot be asked"))
            return
        if self._feed is None or now >= message.deadline:
            refuse(message.reply, self._link.error() or nothing_heard(wanted))
            return
        route = self._routes.get((wanted.unit, wanted.name))
        if route is not None and route.frame is not None and now - route.at <= wanted.period_s:
            answer(message.reply, route.frame.payload)
            return
        self._waiting.add(message, now)
        self._go_on(0.0)

    def _refuse_write(self, message: WriteNow) -> None:
        code, detail = "write_not_permitted", "this source is heard, it cannot be told anything"
        written = Written(message.serial, message.incarnation, self.clock.now_ms(), 0, (), code, detail, refused=True)
        self.post(self._gateway, written)

    # ---- what is shown

    def _publish(self) -> None:
        now, tally, link = self.clock.monotonic(), self._tally, self._link
        self._publish_at = now + PUBLISH_S
        ages = self._ages.view(now, tally.costs_s, 0.0)
        view = BusView(self.id, link.is_up is True, tally.polls, tally.errors(), 0.0, 0.0, link.trouble, now, ages)
        self.publish(BUS_VIEWS.of(self.id), view)
