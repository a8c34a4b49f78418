"""A gateway: the state of the devices behind one bus. Says what to poll, makes views and samples of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from actors.base import Actor, Life
from actors.messages import (
    Begin,
    BlockFailed,
    BlockRead,
    BlocksDue,
    EventNoted,
    LinkChanged,
    PlanChanged,
    PlanWanted,
    PollBlock,
    SampleClosed,
    WatchDevices,
)
from runtime.core import pollplan, timegrid
from runtime.core.clocktrust import ClockView
from runtime.core.compiled import CompiledMap
from runtime.core.doubled import GARBLED, Outcomes
from runtime.core.edges import GRACE_MS, Closed
from runtime.core.flapping import Flapping, Verdict
from runtime.core.installation import DeviceSpec, GatewaySpec
from runtime.core.livedevice import LiveDevice
from runtime.core.rebase import WaitingRoom
from runtime.core.view import BusView, DeviceView, GatewayView, Trouble

TIMEOUT_S = 1.0
TICK_S = 60.0  # longest sleep: the wall clock may step meanwhile
STALE_LEAST_S = 30


@dataclass(frozen=True, slots=True)
class Periods:
    """How often each kind of block is read; 0 = as often as the bus can."""

    live_s: float = 2.0
    energy_s: float = 10.0
    slow_s: float = 60.0
    parameter_s: float = 3600.0
    watched_s: float = 1.0

    def of(self, kind: str) -> float:
        return float(getattr(self, f"{kind}_s"))


@dataclass(frozen=True, slots=True)
class _Tick:
    """Look at the clock. Gateway -> itself."""


@dataclass(frozen=True, slots=True)
class _GraceOver:
    """Close what still waits for counters. Gateway -> itself."""


@dataclass(frozen=True, slots=True)
class _Unwatch:
    """Maybe nobody looks any more. Gateway -> itself."""


Inbox = Begin | PlanWanted | BlockRead | BlockFailed | LinkChanged | WatchDevices | _Tick | _GraceOver | _Unwatch

_TRUSTED = ClockView()
_ORDER = ("parameter", "live", "energy", "slow")  # within a device's turn
_RANKS = {"parameter": pollplan.SLOW, "slow": pollplan.SLOW, "energy": pollplan.LIVE, "live": pollplan.LIVE}


class Gateway(Actor):
    """Named ``gateway.ID``; its bus is ``bus.ID``. Publishes ``GatewayView`` and a ``DeviceView`` per device.

    maps        what each device is read by: by device id, else by model
    interval_s  length of a sample slot, zone: where the site is
    """

    def __init__(
        self,
        life: Life,
        spec: GatewaySpec,
        devices: tuple[DeviceSpec, ...],
        maps: Mapping[Any, CompiledMap],
        interval_s: int,
        zone: ZoneInfo,
        *,
        periods: Periods | None = None,
    ) -> None:
        super().__init__(life)
        self.spec = spec
        self._specs = devices
        self._maps = maps
        self._interval_s = interval_s
        self._zone = zone
        self._periods = periods or Periods()
        self._bus = f"bus.{spec.id}"
        self._devices: dict[int, LiveDevice] = {}
        self._watched: dict[int, float] = {}  # device -> monotonic end
        self._poll_ms: dict[int, int] = {}
        self._rooms: dict[int, WaitingRoom] = {}
        self._clock_view = self._newest_clock_view()
        self._outcomes = Outcomes()
        self._flapping = Flapping()
        self._edge_ts = 0
        self._link: Trouble | None = None

    def on_receive(self, message: Inbox) -> None:
        match message:
            case BlockRead():
                self._take(message)
            case BlockFailed():
                self._note_failure(message)
            case LinkChanged():
                self._note_link(message)
            case _Tick():
                self._tick()
            case _GraceOver():
                self._expire()
            case WatchDevices():
                self._watch(message)
            case _Unwatch():
                self._unwatch()
            case PlanWanted():
                self._send_plan()
            case Begin():
                self._begin()
            case _:
                assert_never(message)

    def _begin(self) -> None:
        now_ts = self.clock.now_ts()
        for spec in self._specs:
            compiled = self._maps.get(spec.id) or self._maps.get(spec.model)
            if not (self.spec.on and spec.on):
                self._show_unread(spec, "off", None)
            elif compiled is None:
                detail = f"no driver knows the model {spec.model}: check its name, and that its plugin is loaded"
                self._show_unread(spec, "configuration_error", Trouble("model_unknown", detail, self.clock.now_ms()))
            else:
                device = LiveDevice(spec, compiled, self._slot_of, now_ts, self._stale_after_s())
                self._devices[spec.id] = device
                self._poll_ms[spec.id] = self._poll_ms_of(device)
                self._rooms[spec.id] = WaitingRoom()
                self.publish(f"device.{spec.id}", device.view())
        self._publish()
        self._send_plan()
        self._tick()

    def _slot_of(self, ts: int) -> tuple[int, int]:
        start_ts = timegrid.slot_start(ts, self._interval_s, self._zone)
        return start_ts, timegrid.next_edge(ts, self._interval_s, self._zone)

    def _stale_after_s(self) -> int:
        return max(STALE_LEAST_S, round(3 * self._periods.energy_s))

    def _poll_ms_of(self, device: LiveDevice) -> int:
        """How often counters are read."""
        kinds = [device.compiled.blocks[block].kind for block in device.counter_blocks]
        return round(1000 * max(map(self._periods.of, kinds), default=0.0))

    # ---- what the bus tells

    def _take(self, message: BlockRead) -> None:
        device = self._devices.get(message.device)
        if device is None or message.incarnation != self.life.incarnation:
            return  # of a plan before this life
        if self._newest_clock_view() is not self._clock_view:
            self._follow_clock()
        self._outcomes.note(message.device, False)
        state = device.state
        samples, rescaled = device.read(message.block, message.ts_ms, message.payload)
        self.publish(f"device.{message.device}", device.view())
        if samples:
            self._send_samples(device, samples)
        if rescaled:
            self._note_event(message.ts_ms, device, "parameter_changed", "a parameter that scales its counters changed")
        if device.state != state:
            self._state_changed(device, state, message.ts_ms)

    def _note_failure(self, message: BlockFailed) -> None:
        device = self._devices.get(message.device)
        if device is None or message.incarnation != self.life.incarnation:
            return
        state, code, detail = device.state, message.code, message.detail
        self._outcomes.note(message.device, code in GARBLED)
        if code in GARBLED and self._outcomes.is_doubled(message.device):
            code, detail = self._tell_doubled(device, message)
        if device.failed(message.block, message.ts_ms, code, detail):
            self._send_plan()
        self.publish(f"device.{message.device}", device.view())
        if device.state != state:
            self._state_changed(device, state, message.ts_ms)

    def _tell_doubled(self, device: LiveDevice, message: BlockFailed) -> tuple[str, str]:
        detail = f"two devices seem to have the address {device.spec.unit}: {message.detail}"
        if device.trouble is None or device.trouble.code != "address_doubled":
            self._note_event(message.ts_ms, device, "address_doubled", detail)
        return "address_doubled", detail

    def _note_link(self, message: LinkChanged) -> None:
        if message.up:
            self._link = None
        else:
            self._link = Trouble(message.code, message.detail, message.ts_ms)
            for device in self._devices.values():
                state = device.state
                device.cut_off(self._link)
                self.publish(f"device.{device.spec.id}", device.view())
                if device.state != state:
                    self._state_changed(device, state, message.ts_ms)
        self._publish()

    def _state_changed(self, device: LiveDevice, before: str, ts_ms: int) -> None:
        if device.state == "communication_error":
            self._note_event(ts_ms, device, "communication_error", device.trouble.message if device.trouble else "")
        elif before == "communication_error":
            self._note_event(ts_ms, device, "communication_restored", "")

    def _note_event(self, ts_ms: int, device: LiveDevice, code: str, detail: str) -> None:
        """What flaps is told a few times and counted from then on."""
        subject = f"device.{device.spec.id}"
        verdict = self._flapping.judge((subject, code), self.clock.monotonic())
        if verdict is Verdict.FLAPS:
            code, detail = f"{code}_flaps", "it happens again and again; it is counted from now on"
        if verdict is not Verdict.COUNT:
            self.post("recorder", EventNoted(ts_ms, subject, code, detail))

    def _tell_calmed(self) -> None:
        for (subject, code), times in self._flapping.calmed(self.clock.monotonic()):
            event = EventNoted(self.clock.now_ms(), subject, f"{code}_calmed", f"{times} times, then not any more")
            self.post("recorder", event)

    # ---- the plan

    def _send_plan(self) -> None:
        blocks = [block for device in self._devices.values() for block in self._blocks_of(device)]
        self.post(self._bus, PlanChanged(self.life.incarnation, tuple(blocks)))

    def _blocks_of(self, device: LiveDevice) -> Iterable[PollBlock]:
        watched = device.spec.id in self._watched
        timeout_s = self.spec.timeout_ms / 1000 or TIMEOUT_S
        for number, kind, request in sorted(device.reads(), key=lambda read: _ORDER.index(read[1])):
            period_s, rank = self._periods.of(kind), _RANKS[kind]
            if watched and kind == "live":
                period_s, rank = min(period_s, self._periods.watched_s), pollplan.WATCHED
            yield PollBlock(device.spec.id, number, request, period_s, timeout_s, rank)

    def _watch(self, message: WatchDevices) -> None:
        until = self.clock.monotonic() + message.for_s
        fresh = [id for id in message.devices if id in self._devices and id not in self._watched]
        for id in message.devices:
            if id in self._devices:
                self._watched[id] = max(until, self._watched.get(id, 0.0))
        if fresh:
            self._send_plan()
            self.post_later(message.for_s, _Unwatch())

    def _unwatch(self) -> None:
        now = self.clock.monotonic()
        kept = {id: until for id, until in self._watched.items() if until > now}
        if len(kept) < len(self._watched):
            self._watched = kept
            self._send_plan()
        if kept:
            self.post_later(min(kept.values()) - now, _Unwatch())

    # ---- the edges of slots

    def _tick(self) -> None:
        """At an edge the counters are read at once, and a little later nobody waits for them any more."""
        self._follow_clock()
        self._tell_calmed()
        now_ms = self.clock.now_ms()
        if self._edge_ts and now_ms >= self._edge_ts * 1000:
            due = tuple((id, block) for id, device in self._devices.items() for block in device.counter_blocks)
            self.post(self._bus, BlocksDue(self.life.incarnation, due))
            self.post_later(GRACE_MS / 1000, _GraceOver())
        self._edge_ts = self._slot_of(now_ms // 1000)[1]
        self.post_later(min(TICK_S, self._edge_ts - now_ms / 1000), _Tick())
        self._publish()

    def _expire(self) -> None:
        now_ms = self.clock.now_ms()
        for device in self._devices.values():
            self._send_samples(device, device.expire(now_ms))

    def _send_samples(self, device: LiveDevice, samples: Sequence[Closed]) -> None:
        """While the clock is not trusted they wait."""
        self._record(device, self._rooms[device.spec.id].admit(samples, self._clock_view))

    def _record(self, device: LiveDevice, samples: Sequence[Closed]) -> None:
        compiled = device.compiled
        for closed in samples:
            sample = SampleClosed(
                device.spec.id, closed.start_ts, closed.end_ts, compiled.recorded, closed.columns_n, closed.quality,
                closed.counters, self._poll_ms[device.spec.id], closed.rescaled_ms,
            )  # fmt: skip
            self.post("recorder", sample)

    # ---- the clock

    def _newest_clock_view(self) -> ClockView:
        view: ClockView = self.life.views.get("clock", _TRUSTED)
        return view

    def _follow_clock(self) -> None:
        """Once trust is won what was dated before is put right, and sampling begins anew on the right slots."""
        before, self._clock_view = self._clock_view, self._newest_clock_view()
        if before.trusted or not self._clock_view.trusted:
            return
        shift_ms, now_ms = self._clock_view.shift_ms, self.clock.now_ms()
        for id, device in self._devices.items():
            room = self._rooms[id]
            self._record(device, room.admit(device.rebase(shift_ms, now_ms // 1000), before))
            self._record(device, room.rebased(shift_ms, self._slot_of, now_ms))
            self.publish(f"device.{id}", device.view())
        self._edge_ts = 0

    # ---- views

    def _show_unread(self, spec: DeviceSpec, state: str, trouble: Trouble | None) -> None:
        view = DeviceView(
            spec.id, spec.name, spec.gateway, state, trouble=trouble, model=spec.model, address=spec.address
        )
        self.publish(f"device.{spec.id}", view)

    def _publish(self) -> None:
        spec = self.spec
        state = "off" if not spec.on else "on" if self._link is None else "communication_error"
        bus = self.life.views.get(self._bus)
        round_s = bus.round_s if isinstance(bus, BusView) else 0.0
        devices = tuple(device.id for device in self._specs)
        self.publish(
            f"gateway.{spec.id}", GatewayView(spec.id, spec.name, spec.url, state, devices, round_s, self._link)
        )
