"""Which block a bus reads next: the urgent first, one device in one go, the silent ones out of the others' way.

Classes share the line by weight (weighted fair queueing): a class that uses less than its share is served at once, and
on an overloaded line none starves. A device that fails twice in a row is silent: it is probed with one block, after
longer and longer waits, when the line is idle or within a small share of its time. Every step costs O(log n) in the
number of devices.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import Protocol

from runtime.core.poll.timeout import backoff_s

CHARGING, WATCHED, LIVE, SLOW, PROBE = range(5)
WEIGHTS = (64, 16, 4, 1)  # by class; PROBE has rules of its own
SILENT_AFTER = 2  # failures in a row
PROBE_SHARE = 40  # on a busy line one part in so many of its time goes to silent devices
EARLY = 0.1  # a block joins its device's turn when due within this part of its period


_Queue = list[tuple[float, int, int]]  # a heap of (due, device, stamp)


class Planned(Protocol):
    """A block: whose it is, its number there, how often it is due (0 = always), its class, how long it may take."""

    @property
    def device(self) -> int: ...
    @property
    def block(self) -> int: ...
    @property
    def period_s(self) -> float: ...
    @property
    def rank(self) -> int: ...
    @property
    def timeout_s(self) -> float: ...


class _Device:
    __slots__ = ("blocks", "failures", "id", "not_before", "stamp")

    def __init__(self, id: int) -> None:
        self.id = id
        self.blocks: list[int] = []
        self.failures = 0
        self.not_before = 0.0
        self.stamp = 0  # queue entries with an older one are void

    @property
    def is_silent(self) -> bool:
        return self.failures >= SILENT_AFTER

    @property
    def jitter(self) -> float:
        """0 … 1, spread evenly over consecutive ids."""
        return self.id * 0.6180339887 % 1


class PollPlan:
    """The plan of one bus. All times are monotonic seconds; blocks are named by their index in ``blocks``.

    before  the plan that this one replaces: blocks that stay keep their rhythm, silent devices stay silent
    """

    def __init__(self, blocks: Sequence[Planned], now: float, before: PollPlan | None = None) -> None:
        self._blocks = blocks
        self._due = [now] * len(blocks)
        self._fresh = [True] * len(blocks)
        self._urgent: set[int] = set()
        self._devices: dict[int, _Device] = {}
        self._waiting: _Queue = []
        self._ready: tuple[_Queue, ...] = tuple([] for _ in WEIGHTS)
        self._used = [0.0] * len(WEIGHTS)  # turns that each class had, by its weight
        self._probes: _Queue = []
        self._turn: list[int] = []
        self._turn_device: _Device | None = None
        self._turn_rank = LIVE
        self._used_now = 0.0  # what the class had whose turn it was last
        self._turn_began = now
        self._probe_at: float = before._probe_at if before else now
        for index, block in enumerate(blocks):
            self._devices.setdefault(block.device, _Device(block.device)).blocks.append(index)
        if before is not None:
            self._take_over(before)
        for device in self._devices.values():
            self._queue(device)

    def __len__(self) -> int:
        return len(self._blocks)

    def next(self, now: float) -> int | None:
        """The block to read now; ``done`` or ``failed`` must follow. None when nothing is due."""
        if not self._turn:
            self._promote(now)
            device = self._choose(now)
            if device is None:
                return None
            self._begin_turn(device, now)
        return self._turn.pop(0)

    def wait_s(self, now: float) -> float | None:
        """How long until something may be due; None = never."""
        if self._turn or self._probes or any(self._ready):
            return 0.0
        while self._waiting and self._is_void(self._waiting[0]):
            heapq.heappop(self._waiting)
        return max(0.0, self._waiting[0][0] - now) if self._waiting else None

    def done(self, index: int, now: float, *, hold_s: float = 0.0) -> None:
        """The block answered, even if only to refuse; it is left alone for ``hold_s`` at least."""
        device = self._devices[self._blocks[index].device]
        device.failures = 0
        device.not_before = 0.0
        self._due[index] = max(self._next_due(index, device, now), now + hold_s)
        self._fresh[index] = False
        self._urgent.discard(index)
        if not self._turn:
            self._end_turn(device)

    def failed(self, index: int, now: float, *, cost_s: float = 0.0, not_before: float = 0.0) -> None:
        """The block did not answer: the rest of the device's turn is dropped.

        cost_s      time that the line lost
        not_before  when the device may be asked again at the earliest
        """
        device = self._devices[self._blocks[index].device]
        if device.is_silent:
            self._probe_at = now + cost_s * PROBE_SHARE
        device.failures += 1
        device.not_before = max(now + backoff_s(device.failures, device.jitter), not_before)
        self._turn.clear()
        self._end_turn(device)

    def hurry(self, indexes: Iterable[int], now: float) -> None:
        """These blocks are due now and come before all others."""
        devices = {}
        for index in indexes:
            self._due[index] = min(self._due[index], now)
            self._urgent.add(index)
            device = devices[self._blocks[index].device] = self._devices[self._blocks[index].device]
        for device in devices.values():
            if device is not self._turn_device:
                self._queue(device)

    def revive(self, now: float) -> None:
        """The link is back: every silent device gets its chance at once."""
        for device in self._devices.values():
            if device.failures:
                device.failures = 1
                device.not_before = now
                self._queue(device)

    def is_silent(self, device: int) -> bool:
        return self._devices[device].is_silent

    def longest_probe_s(self) -> float:
        """What a silent device may cost the others when it is probed."""
        return max((block.timeout_s for block in self._blocks if self.is_silent(block.device)), default=0.0)

    # ---- queues

    def _queue(self, device: _Device) -> None:
        device.stamp += 1
        due = min(self._due[index] for index in device.blocks)
        heapq.heappush(self._waiting, (max(due, device.not_before), device.id, device.stamp))

    def _is_void(self, entry: tuple[float, int, int]) -> bool:
        return self._devices[entry[1]].stamp != entry[2]

    def _promote(self, now: float) -> None:
        """What has fallen due moves to where it waits for its turn."""
        waiting = self._waiting
        while waiting and waiting[0][0] <= now:
            entry = heapq.heappop(waiting)
            if self._is_void(entry):
                continue
            device = self._devices[entry[1]]
            if device.is_silent:
                heapq.heappush(self._probes, entry)
                continue
            rank = self._rank(device, now)
            if not self._ready[rank]:  # what it did not use while nothing was due is gone
                self._used[rank] = max(self._used[rank], self._used_now)
            heapq.heappush(self._ready[rank], entry)

    def _rank(self, device: _Device, now: float) -> int:
        return min(
            CHARGING if index in self._urgent else self._blocks[index].rank
            for index in device.blocks
            if self._due[index] <= now
        )

    def _choose(self, now: float) -> _Device | None:
        for queue in (*self._ready, self._probes):
            while queue and self._is_void(queue[0]):
                heapq.heappop(queue)
        ranks = [rank for rank, queue in enumerate(self._ready) if queue]
        if self._probes and (not ranks or now >= self._probe_at):
            self._turn_rank = PROBE
            return self._devices[heapq.heappop(self._probes)[1]]
        if not ranks:
            return None
        self._turn_rank = min(ranks, key=lambda rank: (self._used[rank], rank))
        self._used_now = self._used[self._turn_rank]
        return self._devices[heapq.heappop(self._ready[self._turn_rank])[1]]

    # ---- turns

    def _begin_turn(self, device: _Device, now: float) -> None:
        self._turn_device = device
        self._turn_began = now
        due = [i for i in device.blocks if self._due[i] <= now + EARLY * self._blocks[i].period_s]
        due = [i for i in due if i in self._urgent] or due
        self._turn.extend(due[:1] if device.failures else due)

    def _end_turn(self, device: _Device) -> None:
        if self._turn_rank != PROBE:
            self._used[self._turn_rank] += 1 / WEIGHTS[self._turn_rank]
        self._turn_device = None
        self._queue(device)

    def _next_due(self, index: int, device: _Device, now: float) -> float:
        period_s = self._blocks[index].period_s
        if period_s <= 0.0:
            return now
        if self._fresh[index]:  # devices that were first read together are spread over the period
            return self._turn_began + period_s * (1.0 - device.jitter / 2)
        due = self._due[index]
        return due + period_s * (1 + max(0.0, now - due) // period_s)

    def _take_over(self, before: PollPlan) -> None:
        known = {(block.device, block.block, block.period_s): i for i, block in enumerate(before._blocks)}
        for index, block in enumerate(self._blocks):
            old = known.get((block.device, block.block, block.period_s))
            if old is not None:
                self._due[index] = before._due[old]
                self._fresh[index] = before._fresh[old]
        for id, device in self._devices.items():
            if id in before._devices:
                device.failures = before._devices[id].failures
                device.not_before = before._devices[id].not_before
