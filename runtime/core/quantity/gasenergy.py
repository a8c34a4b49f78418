"""Gas as equivalent energy: what a cubic metre is worth, as the supplier says."""

from __future__ import annotations

FEWEST, MOST = 1, 100_000  # Wh of a cubic metre


def equivalent_n(volume_n: int, wh_per_m3: int) -> int:
    """Counts of 0.001 dm3 as counts of 0.001 Wh, rounded half to even: parts may differ from the whole by a count."""
    whole, rest = divmod(abs(volume_n) * wh_per_m3, 1000)
    whole += rest > 500 or (rest == 500 and whole % 2 == 1)
    return -whole if volume_n < 0 else whole
