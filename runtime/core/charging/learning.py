"""Which phases a vehicle draws from, learnt from the currents of its station; until then all count."""

from __future__ import annotations

from dataclasses import replace

from runtime.core.charging.state import Charge
from runtime.core.charging.timing import LEARN_MS

DRAWS_MA, SURELY_MA = 1_000, 3_000


def learn_phases(charge: Charge, currents_ma: tuple[int | None, ...], now_ms: int) -> Charge:
    """The charge with what its currents tell: a phase that is drawn from counts at once, another drops out later."""
    if len(currents_ma) < 2 or None in currents_ma:
        return replace(charge, uses=(), differs_ms=0) if charge.uses else charge
    drawn = tuple((current or 0) >= DRAWS_MA for current in currents_ma)
    if charge.uses and any(draws and not used for draws, used in zip(drawn, charge.uses, strict=True)):
        wider = tuple(draws or used for draws, used in zip(drawn, charge.uses, strict=True))
        return replace(charge, uses=wider, differs_ms=now_ms)
    if max(current or 0 for current in currents_ma) < SURELY_MA or drawn == charge.uses:
        return replace(charge, differs_ms=now_ms) if charge.differs_ms != now_ms else charge
    return replace(charge, uses=drawn, differs_ms=now_ms) if now_ms - charge.differs_ms >= LEARN_MS else charge
