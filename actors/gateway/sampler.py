"""The samples of a gateway's devices: the slots of the site's time, and what waits until the time is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from actors.message.device import SampleClosed
from runtime.core.clock import timegrid
from runtime.core.clock.clocktrust import ClockView
from runtime.core.device.livedevice import LiveDevice
from runtime.core.sample.redating import WaitingRoom
from runtime.core.sample.sampling import Closed


class Sampler:
    """Sends each closed sample once.

    interval_s    length of a slot, zone: where the site is
    newest_clock  what is known of the clock now, another object with each change
    send          takes what is to be recorded
    """

    def __init__(
        self,
        interval_s: int,
        zone: ZoneInfo,
        newest_clock: Callable[[], ClockView],
        send: Callable[[SampleClosed], object],
    ) -> None:
        self._interval_s = interval_s
        self._zone = zone
        self._newest_clock = newest_clock
        self._clock_view = newest_clock()
        self._send = send
        self._rooms: dict[int, WaitingRoom] = {}
        self._poll_ms: dict[int, int] = {}
        self._edge_ts = 0

    def add(self, device: LiveDevice, poll_ms: int) -> None:
        """One more device; its counters are read so often."""
        self._rooms[device.spec.id] = WaitingRoom()
        self._poll_ms[device.spec.id] = poll_ms

    def interval_of(self, ts: int) -> tuple[int, int]:
        start_ts = timegrid.interval_start(ts, self._interval_s, self._zone)
        return start_ts, timegrid.next_boundary(ts, self._interval_s, self._zone)

    def passed_boundary(self, now_ms: int) -> bool:
        """Whether a slot ended since this was asked last."""
        passed = bool(self._edge_ts) and now_ms >= self._edge_ts * 1000
        self._edge_ts = self.interval_of(now_ms // 1000)[1]
        return passed

    def next_boundary_s(self, now_ms: int) -> float:
        return self._edge_ts - now_ms / 1000

    def take(self, device: LiveDevice, samples: Sequence[Closed]) -> None:
        """While the clock is not trusted they wait."""
        self._record(device, self._rooms[device.spec.id].admit(samples, self._clock_view))

    def is_behind(self) -> bool:
        """Whether more is known of the clock than was when it was followed last."""
        return self._newest_clock() is not self._clock_view

    def follow_clock(self, devices: Sequence[LiveDevice], now_ms: int) -> bool:
        """Once trust is won what was dated before is put right, and sampling begins anew on the right slots."""
        before, self._clock_view = self._clock_view, self._newest_clock()
        if before.trusted or not self._clock_view.trusted:
            return False
        shift_ms = self._clock_view.shift_ms
        for device in devices:
            room = self._rooms[device.spec.id]
            self._record(device, room.admit(device.rebase(shift_ms, now_ms // 1000), before))
            self._record(device, room.rebased(shift_ms, self.interval_of, now_ms))
        self._edge_ts = 0
        return True

    def _record(self, device: LiveDevice, samples: Sequence[Closed]) -> None:
        compiled = device.compiled
        for closed in samples:
            sample = SampleClosed(
                device.spec.id, closed.start_ts, closed.end_ts, compiled.recorded, closed.columns_n, closed.quality,
                closed.counters, self._poll_ms[device.spec.id], closed.rescaled_ms, closed.doubt,
            )  # fmt: skip
            self._send(sample)
