"""A set-point is a lease: written, read back, refreshed; a station that does not obey is left to its own watchdog.

Any request feeds the watchdog of most stations. Whoever goes on reading a station that takes no set-point keeps it at
the current that it has: so it is not contacted at all until it has fallen back to its safe current.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

RETRY_MS = 1_000
MOST_TRIES = 2  # for a lower set-point; then the station is left alone
AFTER_WATCHDOG_MS = 2_000
LEAST_REFRESH_MS = 2_000


@dataclass(frozen=True, slots=True)
class Lease:
    """The limit of a station, 0 = it may not charge.

    watchdog_s    as programmed, 0 = it has none
    refresh_ms    a set-point that holds is written again after so long
    wanted_ma     as commanded last; None = nothing was yet
    confirmed_ma  as read back last; None = never
    written_ms    when it was written last
    failures      writes in a row that did not show
    quiet_until_ms  the station is not contacted before
    is_held       it is contacted earlier once no line of it is red: see ``begun``
    """

    watchdog_s: int
    refresh_ms: int = 10_000
    wanted_ma: int | None = None
    confirmed_ma: int | None = None
    written_ms: int | None = None
    failures: int = 0
    quiet_until_ms: int = 0
    is_held: bool = False

    def command(self, limit_ma: int) -> Lease:
        return self if limit_ma == self.wanted_ma else replace(self, wanted_ma=limit_ma, failures=0, written_ms=None)

    def is_quiet(self, now_ms: int) -> bool:
        """Nobody may read or write the station now."""
        return now_ms < self.quiet_until_ms

    def resumed(self, now_ms: int, rest_ms: int) -> Lease:
        """Of a server that begins anew: the station is not contacted for so long, see ``rest_ms``."""
        return replace(self, quiet_until_ms=now_ms + rest_ms) if rest_ms else self

    def begun(self, now_ms: int) -> Lease:
        """Of a server that begins: while a line is red, the watchdog acts before anybody feeds it once more.

        Nobody knows since when it is red, nor whether the station takes a lower limit.
        """
        if not self.watchdog_s:
            return self
        return replace(self, quiet_until_ms=now_ms + _quiet_ms(self.watchdog_s), is_held=True)

    def released(self) -> Lease:
        """No line of the station is red: one that is only held back may be contacted."""
        return replace(self, quiet_until_ms=0, is_held=False) if self.is_held else self

    def due(self, now_ms: int) -> int | None:
        """The set-point to write now, None = none is due."""
        if self.wanted_ma is None or self.is_quiet(now_ms):
            return None
        if self.written_ms is None:
            return self.wanted_ma
        obeys = self.confirmed_ma is not None and self.confirmed_ma <= self.wanted_ma
        period_ms = self.refresh_ms if obeys else RETRY_MS
        return self.wanted_ma if now_ms - self.written_ms >= period_ms else None

    def written(self, now_ms: int, read_back_ma: int | None) -> Lease:
        """A write is over: ``read_back_ma`` is what the station showed then, None = it did not answer."""
        seen = replace(
            self, written_ms=now_ms, confirmed_ma=self.confirmed_ma if read_back_ma is None else read_back_ma
        )
        if read_back_ma is not None and self.wanted_ma is not None and read_back_ma <= self.wanted_ma:
            return replace(seen, failures=0)
        return seen._failed(now_ms)

    def observed(self, confirmed_ma: int | None) -> Lease:
        """A poll showed this limit: a station that started anew has another one than it was given."""
        return self if confirmed_ma == self.confirmed_ma else replace(self, confirmed_ma=confirmed_ma)

    def _failed(self, now_ms: int) -> Lease:
        failures, quiet_until_ms = self.failures + 1, self.quiet_until_ms
        if failures >= MOST_TRIES and self.watchdog_s:
            quiet_until_ms, failures = now_ms + _quiet_ms(self.watchdog_s), 0
        return replace(self, failures=failures, quiet_until_ms=quiet_until_ms, is_held=False)


def rest_ms(until_ts_ms: int, now_ts_ms: int, watchdog_s: int) -> int:
    """For how long a station is still left alone, UTC ms; never longer than at first, whatever the clock did."""
    return max(0, min(until_ts_ms - now_ts_ms, _quiet_ms(watchdog_s))) if watchdog_s else 0


def refresh_ms(watchdog_s: int, asked_s: int = 0) -> int:
    """How often a set-point is written again: three times in the watchdog's time, or as the station asks for."""
    wanted_ms = asked_s * 1000 or watchdog_s * 1000 // 3 or 30_000
    return max(LEAST_REFRESH_MS, wanted_ms)


def hold_ms(watchdog_s: int) -> int:
    """For how long a server that begins holds a station back at most."""
    return _quiet_ms(watchdog_s) if watchdog_s else 0


def _quiet_ms(watchdog_s: int) -> int:
    return watchdog_s * 1000 + AFTER_WATCHDOG_MS
