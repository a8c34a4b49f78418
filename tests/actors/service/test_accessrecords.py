"""What of access is on disk: written once at a time, asked again when the store refuses."""

from __future__ import annotations

from typing import Any

from actors.service.accessrecords import AGAIN_S, WITHIN_S, AccessRecords
from runtime.core.access.access import Access
from runtime.core.access.delays import Delays

FIRST, SECOND = Access("one"), Access("two")


class Played:
    """What it asks of its owner."""

    def __init__(self) -> None:
        self.handed: list[Any] = []
        self.waits: list[float] = []
        self.records = AccessRecords(lambda records, then: self.handed.append(then), self.waits.append)


def test_it_is_asked_once_and_writes_what_is_new() -> None:
    played = Played()
    played.records.write_soon()
    played.records.write_soon()
    assert played.waits == [WITHIN_S]
    played.records.write(FIRST, Delays())
    assert played.handed == [FIRST]


def test_nothing_new_is_not_written() -> None:
    played = Played()
    played.records.write(Access(), Delays())
    assert played.handed == []


def test_while_it_is_on_its_way_nothing_else_is_written() -> None:
    played = Played()
    played.records.write(FIRST, Delays())
    played.records.write(SECOND, Delays())
    played.records.write_soon()
    assert (played.handed, played.waits) == ([FIRST], [])
    played.records.written(FIRST, None)
    played.records.write(SECOND, Delays())
    assert played.handed == [FIRST, SECOND]


def test_what_the_store_refused_is_asked_again_and_is_still_unwritten() -> None:
    played = Played()
    played.records.write(FIRST, Delays())
    played.records.written(FIRST, OSError("full"))
    assert played.waits == [AGAIN_S]
    assert played.records.unwritten(FIRST, Delays())
    played.records.write(FIRST, Delays())
    played.records.written(FIRST, None)
    assert not played.records.unwritten(FIRST, Delays())
