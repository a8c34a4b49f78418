"""The last transactions of a bus, kept at almost no cost; taken to pieces only when somebody looks."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.modbus.request import Request
from runtime.viewboard import ViewKeys

KEPT = 500


@dataclass(frozen=True, slots=True)
class Transaction:
    """One request and what became of it.

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
    request: Request
    payload: bytes | None
    code: str = ""
    detail: str = ""


_Entry = tuple[int, int, int, float, Request, bytes | None, str, str]


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
        self, device: int, ts_ms: int, took_s: float, request: Request, payload: bytes | None, code: str, detail: str
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


def shown_request(request: Request) -> bytes:
    """Unit and PDU as they went out, without what frames them (checksum, or the head of Modbus TCP)."""
    head = bytes((request.unit, request.function)) + request.at.to_bytes(2, "big")
    if request.function in (5, 6):
        return head + request.payload[:2]
    if request.function in (15, 16):
        return head + request.count.to_bytes(2, "big") + bytes((len(request.payload) & 0xFF,)) + request.payload
    return head + request.count.to_bytes(2, "big")


def shown_reply(transaction: Transaction) -> bytes | None:
    """Unit and PDU as they came back; None when there was no proper answer."""
    request = transaction.request
    if transaction.payload is None:
        exception = transaction.code.removeprefix("exception_")
        refused = exception != transaction.code and exception.isdigit() and int(exception) < 256
        return bytes((request.unit, request.function | 0x80, int(exception))) if refused else None
    if request.function > 4:
        return shown_request(request)[:6]  # a write is echoed
    return bytes((request.unit, request.function, len(transaction.payload) & 0xFF)) + transaction.payload


TRACE_VIEWS = ViewKeys[Trace]("trace")  # by gateway
