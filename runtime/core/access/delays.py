"""Guessing is slowed down, nobody is locked out: growing pauses for whoever tries, a pace for all strangers.

Who tries is a browser where somebody was right before, else an address; at a known browser, a user there. Every try is
charged before it is looked at and given back when it was right, so that many at once gain nothing. Strangers share a
pace that those who never failed and those who were right before do not wait for, so that nobody is kept out. A PIN by
itself has no pauses: with them, who knows it could keep its owner out, and there are 10^14 PUKs to it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
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


def key_of(address: str, browser: str = "") -> str:
    """Who tries PIN and PUK: a browser where somebody was right before (the hash of its key), else an address."""
    return f"k:{browser[:32]}" if browser else f"a:{net_of(address)}"


def pin_key(id: int) -> str:
    """A user at a browser, by the number of what knows him there; or a session."""
    return f"u:{id}"


class Delays:
    """One owner. Times are UTC milliseconds; a clock that steps costs nobody more than the longest pause."""

    def __init__(self) -> None:
        self._delays: dict[str, Delay] = {}
        self._buckets = {"strangers": Bucket(PACE_BURST, 0), "newcomers": Bucket(NEW_BURST, 0)}
        self._changed: set[str] = set()

    # ---- one try of PIN and PUK

    def charge(self, who: str, now_ms: int) -> int:
        """Take a try, or say how long to wait, in ms. ``who``: see ``key_of``."""
        wait_ms = self._wait_ms(who, now_ms)
        if wait_ms > 0:
            return wait_ms
        if not (who.startswith("k:") or self._is_known(who, now_ms)):
            wait_ms = self._take("strangers" if self._wrong(who, now_ms) else "newcomers", now_ms)
            if wait_ms > 0:
                return wait_ms
        self._count(who, now_ms)
        return 0

    def give_back(self, who: str) -> None:
        """The try was not looked at after all."""
        delay = self._delays.get(who)
        if delay is not None:
            self._put(who, replace(delay, wrong=max(0, delay.wrong - 1), until_ms=0))
        name = "strangers" if self._delays.get(who, Delay()).wrong else "newcomers"
        self._buckets[name] = replace(self._buckets[name], level=self._buckets[name].level + 1)

    def was_right(self, who: str, address: str, now_ms: int) -> None:
        """The try is forgiven, and those before it; the address is known from now on."""
        self._drop(who)
        self._put(key_of(address), Delay(known_ms=now_ms))

    def wrong_from(self, address: str, now_ms: int) -> int:
        """Wrong tries of an address that are not forgotten."""
        return self._wrong(key_of(address), now_ms)

    # ---- PINs at a known browser, where each user counts for himself

    def pin_wait_ms(self, users: Iterable[str], now_ms: int) -> int:
        """How long none of them may be tried. ``users``: keys of users at browsers, see ``pin_key``."""
        return max((self._wait_ms(key, now_ms) for key in users), default=0)

    def pin_was_wrong(self, users: Iterable[str], now_ms: int) -> None:
        """Of whom the PIN was meant to be is not known: of each of them."""
        for key in users:
            self._count(key, now_ms)

    def pin_was_right(self, user: str) -> None:
        """His own wrong ones are forgiven, and nobody else's."""
        self._drop(user)

    # ---- what is kept

    def load(self, key: str, record: tuple[int, int, int, int] | tuple[float, int]) -> None:
        if key.startswith("b:") and len(record) == 2:
            self._buckets[key[2:]] = Bucket(float(record[0]), int(record[1]))
        elif len(record) == 4 and key.startswith(("a:", "k:", "u:")):  # an earlier release counted for PINs, too
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
