"""The world's side of a life: answers as the meter's registers would, and keeps for the truth what was asked."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from tests.oracle.flow import QUANTA
from tests.oracle.life import Edit, Fallback, Life, OtherMeter, Silence, Wrong
from tests.oracle.register import Register
from tests.oracle.truth import Heard, Truth, truth_of


@dataclass(frozen=True, slots=True)
class Epoch:
    """A time in which one index climbs and is read in one way.

    base_q     what it is worth before anything flows
    wire       how the counter stands on the wire
    reader     how the server reads it
    lost_m     what it fell by when it began: the same meter, which forgot
    """

    since_ms: int
    base_q: int
    wire: Register
    reader: Register
    lost_m: int = 0


class Meter:
    """Stands behind the wire. Ask it at any times, but never at an earlier one than before."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._epochs = _epochs(life)
        self._starts = [epoch.since_ms for epoch in self._epochs]
        self._silences = [each for each in life.happenings if isinstance(each, Silence)]
        self._wrongs = [each for each in life.happenings if isinstance(each, Wrong)]
        self._left = [wrong.answers for wrong in self._wrongs]
        self._heard: list[Heard] = []

    def answer(self, ts_ms: int) -> tuple[int, ...] | None:
        """The registers as they come over the wire, None = silence."""
        assert not self._heard or ts_ms > self._heard[-1].ts_ms, "time goes on"
        if any(silence.at_ms <= ts_ms < silence.until_ms for silence in self._silences):
            return None
        number = bisect_right(self._starts, ts_ms) - 1
        epoch = self._epochs[number]
        amount_q = self._amount_q(epoch, ts_ms)
        true = epoch.wire.answer(amount_q)
        words = self._disturbed(ts_ms, epoch, true)
        off_m: Fraction | int | None = 0
        if words != true:
            meant_m, right_m = (self.reading_m(ts_ms, each) for each in (words, true))
            off_m = None if meant_m is None or right_m is None else meant_m - right_m
        index_m = self.index_m(ts_ms) if words == true else None
        self._heard.append(Heard(ts_ms, index_m, number, epoch.reader, off_m))
        return words

    def reading_m(self, ts_ms: int, words: tuple[int, ...]) -> Fraction | int | None:
        """What a server that reads by the settings of that time takes an answer for, falling ones turned round."""
        reader = self._epoch(ts_ms).reader
        meant_m = reader.meaning_m(words)
        return -meant_m if meant_m is not None and reader.falls and reader.named else meant_m

    def index_m(self, ts_ms: int) -> Fraction | int:
        """What the counter shows in the server's terms, as if it never rolled over."""
        epoch = self._epoch(ts_ms)
        index_m = epoch.wire.index_m(self._amount_q(epoch, ts_ms))
        return index_m if epoch.wire.is_float else index_m * epoch.reader.step_m // epoch.wire.step_m

    def truth(self) -> Truth:
        """What may be booked, from all that was answered until now."""
        return truth_of(self._life, tuple(self._heard), tuple(self._epochs))

    def _epoch(self, ts_ms: int) -> Epoch:
        return self._epochs[max(0, bisect_right(self._starts, ts_ms) - 1)]

    def _amount_q(self, epoch: Epoch, ts_ms: int) -> int:
        return epoch.base_q + self._life.flow.amount_q(ts_ms)

    def _disturbed(self, ts_ms: int, epoch: Epoch, true: tuple[int, ...]) -> tuple[int, ...]:
        for i, wrong in enumerate(self._wrongs):
            if ts_ms < wrong.at_ms:
                continue
            random = Random(f"{wrong.seed}:{ts_ms}")
            if wrong.until_ms:
                hit = ts_ms < wrong.until_ms and random.randrange(1000) < wrong.share
            else:
                hit = self._left[i] > 0
                self._left[i] -= hit
            if hit:
                return _lie(wrong, epoch.wire, true, random)
        return true


def _lie(wrong: Wrong, register: Register, true: tuple[int, ...], random: Random) -> tuple[int, ...]:
    bits = 16 * register.words
    whole = sum(word << 16 * i for i, word in enumerate(reversed(true)))
    match wrong.how:
        case "zero":
            whole = 0
        case "ones":
            whole = (1 << bits) - 1
        case "count":
            return register.counting(wrong.value)
        case "shift" if register.is_float:
            return register.counting(float(register.meaning_m(true) or 0) / 1e6 + wrong.value)  # type: ignore[arg-type]
        case "shift":
            whole = (whole + wrong.value) % (register.modulus or 1 << bits)
        case "bit":
            whole ^= 1 << wrong.value % bits
        case "any bit":
            whole ^= 1 << random.randrange(bits)
        case "any number":
            whole = random.randrange(1 << bits)
        case _:
            raise ValueError(wrong.how)
    return tuple(whole >> bits - 16 * (i + 1) & 0xFFFF for i in range(register.words))


def _epochs(life: Life) -> list[Epoch]:
    first = Epoch(
        life.start_ms, life.first_m * QUANTA - life.flow.amount_q(life.start_ms), life.register, life.register
    )
    epochs = [first]
    for each in life.happenings:
        last = epochs[-1]
        passed_q = life.flow.amount_q(each.at_ms)
        match each:
            case OtherMeter(index_m=index_m):
                epochs.append(replace(last, since_ms=each.at_ms, base_q=index_m * QUANTA - passed_q, lost_m=0))
            case Fallback(lost_m=lost_m):
                epochs.append(replace(last, since_ms=each.at_ms, base_q=last.base_q - lost_m * QUANTA, lost_m=lost_m))
            case Edit(register=register, index_m=None):
                epochs.append(replace(last, since_ms=each.at_ms, reader=register, lost_m=0))
            case Edit(register=register, index_m=index_m):
                base_q = index_m * QUANTA - passed_q
                epochs.append(Epoch(each.at_ms, base_q, register, register))
    return epochs
