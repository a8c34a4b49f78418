"""What was heard on an RTU line, judged: where the answer is, or what is wrong; and what to ask after a failure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from drivers.adapters.frames import Transaction, is_sound
from drivers.adapters.refusal import wanted_by
from runtime.core.modbus.identification import least_size
from runtime.core.modbus.request import IDENTIFICATION, Request
from runtime.errors import BadAnswer

_PROBES = 8  # registers of the longest probe


def probe_for(failed: Request, wanted: Request, expected: Collection[bytes] = ()) -> Request:
    """A small read whose answer differs in size from the answers to both.

    expected  shapes (unit, function, size) of answers that may come as well: it differs from them too if it can
    """
    sizes = (_answer_bytes(failed), _answer_bytes(wanted))
    function = failed.function if failed.function <= 4 else 3
    counts = range(1, _PROBES + 1) if function > 2 else range(1, 8 * _PROBES, 8)
    probe = Request(failed.unit, function, failed.at, 0)
    apart = [count for count in counts if _answer_bytes(replace(probe, count=count)) not in sizes]
    shapes = {count: bytes((failed.unit, function, _answer_bytes(replace(probe, count=count)))) for count in apart}
    count = next((count for count in apart if shapes[count] not in expected), apart[0])
    return replace(probe, at=min(failed.at, 0x10000 - count), count=count)


def _answer_bytes(request: Request) -> int:
    if request.function > 4:
        return -1
    return 2 * request.count if request.function > 2 else (request.count + 7) // 8


def answer_size(exchange: Transaction, heard: bytes) -> int:
    """Bytes of the answer that begins what was heard; of an identification at the least, by what came of it."""
    return exchange.size or 1 + least_size(heard[1:]) + 2


def find_frame(heard: bytes, head: bytes, size: int) -> bytes:
    """A sound frame of that beginning and size (0 = an identification) anywhere in what was heard; b"" = none."""
    at = heard.find(head)
    while at >= 0:
        whole = size or 1 + least_size(heard[at + 1 :]) + 2
        frame = heard[at : at + whole]
        if len(frame) == whole and is_sound(frame):
            return frame
        at = heard.find(head, at + 1)
    return b""


def sound_frames(heard: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Shape and bytes of each whole answer in what was heard, whoever it was for; noise between is passed over."""
    at = 0
    while at + 5 <= len(heard):
        edge, size = _extent(heard, at)
        frame = heard[at : at + size]
        if size and len(frame) == size and is_sound(frame):
            yield frame[:edge], frame
            at += size
        else:
            at += 1


def _extent(heard: bytes, at: int) -> tuple[int, int]:
    """Bytes of the shape and of the whole of an answer that begins there; 0, 0 when none does."""
    function = heard[at + 1]
    if function in (1, 2, 3, 4):
        return 3, 5 + heard[at + 2]
    if function in (5, 6, 15, 16):
        return 6, 8
    if function == IDENTIFICATION:
        return 4, 1 + least_size(heard[at + 1 :]) + 2
    return (2, 5) if function & 0x80 else (0, 0)


def explain_noise(request: Request, exchange: Transaction, heard: bytes) -> BadAnswer:
    """What is wrong with bytes among which there is no answer."""
    shown = heard[:20].hex(" ")
    if len(heard) < 4 or not is_sound(heard):
        if not heard.startswith(exchange.head):
            return BadAnswer(
                "bad_frame", f"unit {request.unit}: noise instead of an answer ({shown}): check baud rate, parity"
            )
        if len(heard) < answer_size(exchange, heard):
            return BadAnswer("bad_frame", f"unit {request.unit}: the answer broke off after {len(heard)} bytes")
        return BadAnswer(
            "bad_crc", f"unit {request.unit}: garbled answer: check wiring, termination, doubled addresses"
        )
    if heard[0] != request.unit:
        return BadAnswer("bad_unit", f"unit {request.unit} was asked and unit {heard[0]} answered")
    if heard[1] != request.function:
        return BadAnswer("bad_function", f"unit {request.unit} was asked {request.function} and answered {heard[1]}")
    return BadAnswer("bad_count", f"unit {request.unit} was asked for {wanted_by(request)} and answered {shown}")
