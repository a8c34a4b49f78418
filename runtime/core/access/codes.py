"""PIN and PUK: what they look like, which are too easy, and those of the manual."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PIN_DIGITS, PUK_DIGITS = 5, 14
LEAST_DIFFERENT, MOST_ALIKE = 5, 6  # digits of a PUK
FACTORY: Mapping[str, tuple[str, str]] = MappingProxyType(  # section 8.1.1; the PUK of greenUp is misprinted there
    {
        "administrator": ("99999", "00000999900000"),
        "greenUp": ("88888", "00000888800000"),
        "installer": ("55555", "00000555500000"),
        "user": ("11111", "00000111100000"),
    }
)


def plain(code: str) -> str:
    """As it is compared: people write a PUK in groups."""
    return "".join(code.split()).replace("-", "")


def is_pin(code: str) -> bool:
    return len(code) == PIN_DIGITS and code.isascii() and code.isdigit()


def is_puk(code: str) -> bool:
    return len(code) == PUK_DIGITS and code.isascii() and code.isdigit()


def pin_fault(pin: str) -> str:
    """Code of what is wrong with a new PIN, "" = nothing."""
    if not is_pin(pin):
        return "pin_form"
    if pin in (factory for factory, _ in FACTORY.values()):
        return "pin_factory"
    if len(set(pin)) < 3 or _is_sequence(pin):
        return "pin_easy"
    return ""


def puk_fault(puk: str, pin: str) -> str:
    """Code of what is wrong with a new PUK, "" = nothing."""
    if not is_puk(puk):
        return "puk_form"
    if puk in (factory for _, factory in FACTORY.values()):
        return "puk_factory"
    alike = max(map(puk.count, puk))
    if len(set(puk)) < LEAST_DIFFERENT or alike > MOST_ALIKE or _has_long_sequence(puk) or _repeats(puk):
        return "puk_easy"
    return "puk_easy" if pin and pin in puk else ""


def _is_sequence(code: str) -> bool:
    """12345, 98765, 13579, 90123: always the same step, round the clock."""
    steps = {(int(b) - int(a)) % 10 for a, b in zip(code, code[1:], strict=False)}
    return len(steps) == 1


def _has_long_sequence(code: str) -> bool:
    """Seven digits of the same step in a row."""
    return any(_is_sequence(code[at : at + 7]) for at in range(len(code) - 6))


def _repeats(code: str) -> bool:
    """A group of up to five digits, over and over."""
    return any(code == (code[:size] * len(code))[: len(code)] for size in range(1, 6))
