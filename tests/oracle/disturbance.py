"""What disturbs the books, and how far: wrong answers, and a meter that forgot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from tests.oracle.flow import QUANTA
from tests.oracle.life import Life
from tests.oracle.register import Register

SETTLE_MS = 900_000
GLANCE_MS = 60_000
LONG_POLLS = 3  # a pause of so many polls is an outage
LATE_MS = 10_000  # a meter may show its index this much late
AHEAD = 4  # a server may take so many times of what flows for possible …
TREMBLING = 3  # steps
USUAL_M = 3_680_000  # … and so much of electricity in any case, of water and gas:
USUAL_FLUID_M = 5_000_000

Number = Fraction | int


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer. ``index_m`` None = it was not what the counter shows, but off by ``off_m`` (None = no number)."""

    ts_ms: int
    index_m: Number | None
    epoch: int
    reader: Register
    off_m: Number | None = 0


@dataclass(frozen=True, slots=True)
class Window:
    """A disturbance. Within it the books may stand as they should ``reach_ms`` earlier or later."""

    start_ms: int
    end_ms: int
    reach_ms: int


@dataclass(frozen=True, slots=True)
class Spill:
    """A misread index that the counter could have come to: what lies around it may hold ``over_m`` too much.

    Later it is missing until the index has passed what was misread (docs/history.md).
    """

    start_ms: int
    end_ms: int
    over_m: int


def noise_of(life: Life, heard: Sequence[Heard], fastest_m: int) -> tuple[list[Window], list[Spill]]:
    """Around each run of wrong answers, from the last true one before.

    One answer that the counter can never have come to leaves no trace but in who is heard next; one that it could have
    come to is believed until it is overtaken; several look like another index.
    """
    windows: list[Window] = []
    spills: list[Spill] = []
    run: list[Heard] = []
    last_ms = heard[0].ts_ms
    for each in heard:
        if each.index_m is None:
            run.append(each)
            continue
        if run:
            could_m = _most_m(life, fastest_m, each.ts_ms - last_ms, each.reader)
            likely = [ceil(lie.off_m) for lie in run if lie.off_m is not None and 0 < lie.off_m <= could_m]
            spills += [Spill(last_ms, each.ts_ms, over_m) for over_m in likely]
            end_ms = passed_ms(life, each.ts_ms, max(likely, default=0)) + SETTLE_MS
            if likely or len(run) > 1:
                windows.append(Window(last_ms, end_ms, end_ms - last_ms))
            else:
                windows.append(Window(last_ms, each.ts_ms + GLANCE_MS, GLANCE_MS + 2 * life.poll_ms))
        run, last_ms = [], each.ts_ms
    return windows, spills


def _most_m(life: Life, fastest_m: int, span_ms: int, reader: Register) -> int:
    """What a server may take for possible in a time; an index may tremble by three steps and what two polls bring."""
    usual_m = USUAL_M if life.fluid == "electricity" else USUAL_FLUID_M
    hourly_m = max(usual_m, AHEAD * max(fastest_m, life.rated_m))
    steps_m = 0 if reader.is_float else TREMBLING * reader.step_m
    return hourly_m * (span_ms + LONG_POLLS * life.poll_ms + LATE_MS) // QUANTA + steps_m


def passed_ms(life: Life, since_ms: int, lost_m: int) -> int:
    """When a meter that forgot is past the index that it had."""
    ts_ms = since_ms
    goal_q = life.flow.amount_q(since_ms) + lost_m * QUANTA
    while lost_m and life.flow.amount_q(ts_ms) < goal_q and ts_ms < life.end_ms:
        ts_ms += 60_000
    return ts_ms
