"""The commissioning check: an index that somebody read from a meter's display, against what is read of its counters.

All counts are steps of the counter's quantity. A display mostly cuts digits off, our register may be coarser, and some
minutes pass between both: within that slack two indexes are the same. What does not fit is looked for in this order:
another counter of the device, another meter, a power of ten, three phases, a ratio of current transformers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

FITS, TOO_SMALL, DIFFERS = "fits", "too_small", "differs"
OTHER_COUNTER, OTHER_METER = "other_counter", "other_meter"
SCALE, PHASES, RATIO = "scale", "phases", "ratio"
RESULTS = (FITS, TOO_SMALL, OTHER_COUNTER, OTHER_METER, SCALE, PHASES, RATIO, DIFFERS)

DELAY_S = 300  # from the display to the page
SIGNIFICANT = 10  # times its slack that an index needs to say anything
SHARP = {SCALE: 20, PHASES: 20, RATIO: 100}  # times its slack that it needs to show a factor: ratios lie close together
MOST_EXP10 = 6
COARSE_N = 1_000_000  # 1 kWh or m3: no coarser grain is taken from few values, a round index is chance
ONE = Fraction(1)

# Rated primary and secondary currents of current transformers, in A: IEC 61869-2.
PRIMARIES_A = tuple(
    Fraction(n, 10) * 10**k for k in (0, 1, 2) for n in (100, 125, 150, 200, 250, 300, 400, 500, 600, 750)
)
RATIOS = tuple(sorted({primary_a / secondary_a for secondary_a in (5, 1) for primary_a in PRIMARIES_A} - {ONE}))


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter as it was read. ``slack_n``: its grain, and what it may have counted since."""

    device: int
    quantity: str
    index_n: int
    slack_n: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What the display says of a counter.

    code      one of RESULTS
    factor    display = ours x factor, of SCALE, PHASES and RATIO
    counter   the one that the display shows, of OTHER_COUNTER and OTHER_METER
    """

    code: str
    factor: Fraction = ONE
    counter: Counter | None = None


@dataclass(frozen=True, slots=True)
class DisplayCheck:
    """A check as it is kept: who read what, when, and what followed.

    shown_n, digit_n     the display's index and the worth of its last digit
    index_n, read_ms     ours and when it was read
    numerator, denominator  of the factor
    other_device, other_quantity  of the counter that the display shows; 0 and "" = none other
    power                whether power times time agreed with our index then: "fits", "differs", "" = not known
    """

    device: int
    quantity: str
    shown_n: int
    digit_n: int
    index_n: int
    read_ms: int
    checked_ms: int
    author: str
    result: str
    numerator: int = 1
    denominator: int = 1
    other_device: int = 0
    other_quantity: str = ""
    power: str = ""


def compare(
    shown_n: int, digit_n: int, own: Counter, others: Iterable[Counter] = (), ratio: Fraction | None = None
) -> Result:
    """What an index that a display shows says of a counter.

    digit_n  worth of the last digit that was written down
    others   all counters that the display might belong to, those of the same device first
    ratio    of the current transformers, where the device names it
    """
    if max(shown_n, own.index_n) <= SIGNIFICANT * (digit_n + own.slack_n):
        return Result(TOO_SMALL)
    if _is_same(shown_n, digit_n, own):
        return Result(FITS)
    for other in others:
        if other.index_n > SIGNIFICANT * (digit_n + other.slack_n) and _is_same(shown_n, digit_n, other):
            return Result(OTHER_COUNTER if other.device == own.device else OTHER_METER, counter=other)
    for code, factors in _suspects(ratio):
        for factor in factors:
            if _is_multiple(shown_n, digit_n, own, factor, SHARP[code]):
                return Result(code, factor)
    return Result(DIFFERS)


def grain_of(indexes: Sequence[int]) -> int:
    """The step that an index climbs in, by what it showed: the common divisor, of few values a power of ten."""
    common = gcd(*indexes)
    if len(set(indexes)) >= 3:
        return max(1, common)
    grain_n = 1
    while grain_n < COARSE_N and common and common % (grain_n * 10) == 0:
        grain_n *= 10
    return grain_n


def transformer_of(factor: Fraction) -> str:
    """A usual transformer of that ratio, as its label says it: "250/5"; "" = there is none."""
    larger = max(factor, 1 / factor) if factor > 0 else factor
    for secondary_a in (5, 1):
        if larger * secondary_a in PRIMARIES_A:
            return f"{float(larger * secondary_a):g}/{secondary_a}"
    return ""


def _is_same(shown_n: int, digit_n: int, counter: Counter) -> bool:
    return abs(shown_n - counter.index_n) <= digit_n + counter.slack_n


def _is_multiple(shown_n: int, digit_n: int, own: Counter, factor: Fraction, sharp: int) -> bool:
    slack_n = digit_n + own.slack_n * max(ONE, factor)
    return shown_n >= sharp * slack_n and abs(shown_n - own.index_n * factor) <= slack_n


def _suspects(ratio: Fraction | None) -> tuple[tuple[str, tuple[Fraction, ...]], ...]:
    tens = tuple(Fraction(10) ** exp10 for k in range(1, MOST_EXP10 + 1) for exp10 in (k, -k))
    known = (ratio, 1 / ratio) if ratio and ratio != ONE else ()
    usual = tuple(factor for each in RATIOS for factor in (each, 1 / each))
    return (SCALE, tens), (PHASES, (Fraction(3), Fraction(1, 3))), (RATIO, (*known, *usual))
