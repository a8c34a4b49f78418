"""One Modbus transaction as data: what the bus puts on the wire and what must come back."""

from __future__ import annotations

from dataclasses import dataclass

MODBUS = "modbus"  # the protocol, as schemes and decoders name it
READ_FUNCTIONS = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}
IDENTIFICATION, MEI = 43, 14  # the function and the only one of its types that is asked for
_READS = frozenset((*READ_FUNCTIONS.values(), IDENTIFICATION))


@dataclass(frozen=True, slots=True)
class Request:
    """A read (functions 1 to 4, 43) or, with ``payload``, a write (5, 6, 15, 16). The ``Query`` of Modbus.

    unit      Modbus address, 0..255
    function  function code
    at        zero-based address of the first register or bit; of function 43 the first object
    count     registers or bits; of function 43 the category of objects (``modbus.identification``)
    payload   registers to write, big-endian bytes
    """

    unit: int
    function: int
    at: int
    count: int
    payload: bytes = b""

    @property
    def is_write(self) -> bool:
        """Also of a function that nobody knows."""
        return self.function not in _READS

    @property
    def period_s(self) -> float:
        return 0.0  # it is asked for

    def describe(self) -> dict[str, int | None]:
        return {"function": self.function, "at": self.at, "count": self.count}

    def sent(self) -> bytes:
        """Unit and PDU as they went out, without what frames them (checksum, or the head of Modbus TCP)."""
        if self.function == IDENTIFICATION:
            return bytes((self.unit, self.function, MEI, self.count, self.at))
        head = bytes((self.unit, self.function)) + self.at.to_bytes(2, "big")
        if self.function in (5, 6):
            return head + self.payload[:2]
        if self.function in (15, 16):
            return head + self.count.to_bytes(2, "big") + bytes((len(self.payload) & 0xFF,)) + self.payload
        return head + self.count.to_bytes(2, "big")

    def received(self, payload: bytes | None, code: str) -> bytes | None:
        """Unit and PDU as they came back; None when there was no proper answer."""
        if payload is None:
            exception = code.removeprefix("exception_")
            refused = exception != code and exception.isdigit() and int(exception) < 256
            return bytes((self.unit, self.function | 0x80, int(exception))) if refused else None
        if self.is_write:
            return self.sent()[:6]  # a write is echoed
        if self.function == IDENTIFICATION:
            return bytes((self.unit, self.function, MEI, self.count)) + payload
        return bytes((self.unit, self.function, len(payload) & 0xFF)) + payload
