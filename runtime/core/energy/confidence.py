"""Is the energy of a device right? What speaks for it and what against it, worst first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runtime.core.energy import displaycheck, powerwitness

BAD, WARN, OPEN, GOOD = "bad", "warn", "open", "good"  # open: nothing speaks against it, something is to be done once
LEVELS = (BAD, WARN, OPEN, GOOD)
MUCH = 0.05  # estimated share of a period that is worth a word
PART_SLACK = 0.02  # of the main meter: two meters of class 1 differ by so much

REMARKS = {
    "display_differs": BAD,
    "power_differs": BAD,
    "parts_exceed": BAD,
    "energy_impossible": BAD,
    "jump_doubtful": BAD,
    "rest_unexplained": WARN,
    "estimated_much": WARN,
    "not_read": WARN,
    "display_never": OPEN,
    "display_fits": GOOD,
    "power_fits": GOOD,
    "index_fits": GOOD,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one counter.

    display     result of the newest check of its display, "" = there was none
    power       ``powerwitness.Agreement.state``
    total_n, estimated_n  of the period
    rest_n      what of the index's way in the period is not explained, None = not known; ``slack_n`` is nothing
    parts_n, main_n  of meters that were compared with it, None = none were
    """

    is_read: bool = True
    display: str = ""
    power: str = powerwitness.TOO_LITTLE
    total_n: int | None = None
    estimated_n: int = 0
    rest_n: int | None = None
    slack_n: int = 0
    has_doubtful_jump: bool = False
    has_phantom: bool = False
    main_n: int | None = None
    parts_n: int | None = None


def remarks_of(facts: Facts) -> tuple[str, ...]:
    """Keys of REMARKS, worst first."""
    return tuple(sorted(_all(facts), key=lambda id: (LEVELS.index(REMARKS[id]), list(REMARKS).index(id))))


def level_of(remarks: Iterable[str]) -> str:
    """The worst of them."""
    return min((REMARKS[id] for id in remarks), key=LEVELS.index, default=GOOD)


def estimated_share(estimated_n: int, total_n: int | None) -> float | None:
    """0 to 1; None where nothing was counted."""
    return min(1.0, estimated_n / total_n) if total_n is not None and total_n > 0 else None


def _all(facts: Facts) -> Iterable[str]:
    if not facts.is_read:
        yield "not_read"
    if facts.display in ("", displaycheck.TOO_SMALL):
        yield "display_never"
    else:
        yield "display_fits" if facts.display == displaycheck.FITS else "display_differs"
    if facts.power != powerwitness.TOO_LITTLE:
        yield "power_fits" if facts.power == powerwitness.FITS else "power_differs"
    if facts.has_phantom:
        yield "energy_impossible"
    if facts.has_doubtful_jump:
        yield "jump_doubtful"
    if (estimated_share(facts.estimated_n, facts.total_n) or 0.0) >= MUCH:
        yield "estimated_much"
    if facts.rest_n is not None:
        yield "index_fits" if abs(facts.rest_n) <= facts.slack_n else "rest_unexplained"
    has_parts = facts.parts_n is not None and facts.main_n is not None
    if has_parts and (facts.parts_n or 0) > (facts.main_n or 0) * (1 + PART_SLACK):
        yield "parts_exceed"
