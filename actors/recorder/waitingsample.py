"""A sample that waits for the others of its slot: hundreds come at once, and each is a thousand small objects."""

from __future__ import annotations

from array import array
from dataclasses import replace
from itertools import chain, islice

from actors.message.device import SampleClosed
from runtime.core.sample.aggregation import MISSING, readings_of


class WaitingSample:
    """``sample``, with its numbers packed; ``whole`` gives it back as it was."""

    __slots__ = ("_bare", "_columns", "_names", "_sizes", "_trails")

    def __init__(self, sample: SampleClosed) -> None:
        self._bare = sample
        try:
            self._columns = array("q", [MISSING if n is None else n for n in sample.columns_n])
            self._trails = array("q", chain.from_iterable(chain.from_iterable(sample.counters.values())))
        except (TypeError, OverflowError):  # no plain numbers: whoever writes it finds out
            return
        self._names, self._sizes = tuple(sample.counters), tuple(map(len, sample.counters.values()))
        self._bare = replace(sample, columns_n=(), counters={})

    @property
    def device(self) -> int:
        return self._bare.device

    @property
    def start_ts(self) -> int:
        return self._bare.start_ts

    @property
    def end_ts(self) -> int:
        return self._bare.end_ts

    @property
    def is_open(self) -> bool:
        return self._bare.is_open

    @property
    def follows_a_clock(self) -> bool:
        """Whether it tells when sampling began, or that the clock was put back."""
        return bool(self._bare.begun_ms or self._bare.turned_ms)

    def whole(self) -> SampleClosed:
        bare = self._bare
        if bare.columns_n or bare.counters:
            return bare
        columns_n = tuple(None if n == MISSING else n for n in self._columns)
        readings = iter(readings_of(self._trails))
        counters = {name: tuple(islice(readings, size)) for name, size in zip(self._names, self._sizes, strict=True)}
        return replace(bare, columns_n=columns_n, counters=counters)
