"""The samples of one device on their way out: cut at the slots, marked when it is not believed, dated rightly."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from runtime.core.clock.clocktrust import ClockView
from runtime.core.decode.decoder import Part
from runtime.core.map.scalar import Values
from runtime.core.quantity.quality import Quality
from runtime.core.sample.redating import WaitingRoom, redate
from runtime.core.sample.sampling import Closed, SampleLayout, Sampling, SlotOf

BACK_MS = 1_500  # an answer is dated from the middle of its transaction, which may be a long one


class DeviceSampler:
    """Each method that returns samples returns those that may be recorded now, each once.

    clock  what is known of it at the beginning; while nobody trusts it samples wait
    """

    def __init__(self, shape: SampleLayout, interval_of: SlotOf, now_ts: int, clock: ClockView) -> None:
        self._sampling = Sampling(shape, interval_of, now_ts)
        self._slot_of = interval_of
        self._waiting = WaitingRoom()
        self.clock = clock
        self._distrusted = False
        self._last: dict[int, tuple[int, float]] = {}  # by read: UTC ms and monotonic seconds of its newest answer

    @property
    def counter_blocks(self) -> tuple[int, ...]:
        """Reads that bring counters: to do at the edge of a slot."""
        return self._sampling.counter_blocks

    def take(
        self, number: int, ts_ms: int, values: Values, now: float, *, rescaled: bool, suspects: Collection[int] = ()
    ) -> Sequence[Closed]:
        """One read was decoded into ``values``. ``now`` is monotonic seconds.

        rescaled  no energy lies between the readings around it
        suspects  indexes of values that cannot be
        """
        back_ms = self._behind_ms(number, ts_ms, now)
        waited = self._turn_back(number, ts_ms, back_ms) if back_ms else ()
        if rescaled:
            self._sampling.rescaled(ts_ms)
        samples = self._sampling.read(number, ts_ms, values, suspects)
        return (*waited, *self._admit(samples)) if samples or waited else ()

    def hand_over(self) -> Sequence[Closed]:
        """Sampling ends, and somebody else begins: what was read until now and is not recorded yet."""
        samples = self._admit(self._sampling.hand_over())
        return [closed for closed in samples if closed.counters or any(n is not None for n in closed.columns_n)]

    def expire(self, now_ms: int) -> Sequence[Closed]:
        """Samples that wait no longer for counters, or for the clock."""
        return self._admit(self._sampling.expire(now_ms))

    def follow(self, clock: ClockView, now_ms: int) -> Sequence[Closed]:
        """More is known of it. Once it is trusted, what was dated before is put right and sampling begins anew."""
        before = self.clock
        if not is_won(before, clock):
            self.clock = clock
            return ()
        self._last.clear()
        open_slot = self._admit(self._sampling.begin_anew(now_ms // 1000))
        self.clock = clock
        return (*open_slot, *self._waiting.redated(clock.shift_ms, self._slot_of, now_ms))

    def exchanged(self, quantity: str) -> None:
        """A counter goes on from another index; what it showed until now is booked elsewhere."""
        self._sampling.exchanged(quantity)

    def split(self, number: int, parts: Sequence[Part]) -> None:
        self._sampling.split(number, {part.number: part.indexes for part in parts})

    def excuse(self, number: int) -> None:
        """The device refuses this read: no sample waits for it."""
        self._sampling.excuse(number)

    def believe(self, believed: bool, now_ts: int) -> None:
        """What was sampled so far came from who knows what; sampling begins anew."""
        self._distrusted = not believed
        self._sampling.begin_anew(now_ts)

    def _behind_ms(self, number: int, ts_ms: int, now: float) -> int:
        """By how much the clock was put back since this read was answered last, 0 = it was not."""
        before = self._last.get(number)
        if before is not None and before[0] - BACK_MS <= ts_ms < before[0]:
            return 0
        self._last[number] = ts_ms, now
        if before is None or ts_ms >= before[0]:
            return 0
        return before[0] - ts_ms + max(0, round((now - before[1]) * 1000))

    def _turn_back(self, number: int, ts_ms: int, back_ms: int) -> Sequence[Closed]:
        """Samples that waited, on the slots that are the right ones by now."""
        others = {read: at for read, at in self._last.items() if read != number}
        self._last.update({read: (at_ms - back_ms, at_s) for read, (at_ms, at_s) in others.items()})
        waited = self._sampling.turn_back(ts_ms, back_ms)
        samples = redate(waited, -back_ms, self._slot_of, ts_ms) if waited else ()
        if not samples:
            return ()
        self._sampling.turned()
        return self._admit((replace(samples[0], turned_ms=back_ms), *samples[1:]))

    def _admit(self, samples: Sequence[Closed]) -> Sequence[Closed]:
        if self._distrusted:
            samples = [_suspect(closed) for closed in samples]
        return self._waiting.admit(samples, self.clock)


def is_won(before: ClockView, now: ClockView) -> bool:
    """Whether the clock was not trusted and is now."""
    return now.trusted and not before.trusted


def _suspect(closed: Closed) -> Closed:
    """Another device measured it: its counters count for nothing."""
    return replace(closed, quality=(int(Quality.SUSPECT),) * len(closed.columns_n), counters={})
