"""Samples of one device: what was read is cut at the edges of slots.

A slot is over with the first reading after its end. Its sample is complete once every block that holds counters was
read after the edge, since the ledger cuts the energy between the readings on both sides; after a grace it goes out
without them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from runtime.core.energy.counterlimits import UNKNOWN, CounterFacts
from runtime.core.quantity.quality import Quality
from runtime.core.sample.aggregation import MISSING, CounterReadings, Gauges, Reading, Values, readings_of

GRACE_MS = 4_000  # how long after the edge a sample waits for the counters; the recorder waits a second longer
OLDEST_MS = 60_000  # readings from longer before the beginning are dated by another clock

SlotOf = Callable[[int], tuple[int, int]]  # UTC s -> [start, end) of its slot


@dataclass(frozen=True, slots=True)
class SampleLayout:
    """What is sampled of one kind of device.

    columns   (value slot, statistic) of each recorded column
    gauges    block -> value slots of the recorded columns that it brings
    counters  block -> (value slot, quantity) of the counters that it brings
    facts     what the map says of them, by quantity; of those that are missing nothing is known
    """

    columns: tuple[tuple[int, str], ...]
    gauges: Mapping[int, tuple[int, ...]]
    counters: Mapping[int, tuple[tuple[int, str], ...]]
    facts: Mapping[str, CounterFacts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closed:
    """One slot of one device, as ``SampleClosed`` wants it.

    begun_ms   when the first reading came, of the first sample since sampling began; turned_ms: by how much the clock
               was put back since the sample before, 0 = it was not
    is_open    the slot is not over: only what its counters showed until now is told
    """

    start_ts: int
    end_ts: int
    columns_n: tuple[int | None, ...]
    quality: tuple[int, ...]
    counters: dict[str, tuple[Reading, ...]]
    rescaled_ms: int = 0
    doubt: int = 0
    resumed: tuple[int, ...] = ()
    steady: tuple[int, ...] = ()
    begun_ms: int = 0
    turned_ms: int = 0
    is_open: bool = False


@dataclass(slots=True)
class _Pending:
    """A slot that is over but waits for the readings after its end."""

    start_ts: int
    end_ts: int
    columns_n: array[int]  # MISSING = nothing was read
    quality: tuple[int, ...]
    trails: dict[str, array[int]]  # time and index in turn
    resumed: set[int]
    steady: set[int]
    rescaled_ms: int
    begun_ms: int
    turned_ms: int
    missing: set[int] = field(default_factory=set)  # blocks not read since the edge

    def closed(self) -> Closed:
        counters = {quantity: readings_of(trail) for quantity, trail in self.trails.items() if trail}
        columns_n = tuple(None if n == MISSING else n for n in self.columns_n)
        return Closed(
            self.start_ts, self.end_ts, columns_n, self.quality, counters, self.rescaled_ms,
            resumed=tuple(sorted(self.resumed)), steady=tuple(sorted(self.steady)),
            begun_ms=self.begun_ms, turned_ms=self.turned_ms,
        )  # fmt: skip


class Sampling:
    """The open slot of one device, and the one before while it waits for its counters."""

    def __init__(self, shape: SampleLayout, interval_of: SlotOf, now_ts: int) -> None:
        self._shape = shape
        self._slot_of = interval_of
        self.start_ts, self.end_ts = interval_of(now_ts)
        self._end_ms = self.end_ts * 1000
        self._newest_ms = now_ts * 1000 - OLDEST_MS
        self._gauges = {block: Gauges(slots) for block, slots in shape.gauges.items() if slots}
        self._counters = {block: counters for block, counters in shape.counters.items() if counters}
        self._trails = self._new_trails()
        self._excused: set[int] = set()  # blocks of counters that nobody waits for
        self._pending: _Pending | None = None
        self._rescaled_ms = self._turned_ms = self._begun_ms = 0
        self._is_new = True
        self._suspects: frozenset[int] = frozenset()  # values that were suspect in the open slot
        self._good = (int(Quality.GOOD),) * len(shape.columns)

    @property
    def counter_blocks(self) -> tuple[int, ...]:
        """Blocks that bring counters."""
        return tuple(self._trails)

    def split(self, block: int, parts: Mapping[int, Collection[int]]) -> None:
        """A block is read in parts from now on: number -> value slots that it brings."""
        gauges = self._gauges.pop(block, None)
        counters, trails = self._counters.pop(block, ()), self._trails.pop(block, [])
        for number, slots in parts.items():
            picked = [slot for slot in gauges.slots if slot in slots] if gauges else []
            if picked:
                self._gauges[number] = Gauges(picked)
            moved = [i for i, (slot, _) in enumerate(counters) if slot in slots]
            if moved:
                self._counters[number] = tuple(counters[i] for i in moved)
                self._trails[number] = [trails[i] for i in moved]
        if self._pending is not None and block in self._pending.missing:
            self._pending.missing.discard(block)
            self._pending.missing.update(number for number in parts if number in self._trails)

    def excuse(self, block: int) -> None:
        """The device refuses this block: no sample waits for it."""
        self._excused.add(block)

    def read(self, block: int, ts_ms: int, values: Values, suspects: Collection[int] = ()) -> Sequence[Closed]:
        """One block was read and decoded into ``values``. Returns the samples that this completes.

        suspects  indexes of values that cannot be: the columns of their slot are suspect as a whole
        """
        if ts_ms < self._newest_ms:  # of another read, which was answered a moment before
            return ()
        self._newest_ms = ts_ms
        if self._is_new:
            self._begun_ms, self._is_new = ts_ms, False
        done = self._turn(ts_ms // 1000) if ts_ms >= self._end_ms else ()
        if suspects:
            self._suspects = self._suspects.union(suspects)
        gauges = self._gauges.get(block)
        if gauges is not None:
            gauges.take(values)
        trails = self._trails.get(block)
        if trails is not None:
            self._excused.discard(block)
            self._count(block, ts_ms, values)
            if self._pending is not None:
                return (*done, *self._follow_up(self._pending, block, ts_ms, values))
        return done

    def expire(self, now_ms: int) -> Sequence[Closed]:
        """Time has passed: samples that wait no longer."""
        late_ms = now_ms - GRACE_MS
        done = tuple(self._turn(now_ms // 1000)) if late_ms >= self._end_ms else ()
        if self._pending is not None and late_ms >= self._pending.end_ts * 1000:
            done = (*done, self._pending.closed())
            self._pending = None
        return done

    def begin_anew(self, now_ts: int) -> Sequence[Closed]:
        """The clock was put right. Returns all that was sampled before, the open slot too."""
        done = self._turn(self.start_ts)
        if self._pending is not None:
            done = (*done, self._pending.closed())
        self._pending, self._rescaled_ms, self._turned_ms, self._is_new = None, 0, 0, True
        self._trails = self._new_trails()
        self.start_ts, self.end_ts = self._slot_of(now_ts)
        self._end_ms, self._newest_ms = self.end_ts * 1000, now_ts * 1000 - OLDEST_MS
        return done

    def turn_back(self, ts_ms: int, back_ms: int) -> Sequence[Closed]:
        """The clock was put back by so much, to ``ts_ms``: what was read and is not recorded yet gets its right time.

        Returns what waited, as the sample that it was, to be put on other slots by whoever knows them. The values of
        the slot that was open count in the one that is open now.
        """
        waited = () if self._pending is None else (self._pending.closed(),)
        self._pending = None
        for trails in self._trails.values():
            for trail in trails:
                trail.shift(-back_ms)
        self._turned_ms += back_ms
        self._rescaled_ms -= back_ms if self._rescaled_ms else 0
        self._begun_ms -= back_ms if self._begun_ms else 0
        self.start_ts, self.end_ts = self._slot_of(ts_ms // 1000)
        self._end_ms, self._newest_ms = self.end_ts * 1000, self._newest_ms - back_ms
        return waited

    def turned(self) -> None:
        """A sample that went out tells that the clock was put back."""
        self._turned_ms = 0

    def hand_over(self) -> Sequence[Closed]:
        """Somebody else samples from now on: what waited, and what the counters showed in the slot that is open."""
        waited = () if self._pending is None else (self._pending.closed(),)
        self._pending = None
        counters = self._cut().closed()
        return (*waited, replace(counters, columns_n=(), quality=(), is_open=True))

    def rescaled(self, ts_ms: int) -> None:
        """A parameter changed that scales the counters: no energy between the readings around this moment."""
        self._rescaled_ms = ts_ms

    def exchanged(self, quantity: str) -> None:
        """Somebody else books what this counter showed until now: only what is read from here on is told."""
        for block, counters in self._counters.items():
            for i, (_, of) in enumerate(counters):
                if of == quantity:
                    self._trails[block][i] = self._readings_of(quantity)
        if self._pending is not None:
            self._pending.trails[quantity] = array("q")

    def _turn(self, ts: int) -> Sequence[Closed]:
        """Begin the slot of ``ts``; the one before waits for its counters. Returns what waited until now."""
        done = () if self._pending is None else (self._pending.closed(),)
        pending = self._cut()
        self._suspects = frozenset()
        self.start_ts, self.end_ts = self._slot_of(ts)
        self._end_ms = self.end_ts * 1000
        self._pending = pending if pending.missing else None
        return done if pending.missing else (*done, pending.closed())

    def _cut(self) -> _Pending:
        """What was sampled of the slot that is open."""
        cut = {
            quantity: trail.cut()
            for block, counters in self._counters.items()
            for (_, quantity), trail in zip(counters, self._trails[block], strict=True)
        }
        trails = {quantity: trail.readings for quantity, trail in cut.items()}
        resumed = {ts_ms for trail in cut.values() for ts_ms in trail.resumed}
        steady = {ts_ms for trail in cut.values() for ts_ms in trail.steady}
        turned_ms, self._turned_ms = self._turned_ms, 0
        begun_ms, self._begun_ms = self._begun_ms, 0
        return _Pending(
            self.start_ts, self.end_ts, self._columns(), self._quality(), trails, resumed, steady, self._rescaled_ms,
            begun_ms, turned_ms, set(self._trails) - self._excused,
        )  # fmt: skip

    def _columns(self) -> array[int]:
        found: dict[tuple[int, str], int] = {}
        for gauges in self._gauges.values():
            found.update(gauges.cut())
        return array("q", [found.get(column, MISSING) for column in self._shape.columns])

    def _new_trails(self) -> dict[int, list[CounterReadings]]:
        """By block, in the order of its counters."""
        return {
            block: [self._readings_of(quantity) for _, quantity in counters]
            for block, counters in self._counters.items()
        }

    def _readings_of(self, quantity: str) -> CounterReadings:
        return CounterReadings(quantity, self._shape.facts.get(quantity, UNKNOWN))

    def _quality(self) -> tuple[int, ...]:
        if not self._suspects:
            return self._good
        suspect, good = int(Quality.SUSPECT), int(Quality.GOOD)
        return tuple([suspect if slot in self._suspects else good for slot, _ in self._shape.columns])

    def _count(self, block: int, ts_ms: int, values: Values) -> None:
        for (slot, _), trail in zip(self._counters[block], self._trails[block], strict=True):
            raw_n = values[slot]
            if type(raw_n) is int:
                trail.take(ts_ms, raw_n)

    def _follow_up(self, pending: _Pending, block: int, ts_ms: int, values: Values) -> Sequence[Closed]:
        """A block of counters was read: its first readings after the edge belong to the slot before as well."""
        if block not in pending.missing:
            return ()
        for (slot, quantity), readings in zip(self._counters[block], self._trails[block], strict=True):
            raw_n = values[slot]
            trail = pending.trails[quantity]
            if type(raw_n) is int and (not trail or trail[-2] < ts_ms):
                trail.extend((ts_ms, raw_n))
                if readings.has_resumed_at(ts_ms):
                    pending.resumed.add(ts_ms)
        pending.missing.discard(block)
        if pending.missing:
            return ()
        self._pending = None
        return (pending.closed(),)
