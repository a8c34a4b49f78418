"""What can be wrong with an answer on its way: each fault turns the right frame into what really arrives, and when.

Chosen by a seeded generator, so a run can be played again. What a wire carries is in bytes here; ``faultproxy`` puts
them on sockets and pseudo-terminals.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from simulator.gateway.modbus import join_rtu, join_tcp

Wire = Literal["tcp", "rtu"]
End = Literal["", "close", "reset", "half_open", "unread"]


@dataclass(frozen=True, slots=True)
class Faults:
    """How bad things are. May be exchanged while a proxy runs.

    rates      fault -> share of the answers it strikes; faults that this wire cannot have are left out
    latency_s  of every answer, jitter_s: at most this much more
    late_s     least and greatest delay of answers that are "late"
    slice_s    pause between the bytes of a "sliced" answer
    doubled_s  least and greatest delay of the second copy of an answer that is a "duplicate"
    hangs      no request is taken any more, connections stay
    """

    rates: Mapping[str, float] = field(default_factory=dict)
    latency_s: float = 0.0
    jitter_s: float = 0.0
    late_s: tuple[float, float] = (0.5, 1.0)
    slice_s: float = 0.0005
    doubled_s: tuple[float, float] = (0.0, 0.0)
    hangs: bool = False
    exceptions: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)

    def __post_init__(self) -> None:
        unknown = [name for name in self.rates if name not in FAULTS]
        if unknown:
            raise ValueError(f"{unknown[0]} is no fault; there are {', '.join(FAULTS)}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What becomes of one answer.

    chunks  (pause before, bytes), in order
    end     what happens to the connection afterwards: "half_open" says nothing more, "unread" takes no byte either
    """

    chunks: tuple[tuple[float, bytes], ...] = ()
    end: End = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """A right answer: transaction is 0 on RTU."""

    wire: Wire
    transaction: int
    unit: int
    pdu: bytes

    def bytes(self) -> bytes:
        if self.wire == "tcp":
            return join_tcp(self.transaction, self.unit, self.pdu)
        return join_rtu(self.unit, self.pdu)


class Mishaps:
    """Decides, answer by answer. ``struck`` counts what happened, by fault."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.struck: dict[str, int] = {}

    def deliver(self, frame: Frame, faults: Faults) -> Delivery:
        wait_s = faults.latency_s + self._random.random() * faults.jitter_s
        fault = self._choose(frame.wire, faults)
        if not fault:
            return Delivery(((wait_s, frame.bytes()),))
        self.struck[fault] = self.struck.get(fault, 0) + 1
        chunks, end = FAULTS[fault].strike(frame, faults, self._random)
        first, *others = chunks or ((0.0, b""),)
        return Delivery(((first[0] + wait_s, first[1]), *others), end)

    def _choose(self, wire: Wire, faults: Faults) -> str:
        drawn = self._random.random()
        for name, rate in faults.rates.items():
            if wire in FAULTS[name].wires:
                drawn -= rate
                if drawn < 0:
                    return name
        return ""


Struck = tuple[Sequence[tuple[float, bytes]], End]


@dataclass(frozen=True, slots=True)
class Fault:
    strike: Callable[[Frame, Faults, random.Random], Struck]
    wires: tuple[Wire, ...] = ("tcp", "rtu")


def _changed(frame: Frame, **changes: object) -> bytes:
    parts = {"transaction": frame.transaction, "unit": frame.unit, "pdu": frame.pdu} | changes
    return Frame(frame.wire, **parts).bytes()  # type: ignore[arg-type]  # same keys, same types


def _other_function(pdu: bytes) -> bytes:
    return bytes([pdu[0] ^ 7]) + pdu[1:]  # 3 becomes 4 and back


def _other_count(pdu: bytes, rng: random.Random) -> bytes:
    """A register more or less than was asked, in a frame that is right in itself."""
    if len(pdu) < 4 or rng.random() < 0.5:
        return bytes([pdu[0], len(pdu) & 0xFF]) + pdu[2:] + b"\x12\x34"
    return bytes([pdu[0], len(pdu) - 4]) + pdu[2:-2]


def _garbled(frame: Frame, rng: random.Random) -> bytes:
    """One bit turned, where the check or the head tells it."""
    sound = bytearray(frame.bytes())
    sound[rng.randrange(len(sound))] ^= 1 << rng.randrange(8)
    return bytes(sound)


def _collided(frame: Frame, rng: random.Random) -> bytes:
    """Two slaves answer at once: on the wire a 0 wins."""
    other = _changed(frame, pdu=frame.pdu[:2] + rng.randbytes(len(frame.pdu) - 2))
    return bytes(one & two for one, two in zip(frame.bytes(), other, strict=True))


def _wrong_length(frame: Frame, rng: random.Random) -> bytes:
    sound = frame.bytes()
    return sound[:4] + rng.choice((0, 1, 0xFFFF, len(sound))).to_bytes(2, "big") + sound[6:]


def _once(*parts: bytes) -> Struck:
    return [(0.0, part) for part in parts], ""


def _twice(frame: Frame, after_s: float) -> Struck:
    whole = frame.bytes()
    return ([(0.0, whole), (after_s, whole)], "") if after_s else _once(whole * 2)


def _cut(frame: Frame, rng: random.Random) -> bytes:
    whole = frame.bytes()
    return whole[: rng.randrange(1, len(whole))]


FAULTS: Mapping[str, Fault] = {
    "silence": Fault(lambda frame, faults, rng: ((), "")),
    "late": Fault(lambda frame, faults, rng: ([(rng.uniform(*faults.late_s), frame.bytes())], "")),
    "sliced": Fault(lambda frame, faults, rng: ([(faults.slice_s, bytes([byte])) for byte in frame.bytes()], "")),
    "truncated": Fault(lambda frame, faults, rng: _once(_cut(frame, rng))),
    "duplicate": Fault(lambda frame, faults, rng: _twice(frame, rng.uniform(*faults.doubled_s))),
    "cut_and_doubled": Fault(lambda frame, faults, rng: _once(_cut(frame, rng) + frame.bytes())),
    "wrong_transaction": Fault(
        lambda frame, faults, rng: _once(_changed(frame, transaction=frame.transaction ^ 1 << rng.randrange(16))),
        ("tcp",),
    ),
    "wrong_unit": Fault(lambda frame, faults, rng: _once(_changed(frame, unit=frame.unit ^ 1 << rng.randrange(3)))),
    "wrong_function": Fault(lambda frame, faults, rng: _once(_changed(frame, pdu=_other_function(frame.pdu)))),
    "wrong_count": Fault(lambda frame, faults, rng: _once(_changed(frame, pdu=_other_count(frame.pdu, rng)))),
    "wrong_crc": Fault(lambda frame, faults, rng: _once(_garbled(frame, rng)), ("rtu",)),
    "wrong_length": Fault(lambda frame, faults, rng: _once(_wrong_length(frame, rng)), ("tcp",)),
    "garbage": Fault(lambda frame, faults, rng: _once(rng.randbytes(rng.randrange(1, 60)))),
    "noise": Fault(lambda frame, faults, rng: _once(rng.randbytes(rng.randrange(1, 6)) + frame.bytes())),
    "exception": Fault(
        lambda frame, faults, rng: _once(
            _changed(frame, pdu=bytes([frame.pdu[0] | 0x80, rng.choice(faults.exceptions)]))
        )
    ),
    "doubled_address": Fault(lambda frame, faults, rng: _once(_collided(frame, rng)), ("rtu",)),
    "close": Fault(lambda frame, faults, rng: ((), "close"), ("tcp", "rtu")),
    "reset": Fault(lambda frame, faults, rng: ([(0.0, _cut(frame, rng))], "reset"), ("tcp", "rtu")),
    "half_open": Fault(lambda frame, faults, rng: ((), "half_open"), ("tcp", "rtu")),
    "slow_reader": Fault(lambda frame, faults, rng: ((), "unread"), ("tcp", "rtu")),
}
