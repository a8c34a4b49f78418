"""A counter's registers: what stands on the wire for an amount, and what an amount the wire means."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.flow import QUANTA

WIDTHS = {"u16": 1, "u32": 2, "u48": 3, "u64": 4, "s32": 2, "s64": 4, "f32": 2, "f64": 4}
KILO = 1_000_000  # thousandths of a Wh in the kWh that floats count


@dataclass(frozen=True, slots=True)
class Register:
    """How a counter stands on the wire, high word first.

    type    u16 … f64; floats count kWh or m3
    step_m  what one count is worth, in thousandths of a Wh or dm3; floats have none
    digits  of the display, where the counter rolls over before its registers do; 0 = they are used whole
    falls   it counts export as a negative number: the more the lower
    named   the server's map names width, digits and direction, so that a roll-over and a fall can be known for what
            they are; False = the server does not know (docs/history.md)
    """

    type: str = "u32"
    step_m: int = 1000
    digits: int = 0
    falls: bool = False
    named: bool = True

    @property
    def words(self) -> int:
        return WIDTHS[self.type]

    @property
    def is_float(self) -> bool:
        return self.type[0] == "f"

    @property
    def modulus(self) -> int:
        """Counts after which it begins again at 0; 0 = never."""
        if self.is_float or self.type[0] == "s":
            return 0
        return 10**self.digits if self.digits else 1 << 16 * self.words

    @property
    def span_m(self) -> int:
        return self.modulus * self.step_m

    def index_m(self, amount_q: int) -> Fraction | int:
        """What the counter shows once so much has passed, as if it never rolled over."""
        if self.is_float:
            return Fraction(self._rounded(amount_q / QUANTA / KILO)) * KILO
        return amount_q // (QUANTA * self.step_m) * self.step_m

    def answer(self, amount_q: int) -> tuple[int, ...]:
        """The registers once so much has passed."""
        if self.is_float:
            return self._packed(amount_q / QUANTA / KILO * (-1 if self.falls else 1))
        return self.counting(amount_q // (QUANTA * self.step_m) * (-1 if self.falls else 1))

    def counting(self, count: int) -> tuple[int, ...]:
        """The registers of a number of counts, rolled over as often as it takes."""
        if self.is_float:
            return self._packed(float(count))
        bits = 16 * self.words
        whole = count % (self.modulus or 1 << bits)
        return tuple(whole >> bits - 16 * (i + 1) & 0xFFFF for i in range(self.words))

    def meaning_m(self, words: tuple[int, ...]) -> Fraction | int | None:
        """What a server that knows the map takes registers for; None where they are no number."""
        whole = 0
        for word in words:
            whole = whole << 16 | word
        if self.is_float:
            value = struct.unpack(">f" if self.type == "f32" else ">d", whole.to_bytes(2 * self.words, "big"))[0]
            return Fraction(value) * KILO if math.isfinite(value) else None
        bits = 16 * self.words
        if self.type[0] == "s" and whole >> bits - 1:
            whole -= 1 << bits
        return whole * self.step_m

    def _rounded(self, value: float) -> float:
        return struct.unpack(">f", struct.pack(">f", value))[0] if self.type == "f32" else value

    def _packed(self, value: float) -> tuple[int, ...]:
        return struct.unpack(f">{self.words}H", struct.pack(">f" if self.type == "f32" else ">d", value))
