"""The counter ledger: turns what a counter showed into energy that only climbs, and cuts it at the edges of slots.

One ledger per counter, starting at 0 with its first reading. All counts are steps of the counter's quantity. Between
two readings the ledger climbs in a straight line; an edge in between is interpolated in integers and the rest stays
with the next slot, so that sums over slots are exact: they equal last - first index. A reading that does not fit is
held until it proves to be a glitch (the next one fits again) or three in a row agree (reset or exchange of the meter).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import gcd
from operator import sub

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.counterlimits import Limits
from runtime.core.quantity.quality import Quality

AGREEING = 3  # readings in a row that make a jump true
LAG_MS = 5_000  # a meter may show its index this much late
GRAIN_MAX_N = 1_000_000_000  # no counter climbs in bigger units than 1 MWh
RETURN_MS = 86_400_000  # a counter that was away longer than a day does not come back
DIP_NOTED_MS = 86_400_000  # a counter that trembles is told once a day

# Registers of 16 and 32 bit in any decimal unit; display counters of at least 99,999 kWh or m3.
MODULI = tuple(
    sorted(
        [2**16 * 10**k for k in range(10)] + [2**32 * 10**k for k in range(10)] + [10**k for k in range(11, 18)],
    )
)


@dataclass(frozen=True, slots=True)
class Former:
    """Where the ledger stood before the last reset or exchange, in case the old counter comes back."""

    ts_ms: int
    raw_n: int
    total_n: int


@dataclass(frozen=True, slots=True)
class LedgerState:
    """All that has to be kept of a counter between two samples.

    ts_ms, raw_n     last accepted reading
    total_n          energy since the ledger began, up to that reading
    edge_ts          last edge passed, and the energy up to it
    quality          how far the slot that began there can be trusted so far
    held             readings that did not fit, oldest first: (UTC ms, raw index)
    unmoved_n        energy expected since the counter last moved
    """

    ts_ms: int
    raw_n: int
    total_n: int
    edge_ts: int
    edge_total_n: int
    quality: int = Quality.GOOD
    rollovers: int = 0
    held: tuple[tuple[int, int], ...] = ()
    former: Former | None = None
    unmoved_n: int = 0
    dip_ms: int = 0

    @property
    def offset_n(self) -> int:
        """What has to be added to the raw index."""
        return self.total_n - self.raw_n


@dataclass(frozen=True, slots=True)
class Booked:
    """The energy of one slot, final. ``total_n`` is the ledger at its end."""

    start_ts: int
    end_ts: int
    energy_n: int
    total_n: int
    quality: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the counter that people should know, between two readings.

    code  counter_rolled_over, counter_reset, counter_exchanged, counter_returned, counter_glitch, counter_dropped,
          counter_stuck, counter_gap, counter_rescaled
    """

    code: str
    since_ms: int
    ts_ms: int
    before_n: int
    after_n: int


@dataclass(frozen=True, slots=True)
class Folded:
    state: LedgerState | None
    booked: tuple[Booked, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Step:
    advance_n: int
    raw_n: int
    code: str = ""


def fold(
    state: LedgerState | None,
    readings: Sequence[tuple[int, int]],
    grid: Grid,
    limits: Limits,
    *,
    rescaled_ms: int = 0,
    expected_n: int = 0,
) -> Folded:
    """Take readings into the ledger.

    state        None = the counter has no ledger yet
    readings     (UTC ms, raw index), oldest first; those not newer than the last accepted one are passed over
    rescaled_ms  when the counter's unit changed (CT ratio): the first reading after it starts a new base, no energy
    expected_n   energy that the power of these readings stands for, to tell a stuck counter; 0 = not known
    """
    if state is None:
        if not readings:
            return Folded(None)
        state = _begin(readings[0], grid, limits)
    walk = _Walk(state, grid, limits)
    for ts_ms, raw_n in readings:
        walk.take(ts_ms, raw_n, rescaled_ms)
    return walk.end(expected_n)


def fold_on_edges(
    state: LedgerState, edges: Sequence[int], indexes: Sequence[int], limits: Limits
) -> tuple[LedgerState, list[int]] | None:
    """The same as ``fold`` for an undisturbed counter read at consecutive edges of the grid, many times faster.

    edges    UTC s, the grid's edges that follow ``state.edge_ts``; indexes: the raw index at each
    returns  the new state and the energy of each slot; None where anything is odd: then ``fold`` decides
    """
    if state.held or state.quality or state.ts_ms != state.edge_ts * 1000:
        return None
    energies = list(map(sub, indexes, [state.raw_n, *indexes[:-1]]))
    shortest_s = min(map(sub, edges, [state.edge_ts, *edges[:-1]]))
    if min(energies) < 0 or max(energies) > limits.per_s_n * shortest_s:
        return None
    total_n = state.total_n + indexes[-1] - state.raw_n
    unmoved_n = 0 if indexes[-1] != state.raw_n else state.unmoved_n
    after = LedgerState(
        edges[-1] * 1000, indexes[-1], total_n, edges[-1], total_n,
        rollovers=state.rollovers, former=state.former, unmoved_n=unmoved_n, dip_ms=state.dip_ms,
    )  # fmt: skip
    return after, energies


def replace_index(state: LedgerState, closing_n: int, opening_n: int) -> LedgerState:
    """The meter was exchanged by hand: count to the old one's closing index, go on from the new one's opening index."""
    left_n = max(0, closing_n - state.raw_n)
    return replace(state, raw_n=opening_n, total_n=state.total_n + left_n, held=(), former=None, unmoved_n=0)


def _begin(reading: tuple[int, int], grid: Grid, limits: Limits) -> LedgerState:
    ts_ms, raw_n = reading
    edge_ts = grid.start(ts_ms // 1000)
    late = ts_ms - edge_ts * 1000 > limits.bracket_ms
    return LedgerState(ts_ms, raw_n, 0, edge_ts, 0, quality=Quality.ESTIMATED if late else Quality.GOOD)


class _Walk:
    """One fold at work. Everything here lives as long as the call."""

    def __init__(self, state: LedgerState, grid: Grid, limits: Limits) -> None:
        self._before = state
        self._grid, self._limits = grid, limits
        self._ts_ms, self._raw_n, self._total_n = state.ts_ms, state.raw_n, state.total_n
        self._edge_ts, self._edge_total_n, self._quality = state.edge_ts, state.edge_total_n, state.quality
        self._edge_after = grid.after(state.edge_ts)
        self._rollovers, self._held, self._former = state.rollovers, list(state.held), state.former
        self._dip_ms = state.dip_ms
        self._booked: list[Booked] = []
        self._findings: list[Finding] = []

    def take(self, ts_ms: int, raw_n: int, rescaled_ms: int) -> None:
        if ts_ms <= (self._held[-1][0] if self._held else self._ts_ms):
            return
        if self._ts_ms < rescaled_ms <= ts_ms:
            self._start_from(ts_ms, raw_n)
        elif (step := self._returning(ts_ms, raw_n) or self._fitting(self._ts_ms, self._raw_n, ts_ms, raw_n)) is None:
            self._hold(ts_ms, raw_n)
        else:
            self._let_go()
            self._accept(ts_ms, step)

    def end(self, expected_n: int) -> Folded:
        before = self._before
        unmoved_n = 0 if self._total_n != before.total_n else before.unmoved_n + expected_n
        if before.unmoved_n < self._limits.stuck_n <= unmoved_n:
            self._findings.append(Finding("counter_stuck", before.ts_ms, self._ts_ms, self._raw_n, self._raw_n))
        state = LedgerState(
            self._ts_ms, self._raw_n, self._total_n, self._edge_ts, self._edge_total_n, self._quality,
            self._rollovers, tuple(self._held), self._former, unmoved_n, self._dip_ms,
        )  # fmt: skip
        return Folded(state, tuple(self._booked), tuple(self._findings))

    def _fitting(self, since_ms: int, before_n: int, ts_ms: int, raw_n: int) -> _Step | None:
        """How a reading continues another one, None if it cannot."""
        most_n = self._limits.per_s_n * (ts_ms - since_ms + LAG_MS) // 1000
        climb_n = raw_n - before_n
        if 0 <= climb_n <= most_n or (climb_n > 0 and _is_one_grain(before_n, climb_n)):
            return _Step(climb_n, raw_n)
        if climb_n > 0:
            return None
        if raw_n > 0 and (-climb_n <= before_n >> 22 or _is_one_grain(before_n, -climb_n)):
            return _Step(0, before_n, "counter_dropped")  # noise of a float, or one step back
        for modulus_n in (self._limits.modulus_n,) if self._limits.modulus_n else MODULI:
            if before_n < modulus_n and modulus_n + climb_n <= min(most_n, modulus_n >> 3):
                return _Step(modulus_n + climb_n, raw_n, "counter_rolled_over")
        return None

    def _returning(self, ts_ms: int, raw_n: int) -> _Step | None:
        """A counter that showed zeros for a while goes on where it was: book what it counted meanwhile."""
        former = self._former
        if former is None or ts_ms - former.ts_ms > RETURN_MS or raw_n < former.raw_n:
            return None
        step = self._fitting(former.ts_ms, former.raw_n, ts_ms, raw_n)
        if step is None or self._fitting(self._ts_ms, self._raw_n, ts_ms, raw_n) is not None:
            return None
        self._former = None
        return _Step(max(0, former.total_n + step.advance_n - self._total_n), raw_n, "counter_returned")

    def _hold(self, ts_ms: int, raw_n: int) -> None:
        if self._held and self._fitting(*self._held[-1], ts_ms, raw_n) is None:
            self._let_go()
        self._held.append((ts_ms, raw_n))
        if len(self._held) >= AGREEING:
            self._settle()

    def _settle(self) -> None:
        """Three readings agree on another place: the counter was reset or the meter exchanged."""
        held, self._held = self._held, []
        ts_ms, raw_n = held[0]
        could_count_n = self._limits.per_s_n * (ts_ms - self._ts_ms + LAG_MS) // 1000
        is_reset = raw_n < self._raw_n and raw_n <= could_count_n
        self._former = Former(self._ts_ms, self._raw_n, self._total_n)
        code = "counter_reset" if is_reset else "counter_exchanged"
        self._accept(ts_ms, _Step(raw_n if is_reset else 0, raw_n, code))
        for ts_ms, raw_n in held[1:]:
            if (step := self._fitting(self._ts_ms, self._raw_n, ts_ms, raw_n)) is not None:
                self._accept(ts_ms, step)

    def _start_from(self, ts_ms: int, raw_n: int) -> None:
        self._held, self._former = [], None
        self._accept(ts_ms, _Step(0, raw_n, "counter_rescaled"))

    def _let_go(self) -> None:
        """What was held came to nothing."""
        if self._held:
            ts_ms, raw_n = self._held[0]
            self._findings.append(Finding("counter_glitch", self._ts_ms, ts_ms, self._raw_n, raw_n))
            self._held = []

    def _accept(self, ts_ms: int, step: _Step) -> None:
        if step.code:
            self._note(ts_ms, step)
        certain = step.code in ("", "counter_rolled_over", "counter_dropped")
        doubt = Quality.GOOD if certain else Quality.ESTIMATED
        self._cross(ts_ms, step.advance_n, doubt)
        if ts_ms > self._edge_ts * 1000:
            self._quality = max(self._quality, doubt)
        self._ts_ms, self._raw_n, self._total_n = ts_ms, step.raw_n, self._total_n + step.advance_n

    def _cross(self, ts_ms: int, advance_n: int, doubt: Quality) -> None:
        """Book the slots whose end lies in (last reading, ts_ms]."""
        span_ms = ts_ms - self._ts_ms
        between = Quality.ESTIMATED if span_ms > self._limits.bracket_ms else doubt
        passed = len(self._booked)
        while (edge_ms := self._edge_after * 1000) <= ts_ms:
            total_n = self._total_n + advance_n * (edge_ms - self._ts_ms) // span_ms
            at_edge = Quality.GOOD if edge_ms == ts_ms else between
            quality = max(self._quality, at_edge, doubt)
            energy_n = total_n - self._edge_total_n
            self._booked.append(Booked(self._edge_ts, self._edge_after, energy_n, total_n, int(quality)))
            self._edge_ts, self._edge_total_n, self._quality = self._edge_after, total_n, at_edge
            self._edge_after = self._grid.after(self._edge_ts)
        if len(self._booked) - passed > 1 and span_ms > self._limits.bracket_ms:
            self._findings.append(Finding("counter_gap", self._ts_ms, ts_ms, self._total_n, self._total_n + advance_n))

    def _note(self, ts_ms: int, step: _Step) -> None:
        if step.code == "counter_rolled_over":
            self._rollovers += 1
        if step.code == "counter_dropped":
            if self._dip_ms and ts_ms - self._dip_ms < DIP_NOTED_MS:
                return
            self._dip_ms = ts_ms
        self._findings.append(Finding(step.code, self._ts_ms, ts_ms, self._raw_n, step.raw_n))


def _is_one_grain(before_n: int, change_n: int) -> bool:
    """Whether a change is one unit of a coarse counter: the index was a multiple of it, and not a small one."""
    return change_n <= GRAIN_MAX_N and before_n >= 4 * change_n and gcd(before_n, change_n) == change_n
