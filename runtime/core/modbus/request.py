"""One Modbus transaction as data: what the bus puts on the wire and what must come back."""

from __future__ import annotations

from dataclasses import dataclass

READ_FUNCTIONS = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}


@dataclass(frozen=True, slots=True)
class Request:
    """A read (functions 1 to 4) or, with ``payload``, a write (5, 6, 15, 16).

    unit      Modbus address, 0..255
    function  function code
    at        zero-based address of the first register or bit
    count     registers or bits
    payload   registers to write, big-endian bytes
    """

    unit: int
    function: int
    at: int
    count: int
    payload: bytes = b""
