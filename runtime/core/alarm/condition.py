"""Conditions: what is wrong at one moment, before it is known whether that is an alarm."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Cause(NamedTuple):
    """What an alarm is about. Of one cause there is one alarm at a time.

    subject  "device.3", "gateway.1", "server"
    part     tells apart what a subject may have several of, such as errors of a station
    """

    kind: str
    subject: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Of the whole site at one moment.

    present  cause -> English detail for the log, "" where the kind says all
    unread   devices whose values nobody knows: what stood in them is neither there nor over
    """

    present: dict[Cause, str] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
