"""What the ledgers noticed, as events: what happened to several counters of one device at once is one event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runtime.core.energy.continuity import AND
from runtime.store.energy.cycle import CounterFinding

Report = tuple[int, int, str, str]  # UTC ms, device, code, detail


def reports_of(findings: Iterable[CounterFinding]) -> Iterator[Report]:
    """One for each thing that happened, with all counters that it happened to, in the order in which they came."""
    kept: dict[tuple[int, str], list[list[CounterFinding]]] = {}
    order: list[list[CounterFinding]] = []
    for noted in findings:
        listed = kept.setdefault((noted.device, noted.finding.code), [])
        same = next((group for group in listed if _is_same(group, noted)), None)
        if same is None:
            listed.append([noted])
            order.append(listed[-1])
        else:
            same.append(noted)
    for group in order:
        first = group[0]
        ts_ms = max(noted.finding.ts_ms for noted in group)
        yield ts_ms, first.device, first.finding.code, AND.join(map(_describe, group))


def _is_same(group: list[CounterFinding], noted: CounterFinding) -> bool:
    """The same moment, of another counter."""
    if any(other.quantity == noted.quantity for other in group):
        return False
    one, other = group[0].finding, noted.finding
    return one.since_ms <= other.ts_ms and other.since_ms <= one.ts_ms


def _describe(noted: CounterFinding) -> str:
    found = noted.finding
    return f"{noted.quantity} {found.before_n} {found.after_n} since {found.since_ms}"
