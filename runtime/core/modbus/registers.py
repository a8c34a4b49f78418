"""Registers as a map tells them: the types they hold and one row of a map, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from runtime.core.text.tomltable import Ratio

REGISTER_SPACES = ("holding", "input")
BIT_SPACES = ("coil", "discrete")
SPACES = REGISTER_SPACES + BIT_SPACES
MAX_WORDS = 125  # registers in one answer, by the Modbus specification
MAX_BITS = 2000


@dataclass(frozen=True, slots=True)
class RegisterType:
    """One way to lay a number into 16-bit words. ``code`` is that of the struct module."""

    name: str
    code: str
    words: int
    signed: bool = False
    real: bool = False

    @property
    def bits(self) -> int:
        return 16 * self.words

    @property
    def largest(self) -> int:
        """The largest raw value of an integer type."""
        return int((1 << (self.bits - self.signed)) - 1)

    def from_pattern(self, pattern: int) -> int:
        """The raw value that a bit pattern means: 0x8000 of an i16 is -32768."""
        return pattern - (1 << self.bits) if self.signed and pattern > self.largest else pattern


TYPES: Mapping[str, RegisterType] = MappingProxyType(
    {
        "u16": RegisterType("u16", "H", 1),
        "i16": RegisterType("i16", "h", 1, signed=True),
        "u32": RegisterType("u32", "I", 2),
        "i32": RegisterType("i32", "i", 2, signed=True),
        "u64": RegisterType("u64", "Q", 4),
        "i64": RegisterType("i64", "q", 4, signed=True),
        "f32": RegisterType("f32", "f", 2, signed=True, real=True),
        "f64": RegisterType("f64", "d", 4, signed=True, real=True),
    }
)
TEXT = "text"  # two characters a register, any number of words
BIT = "bit"  # the only type of coils and discrete inputs


@dataclass(frozen=True, slots=True)
class ScaleBand:
    """A further factor chosen by the product of parameters: that of the first limit above it, else ``otherwise``."""

    of: tuple[str, ...]  # names of parameter rows
    below: tuple[tuple[Ratio, Ratio], ...]  # (limit, factor), limits rising
    otherwise: Ratio


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a map: where a quantity stands and how its raw number becomes one in the quantity's unit.

    value = raw x scale x parameters x band factor x 10**(register scale_at), negative when the register sign_at holds 1

    at            zero-based address of the first register or bit; that of the low part when the value is split
    type          of TYPES, "text" or "bit"; of each part when split
    words         of the value, of each part when split; 1 for a bit
    factor        names of the parameter rows whose values multiply it: the ratios of transformers; 0 is no ratio
    high_at       the high part of a split value = low + high x high_factor
    invalid       raw numbers that mean "no value"; NaN and infinity always do
    invalid_within  ranges of them, with both ends
    bits          (lowest, number of bits) cut out of the raw number
    enum          (raw, count of the state) pairs; any other raw number is no value
    role          "value", "parameter" (read at connect and hourly; bands refer to it by name) or "identity"
    magnitude     the device tells it with either sign, and means the same
    net           a counter that may fall: what it counts goes both ways
    ledger        a counter that never falls, kept by another server: what it climbs by was judged there
    digits        decimal digits of the count of a counter that begins again at 0 after them; 0 = by its type
    record        statistic of the recorded column: "mean", "last", "min", "max", "" = not recorded
    """

    quantity: str
    at: int
    type: str
    words: int
    space: str = "holding"
    scale: Ratio = (1, 1)
    scale_at: int | None = None
    scale_band: ScaleBand | None = None
    factor: tuple[str, ...] = ()
    sign_at: int | None = None
    low_at: int | None = None
    high_at: int | None = None
    high_factor: int = 0
    invalid: tuple[int | float, ...] = ()
    invalid_within: tuple[tuple[int, int], ...] = ()
    bits: tuple[int, int] | None = None
    enum: tuple[tuple[int, int], ...] = ()
    role: str = "value"
    name: str = ""
    magnitude: bool = False
    net: bool = False
    ledger: bool = False
    digits: int = 0
    record: str = ""
    record_minmax: bool = False

    @property
    def addresses(self) -> tuple[tuple[int, int], ...]:
        """Every (address, words) that one value needs."""
        own = [(self.at, self.words)]
        own += [(self.high_at, self.words)] if self.high_at is not None else []
        return (*own, *((at, 1) for at in (self.sign_at, self.scale_at) if at is not None))

    @property
    def span(self) -> tuple[int, int]:
        """First address and the one after the last, of all that one value needs; it comes in one answer."""
        return min(at for at, _ in self.addresses), max(at + words for at, words in self.addresses)


@dataclass(frozen=True, slots=True)
class Derived:
    """A quantity that the device does not tell: the "sum" or "mean" of its parts, or the "ratio" of two of them."""

    quantity: str
    how: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Probe:
    """A read that tells a kind of device: its answer is one of ``equals`` or, if that is empty, anything.

    A text counts when it starts with one of them, in any case.

    optional  only a search asks for it: a device that answers otherwise is not doubted for that
    """

    space: str
    at: int
    type: str
    words: int
    equals: tuple[int | str, ...]
    optional: bool = False
