"""A gateway: the state of the devices behind one bus. Says what to poll, makes views and samples of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from actors.gateway.busclient import BusClient, LookAgain, Unwatch
from actors.gateway.commander import Commander, ReadAgain, TimeUp, Ways
from actors.gateway.identifier import Identifier, IdentityRead
from actors.gateway.publisher import Publisher
from actors.gateway.readlist import Periods, ReadList
from actors.gateway.reporter import Reporter
from actors.gateway.sampler import Sampler
from actors.gateway.statewatch import StateWatch
from actors.mailbox.base import COMMAND, Actor, Incarnation
from actors.message.device import (
    Begin,
    BlockFailed,
    BlockRead,
    Command,
    EventReported,
    LinkChanged,
    PlanWanted,
    ReplaceMeter,
    WatchDevices,
    Written,
)
from runtime.core.clock.clocktrust import CLOCK_VIEW, ClockView
from runtime.core.decode.decoder import Decoder
from runtime.core.device.command import MEMORY_VIEWS
from runtime.core.device.livedevice import MISCONFIGURED, LiveDevice
from runtime.core.device.modelcheck import KnownModels
from runtime.core.sample.sampling import GRACE_MS
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.core.view import Trouble

__all__ = ["Gateway", "Periods"]

TICK_S = 60.0  # longest sleep: the wall clock may step meanwhile
STALE_LEAST_S = 30
_TRUSTED = ClockView()


@dataclass(frozen=True, slots=True)
class _Tick:
    """Look at the clock. Gateway -> itself."""


@dataclass(frozen=True, slots=True)
class _GraceOver:
    """Close what still waits for counters. Gateway -> itself."""


Inbox = (
    Begin
    | PlanWanted
    | BlockRead
    | BlockFailed
    | LinkChanged
    | WatchDevices
    | IdentityRead
    | Command
    | Written
    | ReadAgain
    | TimeUp
    | _Tick
    | _GraceOver
    | Unwatch
    | LookAgain
)


class Gateway(Actor):
    """Named ``gateway.ID``; its bus is ``bus.ID``. Publishes ``GatewayView`` and a ``DeviceView`` per device.

    maps        what each device is read by: by device id, else by model
    interval_s  length of a sample slot, zone: where the site is
    kinds       what devices are checked against when they begin to answer
    demo        nothing real hangs on the wire: provisional maps may write
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
    ) -> None:
        super().__init__(incarnation)
        self.spec = spec
        self._specs = devices
        self._maps = maps
        self._bus = f"bus.{spec.id}"
        periods = periods or Periods()
        self._stale_after_s = max(STALE_LEAST_S, round(3 * periods.energy_s))
        self._devices: dict[int, LiveDevice] = {}
        self._agenda = ReadList(periods, spec.timeout_ms / 1000)
        to_bus = partial(self.post, self._bus)
        self._polling = BusClient(self._agenda, self._devices, incarnation.number, self.clock, to_bus, self.post_later)
        self._sampler = Sampler(interval_s, zone, self._newest_clock_view, self._to_recorder)
        self._teller = Reporter(self.clock, self._to_recorder)
        self._statewatch = StateWatch(self._teller.note)
        self._identifier = Identifier(
            kinds or KnownModels({}), self.clock, lambda read: self.post(self._bus, read), self.post_self
        )
        self._showing = Publisher(spec, devices, self.publish, incarnation.views)
        ways = Ways(
            to_bus=to_bus,
            later=self.post_later,
            keep=self._keep,
            remember=partial(self.publish, MEMORY_VIEWS.of(spec.id)),
            take=self._take,
        )
        memory = incarnation.views.get(MEMORY_VIEWS.of(spec.id))
        self._commanding = Commander(
            self._devices, ways, self.clock, incarnation.number, demo=demo, timeout_s=spec.timeout_ms / 1000,
            memory=memory,
        )  # fmt: skip
        self._link: Trouble | None = None

    def on_receive(self, message: Inbox) -> None:
        match message:
            case BlockRead():
                self._take(message)
            case BlockFailed():
                self._note_failure(message)
            case LinkChanged():
                self._note_link(message)
            case IdentityRead():
                self._judge(message)
            case Command() | Written() | ReadAgain() | TimeUp():
                self._commanding.handle(message)
            case LookAgain():
                self._polling.look_again(message)
            case _Tick():
                self._tick()
            case _GraceOver():
                self._expire()
            case WatchDevices():
                self._polling.watch(message)
            case Unwatch():
                self._polling.unwatch()
            case PlanWanted():
                self._polling.send()
            case Begin():
                self._begin()
            case _:
                assert_never(message)

    def _begin(self) -> None:
        for spec in self._specs:
            compiled = self._maps.get(spec.id) or self._maps.get(spec.model)
            if not (self.spec.on and spec.on):
                self._showing.unread(spec, "off", None)
            elif compiled is None:
                detail = f"no driver knows the model {spec.model}: check its name, and that its plugin is loaded"
                self._showing.unread(spec, "configuration_error", Trouble("model_unknown", detail, self.clock.now_ms()))
            else:
                self._begin_with(spec, compiled)
        self._showing.gateway(self._link)
        self._polling.send()
        self._tick()

    def _begin_with(self, spec: DeviceSpec, compiled: Decoder) -> None:
        try:
            device = LiveDevice(spec, compiled, self._sampler.interval_of, self.clock.now_ts(), self._stale_after_s)
        except ValueError as error:
            trouble = Trouble("address_wrong", str(error), self.clock.now_ms())
            self._showing.unread(spec, "configuration_error", trouble)
            return
        self._devices[spec.id] = device
        self._sampler.add(device, self._agenda.counters_ms(device))
        self._showing.device(device)

    def _to_recorder(self, message: object) -> None:
        self.post("recorder", message)

    def _keep(self, message: EventReported | ReplaceMeter) -> None:
        """A counter that was preset while nobody knows the time begins anew there instead."""
        if isinstance(message, EventReported) or self._newest_clock_view().trusted:
            self._to_recorder(message)

    def _newest_clock_view(self) -> ClockView:
        return self.incarnation.views.get(CLOCK_VIEW, _TRUSTED)

    # ---- what the bus tells

    def _device_of(self, message: BlockRead | BlockFailed) -> LiveDevice | None:
        """None for an answer to a plan before this incarnation."""
        return self._devices.get(message.device) if message.incarnation == self.incarnation.number else None

    def _take(self, message: BlockRead) -> None:
        device = self._device_of(message)
        if device is None:
            return
        if self._sampler.is_behind():
            self._follow_clock()
        self._teller.note_answer(message.device)
        before = device.state
        samples, rescaled = device.read(message.block, message.ts_ms, message.payload)
        self._statewatch.look(device, message.ts_ms)
        self._showing.device(device)
        if samples:
            self._sampler.take(device, samples)
        if rescaled:
            detail = "a parameter that scales its counters changed"
            self._teller.note(message.ts_ms, device, "parameter_changed", detail)
        self._teller.note_state(message.ts_ms, device, before)
        is_new = self._teller.note_name(message.ts_ms, device, message.block)
        if is_new:
            self._polling.look_again(LookAgain(message.device, message.block))
        self._identifier.greet(device, came_back=is_new or before == "communication_error")

    def _judge(self, message: IdentityRead) -> None:
        """The last answer of a device says whether it is the one that was configured."""
        judged = self._identifier.take(message)
        if judged is not None:
            device, verdict = judged
            self._teller.note_verdict(self.clock.now_ms(), device, verdict)
            self._showing.device(device)

    def _note_failure(self, message: BlockFailed) -> None:
        device = self._device_of(message)
        if device is None:
            return
        before = device.state
        code, detail = self._teller.cause_of(device, message)
        if device.failed(message.block, message.ts_ms, code, detail):
            self._polling.send()
        self._showing.device(device)
        self._teller.note_state(message.ts_ms, device, before)
        if code in MISCONFIGURED:
            self._identifier.greet(device, came_back=before == "communication_error")

    def _note_link(self, message: LinkChanged) -> None:
        self._link = None if message.up else Trouble(message.code, message.detail, message.ts_ms)
        if self._link is not None:
            for device in self._devices.values():
                before = device.state
                device.cut_off(self._link)
                self._showing.device(device)
                self._teller.note_state(message.ts_ms, device, before)
        self._showing.gateway(self._link)

    # ---- the edges of slots

    def _tick(self) -> None:
        """At an edge the counters are read at once, and a little later nobody waits for them any more."""
        self._follow_clock()
        self._teller.report_calmed()
        for device in self._devices.values():
            if device.doubt is not None:
                self._identifier.doubt(device)
        now_ms = self.clock.now_ms()
        if self._sampler.passed_boundary(now_ms):
            self._polling.read_counters()
            self.post_later(GRACE_MS / 1000, _GraceOver())
        self.post_later(min(TICK_S, self._sampler.next_boundary_s(now_ms)), _Tick())
        self._showing.gateway(self._link)

    def _expire(self) -> None:
        now_ms = self.clock.now_ms()
        for device in self._devices.values():
            self._sampler.take(device, device.expire(now_ms))

    def _follow_clock(self) -> None:
        if self._sampler.follow_clock(tuple(self._devices.values()), self.clock.now_ms()):
            for device in self._devices.values():
                self._showing.device(device)
