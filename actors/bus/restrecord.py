"""What a line learnt of how long its units rest, kept for the next run: no meter is lost again after a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from actors.message.device import KeepRecords
from drivers.line import Line, Resting

KIND = "rests"  # of the records, by gateway


class RestRecord:
    """Part of the bus ``gateway``. What was learnt at another address counts for nothing.

    load  gives the record, None = there is none
    post  takes what the recorder keeps
    """

    def __init__(self, gateway: int, url: str, load: Callable[[], Any], post: Callable[[KeepRecords], object]) -> None:
        self._gateway, self._url, self._load, self._post = gateway, url, load, post
        self._kept: Mapping[int, int] = {}

    def recall(self, line: Line[Any]) -> None:
        """Give a line what an earlier one learnt."""
        if not isinstance(line, Resting):
            return
        record = self._load()
        if record is not None and record["url"] == self._url:
            self._kept = dict(record["rests_ms"])
            line.rests.recall(self._kept)

    def keep(self, line: Line[Any]) -> None:
        """After a failure: has it learnt something?"""
        if not isinstance(line, Resting):
            return
        learnt = line.rests.learnt_ms()
        if learnt != self._kept:
            self._kept = learnt
            record = {"url": self._url, "rests_ms": sorted(learnt.items())}
            self._post(KeepRecords(((KIND, self._gateway, record),)))
