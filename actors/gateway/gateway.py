"""A gateway: the devices behind one bus. A message goes to the part that knows what to do; what it returns is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from actors.gateway.begindevices import DeviceMaker, Unread
from actors.gateway.busclient import AskAgain, BusClient, LookAgain, Unwatch
from actors.gateway.commander import Commander, ReadAgain, TimeUp
from actors.gateway.identifier import Identifier, IdentityRead, request_identity
from actors.gateway.inbox import CatchUp, GraceOver, Inbox, Tick
from actors.gateway.loopguard import judge
from actors.gateway.outgoing import Answer, Later, Outgoing, Question
from actors.gateway.publisher import Pace, gateway_view, unread_view
from actors.gateway.readlist import Periods, ReadList
from actors.gateway.reporter import Reporter, samples_of
from actors.mailbox.base import COMMAND, Actor, Host, Incarnation
from actors.mailbox.reply import fill, refuse
from actors.message.charging import LeaveAlone
from actors.message.device import (
    Begin,
    BlockDoubted,
    BlockFailed,
    BlockRead,
    BlocksDue,
    Command,
    EventReported,
    LinkChanged,
    PlanChanged,
    PlanWanted,
    SampleClosed,
    WatchDevices,
    WriteNow,
    Written,
)
from actors.message.history import ReplaceMeter
from actors.message.servertree import LoopReported
from runtime.core.clock.clocktrust import CLOCK_VIEW
from runtime.core.decode.decoder import Decoder
from runtime.core.device.command import MEMORY_VIEWS, Memory
from runtime.core.device.livedevice import TRUSTED, Heard, LiveDevice
from runtime.core.device.sampler import is_won
from runtime.core.device.sharedaddress import Outcomes
from runtime.core.identity.modelcheck import KnownModels
from runtime.core.sample.interval import Intervals
from runtime.core.sample.sampling import GRACE_MS
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.core.view import BUS_VIEWS, DEVICE_VIEWS, GATEWAY_VIEWS, Trouble
from runtime.errors import WattkeeperError

__all__ = ["Gateway", "Periods"]

TICK_S = 60.0  # longest sleep: the wall clock may step meanwhile


class Gateway(Actor):
    """Named ``gateway.ID``; its bus is ``bus.ID``. Publishes ``GatewayView`` and a ``DeviceView`` per device.

    maps        what each device is read by: by device id, else by model
    interval_s  length of a sample slot, zone: where the site is
    kinds       what devices are checked against when they begin to answer
    demo        nothing real hangs on the wire: provisional maps may write
    host        whose thread it lives on, None = its own
    """

    PRIORITY = MappingProxyType({Command: COMMAND, Written: COMMAND})

    def __init__(
        self,
        incarnation: Incarnation,
        spec: GatewaySpec,
        devices: tuple[DeviceSpec, ...],
        maps: Mapping[Any, Decoder],
        interval_s: int,
        zone: ZoneInfo,
        *,
        periods: Periods | None = None,
        kinds: KnownModels | None = None,
        demo: bool = False,
        host: Host | None = None,
    ) -> None:
        super().__init__(incarnation, host)
        self.spec = spec
        self._specs = devices
        self._bus = f"bus.{spec.id}"
        periods, timeout_s = periods or Periods(), spec.timeout_ms / 1000
        self._devices: dict[int, LiveDevice] = {}
        self._agenda = ReadList(periods, timeout_s)
        self._polling = BusClient(self._agenda, self._devices, incarnation.number)
        self._edges = Intervals(interval_s, zone)
        self._maker = DeviceMaker(maps, self._edges.interval_of, periods.energy_s, spec.on)
        self._addresses = Outcomes()
        self._identifier = Identifier(kinds or KnownModels({}), self.clock)
        self._commander = Commander(
            self._devices, self.clock, incarnation.number, demo=demo, timeout_s=timeout_s,
            memory=incarnation.views.get(MEMORY_VIEWS.of(spec.id)))  # fmt: skip
        self._reporter = Reporter()
        self._pace = Pace(periods.view_s)
        self._clock_view = incarnation.views.get(CLOCK_VIEW, TRUSTED)
        self._link: Trouble | None = None

    def on_receive(self, message: Inbox) -> None:
        match message:
            case BlockRead():
                self._note_answer(message)
            case BlockFailed():
                self._note_failure(message)
            case BlockDoubted():
                self._note_doubt(message)
            case LinkChanged():
                self._note_link(message)
            case IdentityRead():
                self._send(self._identifier.take(message))
            case Command() | Written() | ReadAgain() | TimeUp():
                self._follow_clock()
                self._send(self._commander.handle(message))
            case LoopReported():
                self._send(judge(self._devices.values(), message, self.clock.now_ms()))
            case Tick():
                self._tick()
            case CatchUp(device=device):
                self._catch_up(device)
            case GraceOver():
                self._expire()
            case PlanWanted() | LookAgain() | WatchDevices() | Unwatch() | LeaveAlone() | AskAgain():
                self._send(self._polling.handle(message, self.clock.monotonic()))
            case Begin():
                self._begin()
            case _:
                assert_never(message)

    def on_end(self) -> None:
        """Whoever samples next begins anew: what the counters showed until now is told before."""
        for device in self._devices.values():
            self._catch_up(device)
            self._send(samples_of(device.hand_over(), self._agenda.counters_ms(device)))

    def _begin(self) -> None:
        for spec in self._specs:
            match self._maker.begin(spec, self.clock.now_ts(), self._clock_view):
                case LiveDevice() as device:
                    self._devices[spec.id] = device
                    self._publish(Heard(device))
                case Unread() as unread:
                    self.publish(DEVICE_VIEWS.of(spec.id), unread_view(unread, self.clock.now_ms()))
        self._show()
        self._send((self._polling.plan(),))
        self._tick()

    # ---- what the bus tells

    def _device_of(self, message: BlockRead | BlockDoubted | BlockFailed) -> LiveDevice | None:
        """None for an answer to a plan before this incarnation."""
        return self._devices.get(message.device) if message.incarnation == self.incarnation.number else None

    def _note_answer(self, message: BlockRead) -> None:
        device = self._device_of(message)
        if device is None:
            return
        now = self.clock.monotonic()
        if self.host is None or message.suspect or self._agenda.is_watched(message.device):
            self._catch_up(device)
            self._read(device, (message,), now)
            return
        wait_s = self._pace.wait_s(message, now)
        if wait_s != 0.0:
            device.count()
        if wait_s:
            self.post_later(wait_s, CatchUp(device))
        elif wait_s is not None:
            self._read(device, (message,), now)

    def _catch_up(self, device: LiveDevice) -> None:
        """What was read of it meanwhile, before anything else is made of it."""
        now = self.clock.monotonic()
        if reads := self._pace.take(device.spec.id, now):
            self._read(device, reads, now)

    def _read(self, device: LiveDevice, reads: Sequence[BlockRead], now: float) -> None:
        self._follow_clock()
        for read in reads:
            self._addresses.note(read.device, False)
            heard = device.read(read.block, read.ts_ms, read.payload, now, suspect=read.suspect)
            self._follow_up(heard)
        self.publish(DEVICE_VIEWS.of(device.spec.id), device.view())

    def _note_doubt(self, message: BlockDoubted) -> None:
        device = self._device_of(message)
        if device is not None:
            self._catch_up(device)
            self._publish(device.doubted(message.block))

    def _note_failure(self, message: BlockFailed) -> None:
        device = self._device_of(message)
        if device is not None:
            self._catch_up(device)
            cause = self._addresses.cause_of(message.device, device.spec.unit, message.code, message.detail)
            self._publish(device.failed(message.block, message.ts_ms, *cause))

    def _note_link(self, message: LinkChanged) -> None:
        self._link = None if message.up else Trouble(message.code, message.detail, message.ts_ms)
        if self._link is not None:
            for device in self._devices.values():
                self._catch_up(device)
                self._publish(device.cut_off(self._link))
        self._show()

    # ---- the edges of slots, and the clock

    def _tick(self) -> None:
        """At an edge the counters are read at once, and a little later nobody waits for them any more."""
        self._follow_clock()
        now_ms = self.clock.now_ms()
        self._send(self._reporter.calmed(now_ms, self.clock.monotonic()))
        for device in self._devices.values():
            if device.health.doubt is not None:
                self._send(self._identifier.doubt(device))
        if self._edges.has_passed(now_ms):
            self._send((self._polling.counters(), Later(GRACE_MS / 1000, GraceOver())))
        self.post_later(min(TICK_S, self._edges.next_in_s(now_ms)), Tick())
        self._show()

    def _expire(self) -> None:
        for device in self._devices.values():
            self._catch_up(device)
            self._record(device.expire(self.clock.now_ms()))

    def _follow_clock(self) -> None:
        """More is known of the clock than was: what was dated by one that nobody trusts is put right."""
        before, newest = self._clock_view, self.incarnation.views.get(CLOCK_VIEW, TRUSTED)
        if newest is before:
            return
        self._clock_view, now_ms = newest, self.clock.now_ms()
        followed = [device.follow(newest, now_ms) for device in self._devices.values()]
        if is_won(before, newest):
            self._edges.begin_anew()
            self._send(followed)

    # ---- the ways out

    def _publish(self, heard: Heard) -> None:
        """All that becomes of what was heard of a device: shown, recorded, and asked about."""
        device = heard.device
        self.publish(DEVICE_VIEWS.of(device.spec.id), device.view())
        self._follow_up(heard)

    def _follow_up(self, heard: Heard) -> None:
        device = heard.device
        if heard.events or heard.samples:
            self._record(heard)
        if heard.replan:
            self._send((self._polling.plan(),))
        if heard.renamed is not None:
            self._send(self._polling.look_again(LookAgain(device.spec.id, heard.renamed)))
        if heard.answered:
            self._send(self._identifier.greet(device, came_back=heard.came_back))

    def _record(self, heard: Heard) -> None:
        self._send(self._reporter.events(heard, self.clock.monotonic()))
        self._send(samples_of(heard, self._agenda.counters_ms(heard.device)))

    def _send(self, outgoing: Iterable[Outgoing]) -> None:
        for message in outgoing:
            match message:
                case EventReported() | SampleClosed():
                    self.post("recorder", message)
                case PlanChanged() | BlocksDue():
                    self.post(self._bus, message)
                case Heard():
                    self._publish(message)
                case Later(delay_s=delay_s, message=later):
                    self.post_later(delay_s, later)
                case Question():
                    self._ask(message)
                case WriteNow():
                    if not self.post(self._bus, message):
                        self._send(self._commander.unsent(message))
                case Memory():
                    self.publish(MEMORY_VIEWS.of(self.spec.id), message)
                case Answer(replies=replies, value=value):
                    for reply in replies:
                        fill(reply, value)
                case ReplaceMeter():  # while nobody knows the time the counter begins anew there instead
                    if self._clock_view.trusted:
                        self.post("recorder", message)
                case _:
                    assert_never(message)

    def _ask(self, question: Question) -> None:
        """The answer comes back as a message; without a bus there is none."""
        wanted = request_identity(question, self.post_self)
        if not self.post(self._bus, wanted):
            refuse(wanted.reply, WattkeeperError("gateway_off", "the gateway has no bus at the moment"))

    def _show(self) -> None:
        view = gateway_view(self.spec, self._specs, self._link, self.incarnation.views.get(BUS_VIEWS.of(self.spec.id)))
        self.publish(GATEWAY_VIEWS.of(self.spec.id), view)
