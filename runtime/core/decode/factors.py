"""The factors of many values at once, and the quickest way to multiply by them that is still exact."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from runtime.core.map.normalise import LARGEST

EXACT = 2**51  # integer quotients below it round alike in floating point and exactly
WHOLE, QUICK, SLOW = range(3)  # integers only; quotients that floating point rounds right; neither
Factors = tuple[tuple[int, ...], tuple[int, ...], int]


def factors_of(ratios: Sequence[Fraction], largest: int) -> Factors:
    """``largest`` is the greatest raw number that may come."""
    nums, dens = tuple(ratio.numerator for ratio in ratios), tuple(ratio.denominator for ratio in ratios)
    highest = largest * max(map(abs, nums))
    if max(dens) == 1:
        return nums, dens, WHOLE if highest <= LARGEST else SLOW
    return nums, dens, QUICK if highest < EXACT else SLOW
