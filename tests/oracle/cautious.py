"""A ledger that knows no more than a server does, to show that the oracle asks for nothing impossible.

It is slow, keeps everything and looks back, as no product may: it judges the oracle, not the product. A reading is
believed when it can follow the last believed one; others wait until three in a row can follow each other. Where those
can follow what stood before the last believed reading, that one was wrong and is forgotten; so is an index that never
moved once the former one comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.flow import QUANTA
from tests.oracle.life import Edit, Life
from tests.oracle.register import Register
from tests.oracle.truth import AHEAD, LATE_MS

Number = Fraction | int
Reading = tuple[int, Number]
AGREEING = 3


@dataclass(frozen=True, slots=True)
class Believed:
    ts_ms: int
    raw_m: Number
    total_m: Number


@dataclass(slots=True)
class Ledger:
    """One counter. ``most_m``: rate that its circuit can carry."""

    most_m: int
    register: Register
    trail: list[Believed] = field(default_factory=list)
    held: list[Reading] = field(default_factory=list)
    former: Believed | None = None
    other_m: Number = 0  # what was shown when the former index was left

    def rebase(self, register: Register) -> None:
        """Somebody edited what the index depends on."""
        self.register, self.held, self.former = register, [], None
        self.trail.append(Believed(-1, 0, self.trail[-1].total_m))

    def take(self, ts_ms: int, raw_m: Number) -> None:
        if not self.trail or self.trail[-1].ts_ms < 0:
            total_m = self.trail.pop().total_m if self.trail else 0
            self.trail.append(Believed(ts_ms, raw_m, total_m))
            return
        last = self.trail[-1]
        if self._follows((last.ts_ms, last.raw_m), (ts_ms, raw_m)):
            self.held = []
            self._believe(ts_ms, raw_m, raw_m - last.raw_m)
            return
        if self.held and not self._follows(self.held[-1], (ts_ms, raw_m)):
            self.held = []
        self.held.append((ts_ms, raw_m))
        if len(self.held) == AGREEING:
            self._settle()

    def _settle(self) -> None:
        held, self.held = self.held, []
        first = held[0]
        last = self.trail[-1]
        before = self.trail[-2] if len(self.trail) > 1 else None
        climb_m = first[1] - last.raw_m
        if self._follows((last.ts_ms, last.raw_m), first):
            self._believe(*first, climb_m)
        elif (
            self.former is not None
            and last.raw_m == self.other_m
            and self._follows((self.former.ts_ms, self.former.raw_m), first)
        ):
            self._return(first)
        elif before is not None and self._follows((before.ts_ms, before.raw_m), first):
            self.trail.pop()
            self._believe(*first, first[1] - before.raw_m)
        elif self._rolls(last, first):
            self._believe(*first, climb_m + self.register.span_m)
        else:
            self.former, self.other_m = last, held[-1][1]
            self._believe(*first, 0)
        for reading in held[1:]:
            self._believe(*reading, reading[1] - self.trail[-1].raw_m)

    def _return(self, first: Reading) -> None:
        """The other index was none: what passed lies between, in a straight line."""
        assert self.former is not None
        while self.trail[-1].ts_ms > self.former.ts_ms:
            self.trail.pop()
        climb_m = first[1] - self.former.raw_m
        self.former = None
        self._believe(*first, climb_m)

    def _believe(self, ts_ms: int, raw_m: Number, climb_m: Number) -> None:
        self.trail.append(Believed(ts_ms, raw_m, self.trail[-1].total_m + climb_m))

    def _follows(self, before: Reading, after: Reading) -> bool:
        grain_m = abs(int(after[1])) >> 21 if self.register.is_float else 2 * self.register.step_m
        return 0 <= after[1] - before[1] <= self._possible_m(before[0], after[0]) + grain_m

    def _rolls(self, before: Believed, after: Reading) -> bool:
        if not self.register.named or not self.register.span_m or after[1] >= before.raw_m:
            return False
        return (
            after[1] + self.register.span_m - before.raw_m
            <= self._possible_m(before.ts_ms, after[0]) + 2 * self.register.step_m
        )

    def _possible_m(self, since_ms: int, ts_ms: int) -> Number:
        return self.most_m * (ts_ms - since_ms + LATE_MS) // QUANTA


def kept(life: Life, readings: Sequence[Reading]) -> list[Reading]:
    """The trail of such a ledger after a life: (UTC ms, energy until then)."""
    ledger = Ledger(life.rated_m or AHEAD * life.flow.most_m, life.register)
    edits = [act for act in life.acts if isinstance(act, Edit)]
    for ts_ms, raw_m in readings:
        while edits and edits[0].at_ms <= ts_ms:
            edit = edits.pop(0)
            ledger.rebase(edit.register)
            ledger.most_m = max(ledger.most_m, ledger.most_m * edit.register.step_m // life.register.step_m)
        ledger.take(ts_ms, raw_m)
    return [(each.ts_ms, each.total_m) for each in ledger.trail]
