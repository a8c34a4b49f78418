"""One fold at work: readings in order, each accepted at once or held until readings agree."""

from __future__ import annotations

from itertools import pairwise

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.belief import FALLS_NOTED, Former, Standing, Verdict, judge
from runtime.core.energy.candidate import Candidate, Tolerance, offer
from runtime.core.energy.counterlimits import HOUR_MS, LAG_MS, Limits
from runtime.core.energy.ledgerstate import (
    GLITCH_NOTED_MS,
    LEAST_PACE,
    MOVED_S,
    NOTED_MS,
    Booked,
    Finding,
    Folded,
    LedgerState,
    forget_notes,
    moved_since,
    pace_of,
)
from runtime.core.quantity.quality import Quality

TREMBLING = 3  # grains that an index may step back by
TREMBLES_MS = 600_000  # after it has climbed too far
UNBOUND_N = 1 << 60  # whatever climbs alike, reading by reading
GAP_MS = 600_000  # a silence of so long is reported, even within one slot
SILENCE_MS = 60_000  # whoever samples begins with a first reading; it follows a silence only after a minute …
SILENT_POLLS = 3  # … and so many polls
AWAY_MOST_MS = 8 * 86_400_000  # a counter that comes back later than that has no line of its own
UNSETTLED_MS = 900_000  # readings that agree on nothing for so long are reported


class Walk:
    """One fold at work. Everything here lives as long as the call."""

    def __init__(self, state: LedgerState, grid: Grid, limits: Limits, *, goes_back: bool = True) -> None:
        self._before = state
        self._grid, self._limits = grid, limits
        self.ts_ms, self._raw_n, self._total_n = state.ts_ms, state.raw_n, state.total_n
        self._edge_ts, self._edge_total_n, self._quality = state.edge_ts, state.edge_total_n, state.quality
        # an edge before the last reading is one of a slot length that was not in force then
        self._edge_ms = grid.after(max(state.edge_ts, state.ts_ms // 1000)) * 1000
        self._held = state.held
        self.newest_ms = max([each.last_ms for each in state.held], default=state.ts_ms) if state.held else state.ts_ms
        self._former, self._rollovers, self._falls = state.former, state.rollovers, state.falls
        self._paused, self._doubted_ms = state.paused, state.doubted_ms
        self._again_ts, self._goes_back = state.again_ts, goes_back
        self._left_ts = self._left_until_ts = 0  # slots that are booked again, as their counter came back
        self._silence_ms = max(SILENCE_MS, SILENT_POLLS * limits.bracket_ms // 2)
        self._moved_ms = state.unmoved_since_ts * 1000
        self._dip_ms, self._glitch_ms = state.dip_ms, state.glitch_ms
        self._set_pace(state.pace)
        self._booked: list[Booked] = []
        self._findings: list[Finding] = []

    def take(self, ts_ms: int, raw_n: int, *, resumed: bool, steady: bool) -> None:
        """A reading that is as it should be is accepted; any other one has to be agreed on."""
        newest_ms, self.newest_ms = self.newest_ms, ts_ms
        span_ms = ts_ms - self.ts_ms
        climb_n = raw_n - self._raw_n
        silent_ms = ts_ms - newest_ms
        is_pause = silent_ms > self._limits.pause_ms or (resumed and silent_ms > self._silence_ms)
        if is_pause:
            self._paused = True
        hourly_n = self._steady_n if steady and newest_ms == self.ts_ms else self._hourly_n
        most_n = hourly_n * (span_ms + LAG_MS) // HOUR_MS + self._grain_n
        if self._paused or not (0 <= climb_n <= most_n or (self._limits.net and -most_n <= climb_n < 0)):
            self._doubt(ts_ms, raw_n, follows=not is_pause, steady_after_ms=newest_ms if steady else 0)
            return
        if self._held:
            self._dismiss(raw_n)
        self._accept(ts_ms, climb_n, raw_n)
        if steady:
            self._learn(climb_n - self._grain_n, span_ms)

    def start_from(self, ts_ms: int, raw_n: int) -> None:
        """The index means something else from here on."""
        self.newest_ms = ts_ms
        self._held, self._former, self._falls = (), None, 0
        self._note("counter_rescaled", ts_ms, raw_n)
        self._accept(ts_ms, 0, raw_n, Quality.ESTIMATED)

    def accept(self, ts_ms: int, raw_n: int) -> None:
        """Whatever it is."""
        self._accept(ts_ms, raw_n - self._raw_n, raw_n)

    def end(self, expected_n: int) -> Folded:
        before = self._before
        unmoved_n = 0 if self._total_n != before.total_n else before.unmoved_n + expected_n
        if before.unmoved_n < self._limits.stuck_n <= unmoved_n:
            self._findings.append(Finding("counter_stuck", before.ts_ms, self.ts_ms, self._raw_n, self._raw_n))
        if self._doubted_ms and self._newest_before() < self._doubted_ms + UNSETTLED_MS <= self.newest_ms:
            last_n = self._held[-1].last_n if self._held else self._raw_n
            code = "counter_falling" if self._falls_fast() else "counter_unsettled"
            self._findings.append(Finding(code, self._doubted_ms, self.newest_ms, self._raw_n, last_n))
        state = LedgerState(
            self.ts_ms, self._raw_n, self._total_n, self._edge_ts, self._edge_total_n, self._quality,
            self._rollovers, self._held, self._former, unmoved_n, self._dip_ms, self._glitch_ms, self._pace,
            moved_since(self._moved_ms // 1000, self.ts_ms // 1000), self._paused, self._falls, self._doubted_ms,
            self._again_ts if self._edge_ts < self._again_ts else 0,
        )  # fmt: skip
        kept, again_ts = forget_notes(state, self.newest_ms), max(self._again_ts, self._left_until_ts)
        return Folded(kept, tuple(self._booked), tuple(self._findings), again_ts, self._left_ts)

    def _falls_fast(self) -> bool:
        """Each of the last readings is lower than the one before, by no more than a large circuit feeds back."""
        held = sorted(self._held, key=lambda each: each.last_ms)
        readings = [(self.ts_ms, self._raw_n), *((each.last_ms, each.last_n) for each in held)]
        fallen = [(after[0] - at[0], at[1] - after[1]) for at, after in pairwise(readings)]
        return len(held) >= FALLS_NOTED and all(
            0 < fall_n <= self._large_n * (span_ms + LAG_MS) // HOUR_MS for span_ms, fall_n in fallen
        )

    def _newest_before(self) -> int:
        return max([each.last_ms for each in self._before.held], default=self._before.ts_ms)

    # ---- what does not fit

    def _doubt(self, ts_ms: int, raw_n: int, *, follows: bool, steady_after_ms: int) -> None:
        self._doubted_ms = self._doubted_ms or ts_ms
        tolerance = Tolerance(self._hourly_n, self._large_n, self._steady_n, self._slack_n)
        unmoved_ms = ts_ms - self._moved_ms + self._limits.late_ms
        most_n = self._hourly_n * (unmoved_ms + LAG_MS) // HOUR_MS + self._grain_n
        climb_n, modulus_n = raw_n - self._raw_n, self._limits.modulus_n
        if self._held and climb_n >= 0 and not self._limits.net:
            self._held = tuple(each for each in self._held if not self._is_contradicted(each, raw_n))
        is_back = max(self._slack_n, self._limits.lost_n(self._hourly_n)) >= -climb_n
        is_home = (is_back and climb_n <= most_n) or (modulus_n > 0 > climb_n and climb_n + modulus_n <= most_n)
        self._held, found = offer(
            self._held,
            (ts_ms, raw_n),
            self._limits,
            tolerance,
            is_home=is_home,
            follows=follows,
            steady_after_ms=steady_after_ms,
        )
        at_last = ts_ms - self._doubted_ms >= UNSETTLED_MS
        grain_n, narrow_n = self._limits.grain_at(raw_n), self._limits.narrow_n
        if found.is_agreed(self._hourly_n, self._large_n, grain_n, at_last=at_last, narrow_n=narrow_n):
            self._settle(found)

    def _is_contradicted(self, held: Candidate, raw_n: int) -> bool:
        """A single reading is further on than the next one, which the counter can have come to: it was misread."""
        misread = held.count == 1 and held.is_home and held.first_n - raw_n > TREMBLING * self._grain_n
        if misread:
            self._note("counter_glitch", held.first_ms, held.first_n)
        return misread

    def _settle(self, found: Candidate) -> None:
        """Readings agree. What else was held was misread."""
        at = Standing(self.ts_ms, self._raw_n, self._total_n, self._moved_ms, self._former, self._falls)
        verdict = judge(at, found, self._limits, self._hourly_n, self._slack_n)
        self._held = tuple(each for each in self._held if each is not found)
        if self._held:
            self._dismiss()
        self._apply(found, verdict)

    def _apply(self, found: Candidate, verdict: Verdict) -> None:
        code = verdict.code
        was_paused, at_ms = self._paused, self._moved_ms
        certain = code in ("", "counter_rolled_over", "counter_dropped") and not verdict.is_late
        doubt = Quality.GOOD if certain else Quality.ESTIMATED
        self._note(code, found.first_ms, found.first_n)
        if 0 < self._limits.circuit_n < found.hourly_n:
            self._note("counter_too_fast", found.last_ms, found.last_n)
        if code == "counter_returned" and self._former is not None and self._goes_back:
            self._go_back(self._former)
        self._rollovers += code == "counter_rolled_over"
        self._former, self._falls = verdict.former, verdict.falls
        self._accept(found.first_ms, verdict.advance_n, verdict.raw_n, doubt)
        if code == "counter_dropped":
            is_trembling = not was_paused and found.first_ms - at_ms <= TREMBLES_MS
            if is_trembling:
                self._step_back(verdict.raw_n - found.first_n)
            # what is lower for longer, or once more, has forgotten what it counted
            self._moved_ms = min(self._moved_ms, found.first_ms - TREMBLES_MS - MOVED_S * 1000)
        self._set_pace(self._pace)  # the grain of this index may be another
        for ts_ms, raw_n in found.readings[1:]:
            self._accept(ts_ms, max(0, raw_n - self._raw_n), max(raw_n, self._raw_n))
        self._learn(found.last_n - found.first_n - self._grain_n, found.span_ms)

    def _go_back(self, former: Former) -> None:
        """Nothing was counted since the counter was left: what it counted meanwhile lies over all that time."""
        away_ms = self.ts_ms - former.ts_ms
        if self._total_n != former.total_n or self._again_ts or not 0 < away_ms <= AWAY_MOST_MS:
            return
        if former.ts_ms < self._edge_ts * 1000:
            left_ts = former.ts_ms // 1000
            self._left_until_ts, self._left_ts = self._edge_ts, self._grid.start(left_ts)
            self._edge_ts, self._edge_ms = self._left_ts, self._grid.after(left_ts) * 1000
        self.ts_ms, self._paused = former.ts_ms, False

    def _step_back(self, back_n: int) -> None:
        """An index that trembles: what it climbed too far is taken back where its slot is still open."""
        back_n = min(back_n, self._total_n - self._edge_total_n)
        self._raw_n, self._total_n = self._raw_n - back_n, self._total_n - back_n

    def _dismiss(self, now_n: int = 0) -> None:
        """What was held came to nothing, unless a ledger was caught up with before it was agreed on."""
        if self._limits.ledger and all(self._raw_n <= each.first_n and each.last_n <= now_n for each in self._held):
            self._held = ()
            return
        first = min(self._held, key=lambda each: each.first_ms)
        trembles = all(0 <= self._raw_n - each.first_n <= self._slack_n for each in self._held)
        if self._falls < FALLS_NOTED:  # else all that it shows has been reported already
            self._note("counter_dropped" if trembles else "counter_glitch", first.first_ms, first.first_n)
        self._held = ()

    # ---- what is believed

    def _accept(self, ts_ms: int, advance_n: int, raw_n: int, doubt: Quality = Quality.GOOD) -> None:
        if ts_ms >= self._edge_ms or self._paused:
            if self._paused and self._edge_ts < self._again_ts < ts_ms // 1000:
                self._leap()
            self._cross(ts_ms, advance_n, doubt)
        self._paused, self._doubted_ms = False, 0
        if doubt and ts_ms > self._edge_ts * 1000:
            self._quality = max(self._quality, doubt)
        if raw_n != self._raw_n:
            self._moved_ms = ts_ms // (MOVED_S * 1000) * MOVED_S * 1000  # as it is kept
            self._falls = 0 if advance_n > 0 else self._falls
        self.ts_ms, self._raw_n, self._total_n = ts_ms, raw_n, self._total_n + advance_n

    def _leap(self) -> None:
        """The clock was put on again, past what it had shown: what is there already is left as it is."""
        self._edge_ts = self._again_ts
        self.ts_ms = max(self.ts_ms, self._again_ts * 1000)
        self._edge_ms, self._quality = self._grid.after(self._again_ts) * 1000, Quality.ESTIMATED

    def _cross(self, ts_ms: int, advance_n: int, doubt: Quality) -> None:
        """Book the slots whose end lies in (last reading, ts_ms]."""
        span_ms = ts_ms - self.ts_ms
        between = Quality.ESTIMATED if span_ms > self._limits.bracket_ms else doubt
        passed = len(self._booked)
        while (edge_ms := self._edge_ms) <= ts_ms:
            total_n = self._total_n + advance_n * (edge_ms - self.ts_ms) // span_ms
            at_edge = Quality.GOOD if edge_ms == ts_ms else between
            energy_n, edge_ts = total_n - self._edge_total_n, edge_ms // 1000
            on_top = Quality.ESTIMATED if edge_ts <= max(self._again_ts, self._left_until_ts) else Quality.GOOD
            quality = max(self._quality, at_edge, doubt, on_top)
            self._booked.append(Booked(self._edge_ts, edge_ts, energy_n, total_n, int(quality)))
            if not quality:
                self._learn(energy_n, edge_ms - self._edge_ts * 1000)
            self._edge_ts, self._edge_total_n, self._quality = edge_ts, total_n, at_edge
            self._edge_ms = self._grid.after(edge_ts) * 1000
        is_silence = (self._paused or len(self._booked) - passed > 1) and self._falls < FALLS_NOTED
        is_silence = is_silence and not self._left_ts
        if is_silence and span_ms >= GAP_MS and span_ms > self._limits.bracket_ms:
            self._findings.append(Finding("counter_gap", self.ts_ms, ts_ms, self._total_n, self._total_n + advance_n))

    def _learn(self, climb_n: int, span_ms: int) -> None:
        """How fast it can climb."""
        pace = pace_of(climb_n, span_ms)
        if pace > self._pace and pace >= LEAST_PACE:
            self._set_pace(pace)

    def _set_pace(self, pace: int) -> None:
        limits = self._limits
        self._pace, self._hourly_n = pace, limits.hourly_n(pace)
        self._large_n = max(limits.circuit_n or limits.large_n, self._hourly_n)
        self._steady_n = max(2 * limits.circuit_n or UNBOUND_N, self._hourly_n)
        self._grain_n = limits.grain_at(self._raw_n)
        self._slack_n = TREMBLING * self._grain_n + self._hourly_n * (limits.bracket_ms + LAG_MS) // HOUR_MS

    def _note(self, code: str, ts_ms: int, after_n: int) -> None:
        """Report, but not again and again what may go on for long."""
        if code == "counter_dropped":
            if ts_ms - self._dip_ms < NOTED_MS:
                return
            self._dip_ms = ts_ms
        elif code == "counter_glitch":
            if ts_ms - self._glitch_ms < GLITCH_NOTED_MS:
                return
            self._glitch_ms = ts_ms
        if code:
            self._findings.append(Finding(code, self.ts_ms, ts_ms, self._raw_n, after_n))
