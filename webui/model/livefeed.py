"""The answer to ``live``: built once for everybody, at most once a second, and not at all when nobody asks."""

from __future__ import annotations

import functools
import gzip
import json
import secrets
import threading
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import Installation
from runtime.core.view import DeviceView
from runtime.text.figures import json_number
from runtime.text.moment import iso, iso_ms
from webui.model.bridge import Bridge
from webui.model.staleness import UNHURRIED, is_stale, stale_after_s

_QUALITY = {int(quality): quality.label for quality in Quality}
_GZIP = 31  # to zlib: the largest window, and gzip's head and end
_LEAST_STALE_S = 30  # said when there are no devices


@dataclass(frozen=True)
class Snapshot:
    """One moment of all devices.

    v          changes with a value, a quality, a state or staleness, and with each start of the server
    packed     gzip
    unchanged  {"v"} alone
    """

    v: str
    packed: bytes
    unchanged: bytes

    @functools.cached_property
    def plain(self) -> bytes:
        """For programs that do not unpack; kept only while they ask, since it is large."""
        return gzip.decompress(self.packed)


@dataclass(frozen=True, slots=True)
class _Part:
    """One device as it was last written down; the text itself is not kept, it is large."""

    view: DeviceView
    stale: tuple[bool, ...]

    def says_the_same_as(self, other: _Part | None) -> bool:
        if other is None or self.stale != other.stale:
            return False
        a, b = self.view, other.view
        if a is b:
            return True
        same = a.values_n == b.values_n and a.quality == b.quality and a.quantities == b.quantities
        return same and (a.name, a.state, a.trouble) == (b.name, b.state, b.trouble)


class LiveFeed:
    """Snapshots of all devices, of all quantities or of those in ``only``. Any thread may ask."""

    def __init__(self, bridge: Bridge, only: Collection[str] | None = None) -> None:
        self._bridge = bridge
        self._only = None if only is None else frozenset(only)
        self._lock = threading.Lock()
        self._start = secrets.token_hex(4)
        self._tick = 0
        self._parts: dict[int, _Part] = {}
        self._looked_at = float("-inf")
        self._site: Installation | None = None
        self._snapshot = Snapshot("", b"", b"")

    def snapshot(self) -> Snapshot:
        """The newest one, at most a second old, and never of an installation that was edited since."""
        with self._lock:
            now, site = self._bridge.clock.monotonic(), self._bridge.installation()
            if now - self._looked_at >= 1.0 or site is not self._site:
                self._look()
                self._looked_at, self._site = now, site
            return self._snapshot

    def _look(self) -> None:
        zone = self._bridge.zone
        now_ms = self._bridge.clock.now_ms()
        parts = {view.id: _Part(view, _staleness(view, now_ms)) for view in self._bridge.devices()}
        same = parts.keys() == self._parts.keys()
        if not (
            same and self._snapshot.v and all(part.says_the_same_as(self._parts[id]) for id, part in parts.items())
        ):
            self._tick += 1
        self._parts = parts
        self._snapshot = self._written(now_ms, zone)

    def _written(self, now_ms: int, zone: ZoneInfo) -> Snapshot:
        v = f"{self._start}-{self._tick}"
        packer = zlib.compressobj(level=1, wbits=_GZIP)
        packed = [packer.compress(piece.encode()) for piece in self._pieces(v, now_ms, zone)]
        return Snapshot(v, b"".join((*packed, packer.flush())), f'{{"v":"{v}"}}'.encode())

    def _pieces(self, v: str, now_ms: int, zone: ZoneInfo) -> Iterator[str]:
        """One after the other, since the whole is megabytes."""
        longest_s = max((part.view.stale_after_s for part in self._parts.values()), default=_LEAST_STALE_S)
        yield f'{{"v":"{v}","now":"{iso(now_ms // 1000, zone)}","stale_after_s":{longest_s},"devices":['
        for number, part in enumerate(self._parts.values()):
            yield "," * (number > 0) + device_json(part.view, zone, self._only)
        yield "]}"


def _staleness(view: DeviceView, now_ms: int) -> tuple[bool, ...]:
    """Of each value; () where none of them is stale."""
    limit_ms = view.stale_after_s * 1000
    if not view.ts_ms or now_ms - limit_ms <= min(view.ts_ms) <= max(view.ts_ms) <= now_ms + limit_ms:
        return ()
    ages = zip(view.quantities, view.ts_ms, strict=True)
    return tuple(is_stale(id, ts_ms, now_ms, view.stale_after_s) for id, ts_ms in ages)


def device_json(view: DeviceView, zone: ZoneInfo, only: frozenset[str] | None = None) -> str:
    """One device of ``live`` as JSON text."""
    times: dict[int, str] = {}
    readings = []
    for id, n, ts_ms, quality in zip(view.quantities, view.values_n, view.ts_ms, view.quality, strict=True):
        if only is not None and id not in only:
            continue
        if ts_ms not in times:
            times[ts_ms] = json.dumps(iso_ms(ts_ms, zone)) if ts_ms else "null"
        row = QUANTITIES[id]
        value = json.dumps(n) if n is None or isinstance(n, str) else repr(json_number(n, row.exp10))
        own = f',"stale_after_s":{stale_after_s(id, view.stale_after_s)}' if id in UNHURRIED else ""
        said = f'"value":{value},"unit":"{row.unit}","ts":{times[ts_ms]},"quality":"{_QUALITY[quality]}"{own}'
        readings.append(f'"{id}":{{{said}}}')
    trouble = None if view.trouble is None else {"code": view.trouble.code, "message": view.trouble.message}
    head = {
        "id": view.id,
        "name": view.name,
        "state": view.state,
        "error": trouble,
        "stale_after_s": view.stale_after_s,
    }
    return f'{json.dumps(head)[:-1]}, "readings":{{{",".join(readings)}}}}}'
