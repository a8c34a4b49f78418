"""The labels of both modes: how long and of what the datum of each is. A datum of another shape is damage.

A check sum of six bits cannot see every damage; what a datum may look like is the second guard.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

HISTORIQUE, STANDARD = "historique", "standard"
_DIGITS = string.digits.encode()
_HEXADECIMAL = b"0123456789ABCDEF"
_PRINTABLE = bytes(range(0x20, 0x7F))


@dataclass(frozen=True, slots=True)
class Shape:
    """What a datum looks like: ``least`` to ``most`` of these characters, or one of the ``choices``."""

    characters: bytes = b""
    least: int = 0
    most: int = 0
    choices: frozenset[bytes] = frozenset()

    def fits(self, datum: bytes) -> bool:
        if self.choices:
            return datum in self.choices
        return self.least <= len(datum) <= self.most and not datum.translate(None, self.characters)


@dataclass(frozen=True, slots=True)
class Label:
    """One label of one mode.

    shape     of its datum
    unit      of the number that it is, "" for what is no number of something
    is_dated  it carries a moment of the meter's clock
    """

    name: str
    shape: Shape
    unit: str = ""
    is_dated: bool = False


def _digits(least: int, most: int = 0) -> Shape:
    return Shape(_DIGITS, least, most or least)


def _hexadecimal(length: int) -> Shape:
    return Shape(_HEXADECIMAL, length, length)


def _text(length: int) -> Shape:
    return Shape(_PRINTABLE, length, length)


def _one_of(words: str) -> Shape:
    return Shape(choices=frozenset(words.encode().split()))


_INDEX = _digits(8, 9)  # eight behind a concentrator of several meters
_PROFILE = Shape(_HEXADECIMAL + b" NOUTIL", 98, 98)  # eleven of eight characters, "NONUTILE" where there is none
_PERIODS = _one_of("TH.. HC.. HP.. HN.. PM.. HCJB HCJW HCJR HPJB HPJW HPJR")
_OPTIONS = _one_of("BASE HC.. EJP. " + " ".join(f"BBR{chr(code)}" for code in range(ord("("), ord("?") + 1)))
_TEMPO = tuple(f"BBRH{half}J{colour}" for colour in "BWR" for half in "CP")

# (labels, shape, unit)
_HISTORIQUE = (
    ("ADCO", _digits(12), ""),
    ("OPTARIF", _OPTIONS, ""),
    ("ISOUSC", _digits(2), "A"),
    (("BASE", "HCHC", "HCHP", "EJPHN", "EJPHPM", *_TEMPO), _INDEX, "Wh"),
    (("GAZ", "AUTRE"), _digits(7), ""),
    ("PEJP", _digits(2), "min"),
    ("PTEC", _PERIODS, ""),
    ("DEMAIN", _one_of("---- BLEU BLAN ROUG"), ""),
    (("IINST", "IINST1", "IINST2", "IINST3", "IMAX", "IMAX1", "IMAX2", "IMAX3"), _digits(3), "A"),
    (("ADPS", "ADIR1", "ADIR2", "ADIR3"), _digits(3), "A"),
    ("PMAX", _digits(5), "W"),
    ("PAPP", _digits(5), "VA"),
    ("HHPHC", Shape(b"ACDEXY123456789", 1, 1), ""),
    ("MOTDETAT", _hexadecimal(6), ""),
    ("PPOT", _hexadecimal(2), ""),
)
# (labels, shape, unit, dated)
_STANDARD = (
    ("ADSC", _digits(11, 12), "", False),
    ("VTIC", _digits(2), "", False),
    ("DATE", Shape(), "", True),
    (("NGTF", "LTARF"), _text(16), "", False),
    (("EAST", "EAIT"), _digits(9), "Wh", False),
    (tuple(f"EASF{number:02}" for number in range(1, 11)), _digits(9), "Wh", False),
    (tuple(f"EASD{number:02}" for number in range(1, 5)), _digits(9), "Wh", False),
    (tuple(f"ERQ{number}" for number in range(1, 5)), _digits(9), "varh", False),
    (("IRMS1", "IRMS2", "IRMS3"), _digits(3), "A", False),
    (("URMS1", "URMS2", "URMS3"), _digits(3), "V", False),
    (("PREF", "PCOUP"), _digits(2), "kVA", False),
    (("SINSTS", "SINSTS1", "SINSTS2", "SINSTS3", "SINSTI"), _digits(5), "VA", False),
    (("SMAXSN", "SMAXSN1", "SMAXSN2", "SMAXSN3", "SMAXIN"), _digits(5), "VA", True),
    (("SMAXSN-1", "SMAXSN1-1", "SMAXSN2-1", "SMAXSN3-1", "SMAXIN-1"), _digits(5), "VA", True),
    (("CCASN", "CCASN-1", "CCAIN", "CCAIN-1"), _digits(5), "W", True),
    (("UMOY1", "UMOY2", "UMOY3"), _digits(3), "V", True),
    ("STGE", _hexadecimal(8), "", False),
    (tuple(f"{side}PM{number}" for number in (1, 2, 3) for side in "DF"), _digits(2), "", True),
    ("MSG1", _text(32), "", False),
    ("MSG2", _text(16), "", False),
    ("PRM", _digits(14), "", False),
    ("RELAIS", _digits(3), "", False),
    (("NTARF", "NJOURF", "NJOURF+1"), _digits(2), "", False),
    (("PJOURF+1", "PPOINTE"), _PROFILE, "", False),
)


def _labels(names: str | tuple[str, ...], shape: Shape, unit: str, is_dated: bool = False) -> Iterator[Label]:
    for name in (names,) if isinstance(names, str) else names:
        yield Label(name, shape, unit, is_dated)


LABELS: Mapping[str, Mapping[str, Label]] = MappingProxyType(
    {
        HISTORIQUE: MappingProxyType({label.name: label for row in _HISTORIQUE for label in _labels(*row)}),
        STANDARD: MappingProxyType({label.name: label for row in _STANDARD for label in _labels(*row)}),
    }
)
