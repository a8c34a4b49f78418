"""The last transactions of a bus, kept at almost no cost; taken to pieces only when somebody looks."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.source.query import Query
from runtime.viewboard import ViewKeys

KEPT = 500


@dataclass(frozen=True, slots=True)
class Transaction:
    """One request and what became of it, or one frame that was heard.

    serial   grows by one with each transaction of the bus
    device   whose block of the plan it was; 0 = a command, outside the plan
    ts_ms    UTC ms when it was over
    payload  registers, bits or b"" for a write, as they came; None when there was no proper answer
    code     of the error, "" when there was none; detail: its words for people
    """

    serial: int
    device: int
    ts_ms: int
    took_s: float
    request: Query
    payload: bytes | None
    code: str = ""
    detail: str = ""

    def sent(self) -> bytes:
        """What went out, b"" when nothing did."""
        return self.request.sent()

    def received(self) -> bytes | None:
        """What came in; None when it was nothing proper."""
        return self.request.received(self.payload, self.code)


_Entry = tuple[int, int, int, float, Query, bytes | None, str, str]


class Trace:
    """A ring of the newest transactions. One thread notes, any may look: a store into a list is atomic, so is a copy.

    began_ms  UTC ms when it began; tells one life of a bus from the next
    """

    __slots__ = ("_kept", "_ring", "began_ms", "serial")

    def __init__(self, began_ms: int, kept: int = KEPT) -> None:
        self.began_ms = began_ms
        self.serial = 0  # of the newest
        self._kept = kept
        self._ring: list[_Entry | None] = [None] * kept

    def note(
        self, device: int, ts_ms: int, took_s: float, request: Query, payload: bytes | None, code: str, detail: str
    ) -> None:
        serial = self.serial + 1
        self._ring[serial % self._kept] = (serial, device, ts_ms, took_s, request, payload, code, detail)
        self.serial = serial

    def since(self, serial: int = 0) -> tuple[Transaction, ...]:
        """Those after ``serial`` that are still kept, the oldest first."""
        entries = [entry for entry in self._ring[:] if entry is not None and entry[0] > serial]
        return tuple(Transaction(*entry) for entry in sorted(entries, key=_serial))


def _serial(entry: _Entry) -> int:
    return entry[0]


TRACE_VIEWS = ViewKeys[Trace]("trace")  # by gateway
