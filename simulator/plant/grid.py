"""The network of a site: voltages and frequency at any moment, the same for everybody on it."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Network:
    """Counts of the quantities' steps: 0.01 V between phase and neutral, 0.001 Hz, 0.01 % THD of the voltage."""

    volts: tuple[int, int, int]
    lines: tuple[int, int, int]  # L1 to L2, L2 to L3, L3 to L1
    frequency: int
    thd: tuple[int, int, int]


class Grid:
    """230/400 V, 50 Hz with slow swings. Pure but for remembering the last moment asked for."""

    def __init__(self, seed: int) -> None:
        self._turn = (seed % 1000) / 159
        self._last: tuple[int, Network] | None = None

    def at(self, at_ms: int) -> Network:
        if self._last is None or self._last[0] != at_ms:
            self._last = (at_ms, self._network(at_ms))
        return self._last[1]

    def _network(self, at_ms: int) -> Network:
        seconds = at_ms / 1000
        one, two, three = (
            23_150
            + int(180 * math.sin(seconds / 2310 + self._turn + 0.7 * phase) + 70 * math.sin(seconds / 37 + 2.1 * phase))
            for phase in range(3)
        )
        thd = tuple(190 + int(40 * math.sin(seconds / 1700 + self._turn + phase)) for phase in range(3))
        return Network(
            (one, two, three),
            (_line(one, two), _line(two, three), _line(three, one)),
            50_000 + int(18 * math.sin(seconds / 41 + self._turn) + 9 * math.sin(seconds / 7)),
            (thd[0], thd[1], thd[2]),
        )


def _line(left: int, right: int) -> int:
    return math.isqrt(left * left + right * right + left * right)  # phases 120 degrees apart
