"""What was heard on an RTU line, judged: where the answer is, or what is wrong; and what to ask after a failure."""

from __future__ import annotations

from dataclasses import replace

from drivers.adapters.frames import Transaction, is_sound
from runtime.core.modbus.request import Request
from runtime.errors import BadAnswer


def probe_for(failed: Request, wanted: Request) -> Request:
    """A small read whose answer differs in size from the answers to both."""
    sizes = (_answer_bytes(failed), _answer_bytes(wanted))
    function = failed.function if failed.function <= 4 else 3
    counts = (1, 2, 3) if function > 2 else (1, 9, 17)
    probe = Request(failed.unit, function, failed.at, 0)
    count = next(count for count in counts if _answer_bytes(replace(probe, count=count)) not in sizes)
    return replace(probe, at=min(failed.at, 0x10000 - count), count=count)


def _answer_bytes(request: Request) -> int:
    if request.function > 4:
        return -1
    return 2 * request.count if request.function > 2 else (request.count + 7) // 8


def find_frame(heard: bytes, head: bytes, size: int) -> bytes:
    """A sound frame of that beginning and size anywhere in what was heard; b"" = none."""
    at = heard.find(head)
    while at >= 0:
        frame = heard[at : at + size]
        if len(frame) == size and is_sound(frame):
            return frame
        at = heard.find(head, at + 1)
    return b""


def explain_noise(request: Request, exchange: Transaction, heard: bytes) -> BadAnswer:
    """What is wrong with bytes among which there is no answer."""
    shown = heard[:20].hex(" ")
    if len(heard) < 4 or not is_sound(heard):
        if not heard.startswith(exchange.head):
            return BadAnswer(
                "bad_frame", f"unit {request.unit}: noise instead of an answer ({shown}): check baud rate, parity"
            )
        if len(heard) < exchange.size:
            return BadAnswer("bad_frame", f"unit {request.unit}: the answer broke off after {len(heard)} bytes")
        return BadAnswer(
            "bad_crc", f"unit {request.unit}: garbled answer: check wiring, termination, doubled addresses"
        )
    if heard[0] != request.unit:
        return BadAnswer("bad_unit", f"unit {request.unit} was asked and unit {heard[0]} answered")
    if heard[1] != request.function:
        return BadAnswer("bad_function", f"unit {request.unit} was asked {request.function} and answered {heard[1]}")
    return BadAnswer("bad_count", f"unit {request.unit} was asked for {request.count} and answered {shown}")
