"""Words of each area of the product; ``runtime.text.wording`` joins them. A new area gets a file of its own here."""

from __future__ import annotations

from dataclasses import dataclass


def N_(sentence: str) -> str:
    """Marks a msgid for the catalogues."""
    return sentence


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong and what to do about it."""

    what: str
    todo: str
