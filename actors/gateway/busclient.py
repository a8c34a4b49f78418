"""What a gateway asks its bus for: the plan, quicker while somebody looks, and single reads between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from actors.gateway.readlist import ReadList
from actors.message.device import BlocksDue, PlanChanged, WatchDevices
from runtime.clock import Clock
from runtime.core.device.livedevice import LiveDevice

LOOK_AGAIN_S = 10.0


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Read a block so many times more. Gateway -> itself."""

    device: int
    block: int
    times: int = 6


@dataclass(frozen=True, slots=True)
class Unwatch:
    """Maybe nobody looks any more. Gateway -> itself."""


class BusClient:
    """Part of a gateway.

    incarnation  of the gateway's incarnation: answers to the plan of another are not taken
    to_bus       takes what the bus shall do
    later        takes seconds and a message that the gateway gets then
    """

    def __init__(
        self,
        agenda: ReadList,
        devices: Mapping[int, LiveDevice],
        incarnation: int,
        clock: Clock,
        to_bus: Callable[[object], object],
        later: Callable[[float, object], object],
    ) -> None:
        self._agenda, self._devices, self._incarnation = agenda, devices, incarnation
        self._clock, self._to_bus, self._later = clock, to_bus, later

    def send(self) -> None:
        self._to_bus(PlanChanged(self._incarnation, self._agenda.blocks(self._devices.values())))

    def read_counters(self) -> None:
        """All of them, at once: an edge was passed."""
        due = tuple((id, block) for id, device in self._devices.items() for block in device.counter_blocks)
        self._to_bus(BlocksDue(self._incarnation, due))

    def look_again(self, wanted: LookAgain) -> None:
        """What calls itself otherwise than before is read a few times more: is it one device or two?"""
        self._to_bus(BlocksDue(self._incarnation, ((wanted.device, wanted.block),)))
        if wanted.times > 1:
            self._later(LOOK_AGAIN_S, LookAgain(wanted.device, wanted.block, wanted.times - 1))

    def watch(self, message: WatchDevices) -> None:
        known = [id for id in message.devices if id in self._devices]
        if self._agenda.watch(known, self._clock.monotonic() + message.for_s):
            self.send()
            self._later(message.for_s, Unwatch())

    def unwatch(self) -> None:
        now = self._clock.monotonic()
        if self._agenda.unwatch(now):
            self.send()
        if self._agenda.watched_until is not None:
            self._later(self._agenda.watched_until - now, Unwatch())
