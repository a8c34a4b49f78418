"""Words of each area of the product; ``runtime.text.wording`` joins them. A new area gets a file of its own here."""

from __future__ import annotations

from runtime.code.code import N_, Advice

__all__ = ["N_", "Advice"]
