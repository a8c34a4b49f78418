"""Plays a life of the oracle through sampling and ledger as they are, without wire and store.

What people do to the whole server (declare an exchange, put a clock right) needs the server: ``is_pure`` says which
lives do without.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid
from runtime.core.clock.timegrid import Grid
from runtime.core.energy.counterlimits import CounterFacts, Limits, limits_of
from runtime.core.energy.ledger import Booked as LedgerPart
from runtime.core.energy.ledger import LedgerState, fold
from runtime.core.map.normalise import LARGEST
from runtime.core.quantity.quality import Quality
from runtime.core.sample.sampling import Closed, SampleLayout, Sampling
from tests.oracle.clairvoyant import calendar_of
from tests.oracle.comparison import Booked, differences
from tests.oracle.life import Act, ClockOff, Edit, Life, Rate, Replaced, Restart
from tests.oracle.meter import Meter

QUANTITY = {"electricity": "active_energy_import_wh", "water": "water_dm3", "gas": "gas_dm3"}
COARSE_S = 8 * timegrid.DAY_S  # a longer gap is spread over hours
TURN_MS = 5_000  # how soon a gateway notices that an interval is over, though nobody answers
VOLTS = 230
WORDS = {
    "counter_rolled_over": "roll-over", "counter_reset": "reset", "counter_exchanged": "exchange",
    "counter_returned": "return", "counter_glitch": "glitch", "counter_dropped": "dip", "counter_gap": "gap",
    "counter_rescaled": "rebased", "counter_falling": "falling", "counter_fell_back": "dip",
}  # fmt: skip


def is_pure(life: Life) -> bool:
    return not any(isinstance(act, Replaced | ClockOff) for act in life.acts)


class Player:
    """One counter of one device, from answers to energies of intervals.

    orderly  a restart hands over what was heard; else it is gone, as after a power cut
    """

    def __init__(self, life: Life, *, orderly: bool = False) -> None:
        self._orderly = orderly
        self._life, self._meter, self._zone = life, Meter(life), ZoneInfo(life.zone)
        self._quantity, self._interval_s = QUANTITY[life.fluid], life.interval_s
        self._facts = _facts(life)
        self._sampling = self._sample(life.start_ms)
        self._now_ms = life.start_ms
        self._state: LedgerState | None = None
        self.booked: list[Booked] = []
        self.good: list[Booked] = []  # those of them that are not marked
        self.words: list[str] = []

    def play(self) -> None:
        acts = list(self._life.acts)
        for ts_ms in self._life.polls():
            while acts and acts[0].at_ms <= ts_ms:
                self._turn(acts[0].at_ms)
                self._act(acts.pop(0))
            self._turn(ts_ms)
            words = self._meter.answer(ts_ms)
            raw_m = None if words is None else self._meter.reading_m(ts_ms, words)
            self._take(self._sampling.read(0, ts_ms, [_value_n(raw_m)]))
        self._turn(self._life.end_ms + 2 * self._interval_s * 1000)

    def differences(self) -> list[str]:
        truth = self._meter.truth()
        lines = differences(truth, calendar_of(self._life), self.booked)
        if self._state is not None and self._state.ts_ms >= truth.end_ms:
            least_m, most_m = truth.total.least_m - 1, truth.total.most_m + 1
            if not least_m <= self._state.total_n <= most_m:
                lines.append(f"ledger: {self._state.total_n} at the end, {least_m} to {most_m} are right")
        return lines

    def unmarked(self) -> list[Booked]:
        """What is shown as measured though nobody answered."""
        truth = self._meter.truth()
        return [part for part in self.good if truth.is_silent(part[0] * 1000, part[1] * 1000)]

    def unreported(self) -> list[tuple[str, ...]]:
        return [wanted for wanted in self._life.reports if not set(wanted) & set(self.words)]

    def _turn(self, until_ms: int) -> None:
        """Nobody answers until then: intervals end all the same."""
        while self._sampling.end_ts * 1000 + TURN_MS < until_ms:
            self._take(self._sampling.expire(self._sampling.end_ts * 1000 + TURN_MS))
        self._now_ms = until_ms

    def _act(self, act: Act) -> None:
        match act:
            case Edit():
                self._sampling.rescaled(act.at_ms)
            case Rate():
                self._take(self._sampling.begin_anew(act.at_ms // 1000))
                self._interval_s = act.interval_s
                self._sampling = self._sample(act.at_ms)
            case Restart():
                if self._orderly:
                    self._take(self._sampling.hand_over())
                self._sampling = self._sample(act.at_ms)

    def _book(self, part: LedgerPart) -> None:
        """What is booked of an interval a second time comes on top."""
        at = bisect_left(self.booked, (part.start_ts, part.end_ts, -LARGEST))
        if at < len(self.booked) and self.booked[at][:2] == (part.start_ts, part.end_ts):
            self.booked[at] = part.start_ts, part.end_ts, self.booked[at][2] + part.energy_n
        else:
            self.booked.append((part.start_ts, part.end_ts, part.energy_n))

    def _sample(self, now_ms: int) -> Sampling:
        layout = SampleLayout((), {}, {0: ((0, self._quantity),)}, {self._quantity: self._facts})
        return Sampling(layout, self._interval_of, now_ms // 1000)

    def _interval_of(self, ts: int) -> tuple[int, int]:
        start_ts = timegrid.interval_start(ts, self._interval_s, self._zone)
        return start_ts, timegrid.next_boundary(ts, self._interval_s, self._zone)

    def _take(self, samples: Sequence[Closed]) -> None:
        for sample in samples:
            readings = sample.counters.get(self._quantity, ())
            if not readings:
                continue
            is_long = self._state is not None and sample.start_ts - self._state.edge_ts > COARSE_S
            coarse_until = timegrid.hour_start(sample.start_ts, self._zone) if is_long else 0
            grid = Grid(self._interval_s, self._zone, coarse_until)
            limits = _limits(self._life, self._quantity, self._facts, self._interval_s)
            folded = fold(
                self._state, readings, grid, limits, resumed=sample.resumed, steady=sample.steady,
                rescaled_ms=sample.rescaled_ms,
            )  # fmt: skip
            self._state = folded.state
            for part in folded.booked:
                self._book(part)
            self.good += [
                (part.start_ts, part.end_ts, part.energy_n) for part in folded.booked if part.quality == Quality.GOOD
            ]
            self.words += [WORDS.get(finding.code, finding.code) for finding in folded.findings]


def _limits(life: Life, quantity: str, facts: CounterFacts, interval_s: int) -> Limits:
    rated_ma = life.rated_m // (3 * VOLTS) if life.fluid == "electricity" else 0
    pause_ms = interval_s * 1000 + 4 * life.poll_ms
    return limits_of(quantity, rated_ma=rated_ma, poll_ms=life.poll_ms, pause_ms=pause_ms, facts=facts)


def _facts(life: Life) -> CounterFacts:
    """What the map says of the counter."""
    register = life.register
    bits = {"f32": 24, "f64": 53}.get(register.type, 0)
    return CounterFacts(1 if bits else register.step_m, bits, register.span_m if register.named else 0)


def _value_n(raw_m: Fraction | int | None) -> int | None:
    """As it is decoded: what no 64 bits hold is no value."""
    if raw_m is None or abs(raw_m) > LARGEST:
        return None
    return raw_m if isinstance(raw_m, int) else round(raw_m)
