"""The status register that Linky sends as eight hexadecimal digits. (source: NOI-CPT_54E 6.2.3.14)"""

from __future__ import annotations

from dataclasses import dataclass

COLOURS = ("none", "blue", "white", "red")
BREAKER = (
    "closed", "over_power", "over_voltage", "load_shedding", "ordered", "overheated", "overheated_below_most", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Status:
    """What the bits mean.

    breaker         index in BREAKER
    supplier, distributor  number of the register that counts, from 1
    today, tomorrow  index in COLOURS
    notice, running  number of the mobile peak that is announced or goes on, 0 = none
    """

    contact_is_open: bool
    breaker: int
    cover_is_open: bool
    has_overvoltage: bool
    exceeds_subscribed: bool
    is_producer: bool
    gives: bool
    supplier: int
    distributor: int
    clock_is_degraded: bool
    is_standard: bool
    today: int
    tomorrow: int
    notice: int
    running: int


def read_status(text: str) -> Status:
    """From eight hexadecimal digits. Raises ValueError for others."""
    bits = int(text, 16)

    def at(first: int, count: int = 1) -> int:
        return bits >> first & (1 << count) - 1

    return Status(
        bool(at(0)), at(1, 3), bool(at(4)), bool(at(6)), bool(at(7)), bool(at(8)), bool(at(9)), at(10, 4) + 1,
        at(14, 2) + 1, bool(at(16)), bool(at(17)), at(24, 2), at(26, 2), at(28, 2), at(30, 2),
    )  # fmt: skip
