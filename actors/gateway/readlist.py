"""What a gateway wants its bus to read: how often each kind of block is due, and more often while somebody looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actors.message.device import PollBlock
from runtime.core.device.livedevice import LiveDevice
from runtime.core.poll import schedule

TIMEOUT_S = 1.0
_ORDER = ("parameter", "live", "energy", "slow")  # within a device's turn
_RANKS = {"parameter": schedule.SLOW, "slow": schedule.SLOW, "energy": schedule.LIVE, "live": schedule.LIVE}


@dataclass(frozen=True, slots=True)
class Periods:
    """How often each kind of block is read; 0 = as often as the bus can.

    view_s  how often what was read is shown at most, of devices that nobody looks at
    """

    live_s: float = 2.0
    energy_s: float = 10.0
    slow_s: float = 60.0
    parameter_s: float = 3600.0
    watched_s: float = 1.0
    view_s: float = 0.25

    def of(self, kind: str) -> float:
        return float(getattr(self, f"{kind}_s"))


class ReadList:
    """Makes the poll plan of one gateway. Times are monotonic seconds.

    timeout_s  how long the gateway's devices may take to answer, 0 = as usual
    """

    def __init__(self, periods: Periods, timeout_s: float = 0.0) -> None:
        self._periods = periods
        self._timeout_s = timeout_s or TIMEOUT_S
        self._watched: dict[int, float] = {}  # device -> when the looking ends
        self._left_alone: dict[int, float] = {}  # device -> until when it is not read

    def blocks(self, devices: Iterable[LiveDevice]) -> tuple[PollBlock, ...]:
        read = (device for device in devices if device.spec.id not in self._left_alone)
        return tuple(block for device in read for block in self._blocks_of(device))

    def leave_alone(self, device: int, until: float) -> None:
        """Its own watchdog shall act: whatever is asked feeds it."""
        self._left_alone[device] = until

    def ask_again(self, now: float) -> bool:
        """Those whose time is over are read again. Returns whether the plan changes."""
        before = len(self._left_alone)
        self._left_alone = {id: until for id, until in self._left_alone.items() if until > now}
        return len(self._left_alone) < before

    def counters_ms(self, device: LiveDevice) -> int:
        """How often a device's counters are read."""
        blocks = map(device.values.block_of, device.sampler.counter_blocks)
        return round(1000 * max((block.period_s or self._periods.of(block.kind) for block in blocks), default=0.0))

    def watch(self, devices: Iterable[int], until: float) -> bool:
        """Somebody looks at these. Returns whether the plan changes."""
        changed = False
        for id in devices:
            changed |= id not in self._watched
            self._watched[id] = max(until, self._watched.get(id, 0.0))
        return changed

    def unwatch(self, now: float) -> bool:
        """Forget those that nobody looks at any more. Returns whether the plan changes."""
        before = len(self._watched)
        self._watched = {id: until for id, until in self._watched.items() if until > now}
        return len(self._watched) < before

    def is_watched(self, device: int) -> bool:
        return device in self._watched

    @property
    def watched_until(self) -> float | None:
        """When the next looking ends; None when nobody looks."""
        return min(self._watched.values(), default=None)

    def _blocks_of(self, device: LiveDevice) -> Iterable[PollBlock]:
        watched = device.spec.id in self._watched
        for number, kind, request in sorted(device.reads(), key=lambda read: _ORDER.index(read[1])):
            period_s, rank = request.period_s or self._periods.of(kind), _RANKS[kind]
            if watched and kind == "live" and not request.period_s:
                period_s, rank = min(period_s, self._periods.watched_s), schedule.WATCHED
            yield PollBlock(device.spec.id, number, request, period_s, self._timeout_s, rank)
