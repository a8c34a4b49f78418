"""What a gateway asks its bus for: the plan, quicker while somebody looks, and single reads between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from actors.gateway.outgoing import Later, Outgoing
from actors.gateway.readlist import ReadList
from actors.message.charging import LeaveAlone
from actors.message.device import BlocksDue, PlanChanged, PlanWanted, WatchDevices
from runtime.core.device.livedevice import LiveDevice

LOOK_AGAIN_S = 10.0


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Do a read so many times more. Gateway -> itself."""

    device: int
    block: int
    times: int = 6


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Maybe a device was left alone for long enough. Gateway -> itself."""


@dataclass(frozen=True, slots=True)
class Unwatch:
    """Maybe nobody looks any more. Gateway -> itself."""


ToClient = PlanWanted | LookAgain | WatchDevices | Unwatch | LeaveAlone | AskAgain


class BusClient:
    """Times are monotonic seconds.

    incarnation  of the gateway: answers to the plan of another are not taken
    """

    def __init__(self, agenda: ReadList, devices: Mapping[int, LiveDevice], incarnation: int) -> None:
        self._agenda, self._devices, self._incarnation = agenda, devices, incarnation

    def handle(self, message: ToClient, now: float) -> Sequence[Outgoing]:
        match message:
            case PlanWanted():
                return (self.plan(),)
            case LookAgain():
                return self.look_again(message)
            case WatchDevices():
                return self.watch(message, now)
            case Unwatch():
                return self.unwatch(now)
            case LeaveAlone():
                return self.leave_alone(message, now)
            case AskAgain():
                return self.ask_again(now)
            case _:
                assert_never(message)

    def plan(self) -> PlanChanged:
        return PlanChanged(self._incarnation, self._agenda.blocks(self._devices.values()))

    def counters(self) -> BlocksDue:
        """All of them, at once: an edge was passed."""
        due = tuple((id, block) for id, device in self._devices.items() for block in device.sampler.counter_blocks)
        return BlocksDue(self._incarnation, due)

    def look_again(self, wanted: LookAgain) -> Sequence[Outgoing]:
        """What calls itself otherwise than before is read a few times more: is it one device or two?"""
        due = BlocksDue(self._incarnation, ((wanted.device, wanted.block),))
        if wanted.times <= 1:
            return (due,)
        return due, Later(LOOK_AGAIN_S, LookAgain(wanted.device, wanted.block, wanted.times - 1))

    def leave_alone(self, message: LeaveAlone, now: float) -> Sequence[Outgoing]:
        """Not read until then, even where it is no device of a plan yet."""
        self._agenda.leave_alone(message.device, now + message.for_s)
        return self.plan(), Later(message.for_s, AskAgain())

    def ask_again(self, now: float) -> Sequence[Outgoing]:
        return (self.plan(),) if self._agenda.ask_again(now) else ()

    def watch(self, message: WatchDevices, now: float) -> Sequence[Outgoing]:
        known = [id for id in message.devices if id in self._devices]
        changed = self._agenda.watch(known, now + message.for_s)
        return (self.plan(), Later(message.for_s, Unwatch())) if changed else ()

    def unwatch(self, now: float) -> Sequence[Outgoing]:
        changed, until = self._agenda.unwatch(now), self._agenda.watched_until
        plan = (self.plan(),) if changed else ()
        return (*plan, Later(until - now, Unwatch())) if until is not None else plan
