"""Kinds of alarms: in which class of the alert settings each stands, how grave it is, how long it must last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from runtime.core.alert.classes import (
    COMMUNICATION,
    CONFIGURATION,
    CRITICAL,
    NOTICE,
    SERVER,
    STATE_CHANGE,
    THRESHOLD,
    WARNING,
)


@dataclass(frozen=True, slots=True)
class AlarmKind:
    """``hold_s``: a condition that lasts less is no alarm. ``is_read``: it stands in the values of its device, so that
    nobody knows whether it is over while the device is silent."""

    id: str
    group: str
    severity: str = WARNING
    hold_s: float = 0.0
    is_read: bool = False


KINDS: Mapping[str, AlarmKind] = MappingProxyType(
    {
        kind.id: kind
        for kind in (
            AlarmKind("tripped", STATE_CHANGE, CRITICAL, is_read=True),
            AlarmKind("station_failed", STATE_CHANGE, CRITICAL, is_read=True),
            AlarmKind("module_threshold", THRESHOLD, is_read=True),
            AlarmKind("threshold", THRESHOLD, is_read=True),
            AlarmKind("overrun", THRESHOLD, hold_s=5.0, is_read=True),
            AlarmKind("budget", THRESHOLD),
            AlarmKind("leak", THRESHOLD, is_read=True),
            AlarmKind("en50160", THRESHOLD),
            AlarmKind("cost_rule_missing", CONFIGURATION, NOTICE),
            AlarmKind("duplicated_function", CONFIGURATION, is_read=True),
            AlarmKind("module_configuration", CONFIGURATION, is_read=True),
            AlarmKind("module_communication", COMMUNICATION, is_read=True),
            AlarmKind("gateway_silent", COMMUNICATION, CRITICAL, hold_s=5.0),
            AlarmKind("device_silent", COMMUNICATION, hold_s=15.0),
            AlarmKind("device_configuration", CONFIGURATION, hold_s=15.0),
            AlarmKind("recording", SERVER, CRITICAL, hold_s=5.0),
            AlarmKind("certificate", SERVER),
            AlarmKind("backup", SERVER),
            AlarmKind("clock", SERVER, hold_s=60.0),
            AlarmKind("disk", SERVER, CRITICAL),
            AlarmKind("processor", SERVER),
            AlarmKind("part_resting", SERVER),
            AlarmKind("safe_mode", SERVER, CRITICAL),
            AlarmKind("map_provisional", SERVER, NOTICE),
        )
    }
)
