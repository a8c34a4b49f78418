"""What people do to the machine itself: its clock and its network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.core.machine import ClockSetting, NetworkSetting

MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class SetClock:
    """Follow this, and set the time to ``ts`` when it is not None. Web -> machine; answered with the view."""

    setting: ClockSetting
    ts: int | None
    author: str
    reply: Any


@dataclass(frozen=True, slots=True)
class SetNetwork:
    """Use this on a card; taken back unless ``ConfirmNetwork`` follows. Web -> machine; answered with the view."""

    interface: str
    setting: NetworkSetting
    author: str
    reply: Any


@dataclass(frozen=True, slots=True)
class ConfirmNetwork:
    """The new address answers. Web -> machine; answered with the view."""

    author: str
    reply: Any
