"""What of access is on disk, and what is on its way there: sessions hold at once and are written within a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runtime.core.access.access import Access
from runtime.core.access.delays import Delays
from runtime.store.object.access import Record, delay_records, differences

WITHIN_S = 1.0
AGAIN_S = 5.0  # after the store refused


@dataclass(frozen=True, slots=True)
class Written:
    """The recorder is done, or could not. A reply box -> access. ``then``: what was waited for."""

    then: Any
    error: Exception | None


class ReplyBox:
    """A reply box that posts to the actor, who never waits."""

    def __init__(self, post: Callable[[object], object], then: object) -> None:
        self._post, self._then = post, then

    def set(self, _value: object) -> None:
        self._post(Written(self._then, None))

    def set_exception(self, error_info: tuple[Any, Exception, Any]) -> None:
        self._post(Written(self._then, error_info[1]))


class AccessRecords:
    """Lives in the thread of its owner.

    on_disk  access as it is written
    write    hands records to the recorder; the access that they lead to comes back in a ``Written``
    later    has ``write`` called after so many seconds
    """

    def __init__(self, write: Callable[[tuple[Record, ...], object], None], later: Callable[[float], None]) -> None:
        self.on_disk = Access()
        self._write, self._later = write, later
        self._is_asked = self._is_writing = False

    def unwritten(self, access: Access, delays: Delays) -> tuple[Record, ...]:
        return (*differences(self.on_disk, access), *delay_records(delays))

    def write_soon(self, within_s: float = WITHIN_S) -> None:
        if not self._is_asked and not self._is_writing:
            self._is_asked = True
            self._later(within_s)

    def write(self, access: Access, delays: Delays) -> None:
        """What is not on disk yet, unless it is on its way."""
        self._is_asked = False
        if self._is_writing:
            return
        if records := self.unwritten(access, delays):
            self._is_writing = True
            self._write(records, access)

    def written(self, access: Access, error: Exception | None) -> None:
        """The recorder is done with it, or refused and is asked again."""
        self._is_writing = False
        if error is None:
            self.on_disk = access
        else:
            self.write_soon(AGAIN_S)
