"""Classes and severities that alarms are sorted by, and alerts pick from.

source  ews-legrand-en 8.6.4 for the first four classes; ``server`` is ours
"""

from __future__ import annotations

STATE_CHANGE, THRESHOLD, CONFIGURATION, COMMUNICATION, SERVER = CLASSES = (
    "state_change",
    "measure_threshold",
    "configuration",
    "communication",
    "server",
)
CRITICAL, WARNING, NOTICE = SEVERITIES = ("critical", "warning", "notice")


def is_grave_enough(severity: str, least: str) -> bool:
    """Whether an alarm of a severity is at least as grave as asked."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(least)
