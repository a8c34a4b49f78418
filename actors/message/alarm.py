"""What is said to the owner of alarms, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.core.alarm.alarm import Alarm
from runtime.viewboard import ViewKey

ALARMS = "alarms"


@dataclass(frozen=True, slots=True)
class AcknowledgeAlarms:
    """Somebody has seen these. Web -> alarms; answered with True once it is on disk.

    word  what was written to it, "" = nothing
    """

    ids: tuple[int, ...]
    by: str
    word: str
    reply: Any


@dataclass(frozen=True, slots=True)
class SetMaintenance:
    """Nothing of this subject is an alarm until ``until_ts`` (UTC s), 0 = from now on it is again.

    Web -> alarms; answered with True once it is on disk.
    """

    subject: str
    until_ts: int
    by: str
    reply: Any


@dataclass(frozen=True, slots=True)
class AlarmsView:
    """Published as ``alarms`` when something changed.

    open         active ones and those that nobody has acknowledged, the newest first
    maintained   subject -> UTC seconds of the end of its maintenance
    version      grows with each change
    """

    open: tuple[Alarm, ...] = ()
    maintained: Mapping[str, int] = field(default_factory=dict)
    version: int = 0

    @property
    def active(self) -> tuple[Alarm, ...]:
        """Those that ask for something and whose condition is there."""
        return tuple(alarm for alarm in self.open if alarm.is_active and not alarm.is_notice)

    @property
    def waiting(self) -> tuple[Alarm, ...]:
        """Those that ask for something and were acknowledged by nobody."""
        return tuple(alarm for alarm in self.open if not alarm.acknowledged_ms and not alarm.is_notice)


ALARMS_VIEW = ViewKey[AlarmsView]("alarms")
