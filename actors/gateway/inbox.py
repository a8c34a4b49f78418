"""What a gateway receives, from others and from itself."""

from __future__ import annotations

from dataclasses import dataclass

from actors.gateway.busclient import AskAgain, LookAgain, Unwatch
from actors.gateway.commander import ReadAgain, TimeUp
from actors.gateway.identifier import IdentityRead
from actors.message.charging import LeaveAlone
from actors.message.device import (
    Begin,
    BlockDoubted,
    BlockFailed,
    BlockRead,
    Command,
    LinkChanged,
    PlanWanted,
    WatchDevices,
    Written,
)
from actors.message.servertree import LoopReported
from runtime.core.device.livedevice import LiveDevice


@dataclass(frozen=True, slots=True)
class Tick:
    """Look at the clock. Gateway -> itself."""


@dataclass(frozen=True, slots=True)
class GraceOver:
    """Close what still waits for counters. Gateway -> itself."""


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Take what was read of a device meanwhile. Gateway -> itself."""

    device: LiveDevice


OfBus = PlanWanted | BlockRead | BlockDoubted | BlockFailed | LinkChanged | IdentityRead | Written
Own = Begin | ReadAgain | TimeUp | LookAgain | Unwatch | AskAgain | Tick | GraceOver | CatchUp
Inbox = OfBus | Own | LoopReported | WatchDevices | LeaveAlone | Command
