"""Guessing is slowed down, nobody is locked out: growing pauses for an address and for a PIN, a pace for all strangers.

Every try is charged before it is looked at and given back when it was right, so that many at once gain nothing. A PIN
is slowed whether somebody has it or not: a pause tells nothing. Addresses that somebody logged in from lately share
neither the pace of strangers nor the pauses of a PIN, so that strangers cannot keep the owner out.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, replace

FREE = 3  # tries before the first pause
LONGEST_S = 60
FORGOTTEN_S = 3600  # without a wrong try
KNOWN_S = 30 * 86_400  # an address is known for so long after a login
MOST = 20_000  # keys; the ones that were quiet longest are forgotten first
PACE_PER_S, PACE_BURST = 1.0, 20.0  # tries of all strangers together, those that failed before
NEW_PER_S, NEW_BURST = 1.0, 60.0  # and of those that did not


@dataclass(frozen=True, slots=True)
class Delay:
    """Of one key. ``until_ms`` no try counts before; ``known_ms`` when somebody logged in, 0 = never."""

    wrong: int = 0
    last_ms: int = 0
    until_ms: int = 0
    known_ms: int = 0


@dataclass(frozen=True, slots=True)
class Bucket:
    """A pace: ``level`` tries are left at ``ts_ms``."""

    level: float
    ts_ms: int


def pause_s(wrong: int) -> int:
    """After so many wrong tries: 0, 0, 0, 1, 2, 4 … 60 s."""
    return 0 if wrong <= FREE else min(LONGEST_S, 1 << min(wrong - FREE - 1, 10))


def net_of(address: str) -> str:
    """What counts as one address: an IPv6 customer has a whole /64."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped) if ip.ipv4_mapped else str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


class Delays:
    """One owner. Times are UTC milliseconds; a clock that steps costs nobody more than the longest pause."""

    def __init__(self) -> None:
        self._delays: dict[str, Delay] = {}
        self._buckets = {"strangers": Bucket(PACE_BURST, 0), "newcomers": Bucket(NEW_BURST, 0)}
        self._changed: set[str] = set()

    # ---- one try

    def charge(self, address: str, index: str, now_ms: int) -> int:
        """Take a try, or say how long to wait, in ms. ``index`` of the PIN that is tried."""
        place, pin = f"a:{net_of(address)}", f"p:{index[:32]}"
        known = self._is_known(place, now_ms)
        wait_ms = max(self._wait_ms(place, now_ms), 0 if known else self._wait_ms(pin, now_ms))
        if wait_ms > 0:
            return wait_ms
        if not known:
            wait_ms = self._take("strangers" if self._wrong(place, now_ms) else "newcomers", now_ms)
            if wait_ms > 0:
                return wait_ms
        for key in (place, pin):
            self._count(key, now_ms)
        return 0

    def give_back(self, address: str, index: str) -> None:
        """The try was not looked at after all."""
        for key in (f"a:{net_of(address)}", f"p:{index[:32]}"):
            delay = self._delays.get(key)
            if delay is not None:
                self._put(key, replace(delay, wrong=max(0, delay.wrong - 1), until_ms=0))
        place = self._delays.get(f"a:{net_of(address)}", Delay())
        name = "strangers" if place.wrong else "newcomers"
        self._buckets[name] = replace(self._buckets[name], level=self._buckets[name].level + 1)

    def was_right(self, address: str, index: str, now_ms: int) -> None:
        """The try is forgiven, and those before it."""
        self._put(f"a:{net_of(address)}", Delay(known_ms=now_ms))
        self._drop(f"p:{index[:32]}")

    def wrong_from(self, address: str, now_ms: int) -> int:
        """Wrong tries of an address that are not forgotten."""
        return self._wrong(f"a:{net_of(address)}", now_ms)

    # ---- what is kept

    def load(self, key: str, record: tuple[int, int, int, int] | tuple[float, int]) -> None:
        if key.startswith("b:") and len(record) == 2:
            self._buckets[key[2:]] = Bucket(float(record[0]), int(record[1]))
        elif len(record) == 4:
            self._delays[key] = Delay(*map(int, record))

    def changes(self) -> Iterator[tuple[str, tuple[int, int, int, int] | tuple[float, int] | None]]:
        """Keys that changed since the last time, with their records; None = gone."""
        changed, self._changed = self._changed, set()
        for key in sorted(changed):
            if key.startswith("b:"):
                bucket = self._buckets[key[2:]]
                yield key, (bucket.level, bucket.ts_ms)
            else:
                delay = self._delays.get(key)
                yield key, None if delay is None else (delay.wrong, delay.last_ms, delay.until_ms, delay.known_ms)

    def forget_old(self, now_ms: int) -> None:
        """Each minute or so."""
        for key, delay in list(self._delays.items()):
            quiet = abs(now_ms - delay.last_ms) > FORGOTTEN_S * 1000
            if quiet and abs(now_ms - delay.known_ms) > KNOWN_S * 1000:
                self._drop(key)
        too_many = len(self._delays) - MOST
        if too_many > 0:
            quietest = sorted(self._delays, key=lambda key: self._delays[key].last_ms)
            for key in quietest[:too_many]:
                self._drop(key)

    def __len__(self) -> int:
        return len(self._delays)

    def _is_known(self, place: str, now_ms: int) -> bool:
        delay = self._delays.get(place)
        return delay is not None and delay.known_ms > 0 and abs(now_ms - delay.known_ms) < KNOWN_S * 1000

    def _wrong(self, key: str, now_ms: int) -> int:
        delay = self._delays.get(key)
        if delay is None or abs(now_ms - delay.last_ms) > FORGOTTEN_S * 1000:
            return 0
        return delay.wrong

    def _wait_ms(self, key: str, now_ms: int) -> int:
        delay = self._delays.get(key)
        if delay is None or not self._wrong(key, now_ms):
            return 0
        return max(0, min(delay.until_ms - now_ms, pause_s(delay.wrong) * 1000))

    def _count(self, key: str, now_ms: int) -> None:
        before = self._delays.get(key, Delay())
        wrong = self._wrong(key, now_ms) + 1
        self._put(key, Delay(wrong, now_ms, now_ms + pause_s(wrong) * 1000, before.known_ms))

    def _take(self, name: str, now_ms: int) -> int:
        """One try of a pace; how long until there is one, in ms, when there is none."""
        per_s, most = (PACE_PER_S, PACE_BURST) if name == "strangers" else (NEW_PER_S, NEW_BURST)
        bucket = self._buckets[name]
        passed_ms = max(0, now_ms - bucket.ts_ms)
        level = min(most, bucket.level + passed_ms / 1000 * per_s)
        if level < 1:
            self._buckets[name] = Bucket(level, now_ms)
            return max(1, round((1 - level) / per_s * 1000))
        self._buckets[name] = Bucket(level - 1, now_ms)
        self._changed.add(f"b:{name}")
        return 0

    def _put(self, key: str, delay: Delay) -> None:
        self._delays[key] = delay
        self._changed.add(key)

    def _drop(self, key: str) -> None:
        if self._delays.pop(key, None) is not None:
            self._changed.add(key)
