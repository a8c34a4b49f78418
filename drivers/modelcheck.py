"""Asks a device what it is, where devices of any known kind name themselves. Reads only."""

from __future__ import annotations

from collections.abc import Collection

from drivers.line import Line
from runtime.core.devicemap import DeviceMap
from runtime.core.modelcheck import Answers, Place, Verdict, judge, places
from runtime.core.request import READ_FUNCTIONS, Request
from runtime.errors import BadAnswer, NoAnswer, Refused

TIMEOUT_S = 1.0
SILENCES = 2  # reads that a device may leave unanswered before it is left alone


def check_model(line: Line, configured: DeviceMap, maps: Collection[DeviceMap], unit: int) -> Verdict:
    """Whether the device at ``unit`` names itself as the model that is configured.

    line    may be open or not; it stays open
    maps    all kinds of devices that it could be
    raises  LinkDown when nothing can be reached that way
    """
    asked = places([configured])
    verdict = judge(configured, maps, ask(line, unit, asked))
    if verdict.finding == "same":
        return verdict
    return judge(configured, maps, ask(line, unit, tuple(dict.fromkeys((*asked, *places(maps))))))


def ask(line: Line, unit: int, wanted: Collection[Place]) -> Answers:
    """What stands at each place, None where the device refuses or stays silent."""
    said: dict[Place, bytes | None] = {}
    silences = 0
    for space, at, words in wanted:
        said[space, at, words] = None
        if silences >= SILENCES:
            continue
        if not line.is_open:
            line.open()
        try:
            said[space, at, words] = line.transact(Request(unit, READ_FUNCTIONS[space], at, words), TIMEOUT_S)
        except (Refused, BadAnswer):
            continue
        except NoAnswer:
            silences += 1
    return said
