"""Phantoms as they lie in the store: rows, events, edits and corrections of each counter, held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import lmdb

from runtime.core.clock.timegrid import DAY_S
from runtime.core.energy.continuity import Jump, Recording, gaps_of, jumps_of, with_booked, without_repeats
from runtime.core.energy.corrections import Stretch
from runtime.core.energy.counterlimits import limits_of, rated_ma
from runtime.core.map.labels import LINKED
from runtime.core.phantom.evidence import CounterInterval, Evidence
from runtime.core.phantom.phantom import Phantom
from runtime.core.phantom.search import find_phantoms
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import Installation
from runtime.store.energy.corrections import corrected_stretches
from runtime.store.env import Store
from runtime.store.object.audit import AuditTrail
from runtime.store.object.events import Event, list_events
from runtime.store.row import Column, Row
from runtime.store.sample.rows import LAST_TS, Rows

RECORD = ("archive", "phantoms")  # what the last check found: device, quantity, start_ts, end_ts
MOST_KEPT = 1000
MOST_EVENTS = 200_000  # the newest ones that are looked through for jumps
MOST_EDITS = 10_000
BASES = frozenset(("model", "gateway", "unit", "interface", "side", "position", "supply", "parameters"))
BEFORE_S, AFTER_S = 3 * DAY_S, 14 * DAY_S  # that are looked at around a phantom
AROUND_S = 7200  # of a jump, to know what was drawn
JUMPS = frozenset(f"counter_{what}" for what in ("rolled_over", "reset", "exchanged", "returned", "fell_back"))
BASE_EDITED = "counter_base_edited"  # since then an edit passes no energy on
_POWER = (("active_power_w", "max"), ("active_power_w", "mean"))
_IS_COUNTED = {id for id, row in QUANTITIES.items() if row.kind == "counter"}


@dataclass(frozen=True, slots=True)
class CounterPhantom:
    """A phantom of one counter. ``id`` names it for whoever takes it back: device, quantity and start."""

    device: int
    quantity: str
    phantom: Phantom

    @property
    def id(self) -> str:
        return f"{self.device}.{self.quantity}.{self.phantom.start_ts}"


@dataclass(frozen=True, slots=True)
class Reports:
    """What was reported of one device: jumps by quantity, and when it was edited."""

    jumps: Mapping[str, list[Jump]] = field(default_factory=dict)
    edits_ms: tuple[int, ...] = ()


def all_reports(store: Store) -> dict[int, Reports]:
    """Of every device that something was reported of."""
    events: dict[int, list[Event]] = {}
    for event in list_events(store, limit=MOST_EVENTS):
        if event.subject.startswith("device."):
            events.setdefault(int(event.subject[7:]), []).append(event)
    edits = _edits(store)
    return {device: _reports(events.get(device, ()), edits.get(device, ())) for device in events.keys() | edits.keys()}


def reports_of(store: Store, device: int) -> Reports:
    """Of one device."""
    events = list_events(store, subject=f"device.{device}", limit=MOST_EVENTS)
    return _reports(events, _edits(store).get(device, ()))


def _edits(store: Store) -> dict[int, list[int]]:
    """Device -> UTC ms of each edit of what its indexes depend on."""
    edits: dict[int, list[int]] = {}
    for entry in AuditTrail(store).entries(MOST_EDITS):
        for change in entry.changes:
            if change.kind == "device" and change.action == "changed" and BASES & change.fields.keys():
                edits.setdefault(change.id, []).append(entry.ts_ms)
    return edits


def _reports(events: Iterable[Event], edits_ms: Iterable[int]) -> Reports:
    jumps: dict[str, list[Jump]] = {}
    based = []
    for event in events:
        if event.code == BASE_EDITED:
            based.append(event.ts_ms)
        for quantity, jump in jumps_of(event.code, event.ts_ms, event.detail):
            jumps.setdefault(quantity, []).append(jump)
    oldest_ms = min(based, default=1 << 62)
    return Reports(
        {quantity: without_repeats(listed) for quantity, listed in jumps.items()},
        tuple(ts_ms for ts_ms in edits_ms if ts_ms < oldest_ms),
    )


def phantoms_of_device(
    store: Store, txn: lmdb.Transaction, rows: Rows, site: Installation, device: int, reports: Reports,
    stretch: tuple[int, int] = (0, LAST_TS),
) -> list[CounterPhantom]:  # fmt: skip
    """Those that nobody has taken back yet, of rows that start in a stretch.

    What another server counts has none: it catches up at once, and its phantoms are looked for there.
    """
    spec = site.device(device)
    if spec is not None and spec.model == LINKED:
        return []
    rated = rated_ma(spec.parameters) if spec else 0
    corrected = corrected_stretches(store)
    searched = []
    for quantity, intervals in _intervals(rows.scan_device(txn, device, *stretch, _is_evidence)).items():
        evidence = Evidence(intervals, reports.jumps.get(quantity, ()), reports.edits_ms)
        for phantom in find_phantoms(evidence, limits_of(quantity, rated_ma=rated)):
            if not _is_corrected(phantom, corrected.get((device, quantity), ())):
                searched.append(CounterPhantom(device, quantity, phantom))
    return searched


def phantoms_by_device(
    store: Store, txn: lmdb.Transaction, rows: Rows, site: Installation, from_ts: int = 0
) -> Iterator[tuple[int, list[CounterPhantom]]]:
    """Of every device that was ever recorded, also of those without any."""
    reports = all_reports(store)
    for device in _devices(store, txn):
        of_device = reports.get(device, Reports())
        yield device, phantoms_of_device(store, txn, rows, site, device, of_device, (from_ts, LAST_TS))


def _devices(store: Store, txn: lmdb.Transaction) -> list[int]:
    with txn.cursor(db=store.tree("ledger")) as cursor:
        return [int.from_bytes(key, "big") for key in cursor.iternext(values=False)]


def _is_evidence(column: Column) -> bool:
    return (column[1] in ("index", "energy") and column[0] in _IS_COUNTED) or column in _POWER


def _intervals(rows: Iterable[Row]) -> dict[str, list[CounterInterval]]:
    """Quantity -> its intervals, by time."""
    listed: dict[str, list[CounterInterval]] = {}
    for row in rows:
        values = dict(zip(row.columns, row.values_n, strict=True))
        power_n = next((values[column] for column in _POWER if values.get(column) is not None), None)
        for quantity in {id for id, _ in row.columns if id in _IS_COUNTED}:
            index_n, energy_n = values.get((quantity, "index")), values.get((quantity, "energy"))
            listed.setdefault(quantity, []).append(
                CounterInterval(row.start_ts, row.start_ts + row.interval_s, index_n, energy_n, power_n)
            )
    return listed


def _is_corrected(phantom: Phantom, corrections: Iterable[Stretch]) -> bool:
    """Whether corrections in its time are as much as it, but for rounding, or leave no more than can have passed."""
    given_n = sum(_inside(each, phantom) for each in corrections)
    hours = (phantom.end_ts - phantom.start_ts) // 3600
    slack_n = abs(phantom.excess_n) // 1000 + 4 * (hours + len(phantom.parts) + 1)
    left_n = phantom.booked_n + given_n
    is_possible = given_n < 0 and phantom.booked_n > phantom.most_n >= left_n >= phantom.right_n - slack_n
    return abs(given_n + phantom.excess_n) <= slack_n or is_possible


def _inside(stretch: Stretch, phantom: Phantom) -> int:
    start_ts, end_ts, energy_n = stretch
    inside_s = max(0, min(end_ts, phantom.end_ts) - max(start_ts, phantom.start_ts))
    return energy_n * inside_s // (end_ts - start_ts)


# ---- one of them


def phantom_at(
    store: Store, txn: lmdb.Transaction, rows: Rows, site: Installation, at: tuple[int, str, int]
) -> CounterPhantom | None:
    """The one of a device and quantity that begins at a moment; None = there is none, or it was taken back."""
    device, quantity, start_ts = at
    reports = reports_of(store, device)
    for stretch in (around(start_ts, start_ts), (0, LAST_TS)):  # all of it only where the days around it do not do
        listed = phantoms_of_device(store, txn, rows, site, device, reports, stretch)
        for each in listed:
            if (each.quantity, each.phantom.start_ts) == (quantity, start_ts):
                return each
    return None


def around(start_ts: int, end_ts: int) -> tuple[int, int]:
    """What has to be known to judge a stretch: what was drawn before and after."""
    return max(0, start_ts - BEFORE_S), end_ts + AFTER_S


def kept_starts(store: Store, device: int, quantity: str) -> list[int]:
    """Where the last check of the whole store found one of a counter."""
    kept = kept_phantoms(store) or []
    return [each["start_ts"] for each in kept if (each["device"], each["quantity"]) == (device, quantity)]


def kept_phantoms(store: Store) -> list[dict[str, Any]] | None:
    """What the last check of the store found; None = there was none yet."""
    kept: list[dict[str, Any]] | None = store.records.get(*RECORD)
    return kept


def jump_at(store: Store, device: int, quantity: str, ts_ms: int) -> Jump | None:
    """The newest jump of a counter to another index that the ledger found around a moment."""
    jumps = reports_of(store, device).jumps.get(quantity, ())
    return next((each for each in jumps if each.code in JUMPS and each.since_ms <= ts_ms <= each.ts_ms), None)


def booked_for(store: Store, txn: lmdb.Transaction, rows: Rows, device: int, quantity: str, jump: Jump) -> int | None:
    """Energy that was booked for a jump: as the event of its silence says, else as its rows do."""
    events = list_events(
        store, from_ms=jump.ts_ms, to_ms=jump.ts_ms + 1, subject=f"device.{device}", code="counter_gap"
    )
    gaps = [gap for event in events for id, gap in gaps_of(event.code, event.ts_ms, event.detail) if id == quantity]
    for gap in gaps:
        if gap.since_ms == jump.since_ms:
            return gap.energy_n
    stretch = jump.since_ms // 1000 - AROUND_S, jump.ts_ms // 1000 + AROUND_S
    scanned = rows.scan_device(txn, device, *stretch, _is_evidence)
    intervals = _intervals(scanned).get(quantity, ())
    recorded = [Recording(each.start_ts, each.end_ts, each.index_n, each.energy_n) for each in intervals]
    return with_booked(jump, recorded).booked_n
