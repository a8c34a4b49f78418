"""Is my energy right? All that is known of a device's counter, and in short of every device of the site."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from runtime.core.energy.confidence import Facts, level_of, remarks_of
from runtime.core.energy.continuity import Gap, Jump
from runtime.core.energy.displaycheck import DisplayCheck
from runtime.core.energy.ledger import LedgerState
from runtime.core.energy.powerwitness import TOO_LITTLE, Agreement
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.view import DeviceView
from runtime.store.chart.counterhistory import EnergyDoubt
from runtime.store.chart.counterproof import (
    EXPORTED,
    IMPORTED,
    MOST_ROWS,
    IndexWay,
    PowerProof,
    booked_jumps,
    index_way,
    noticed,
    power_proof,
)
from runtime.store.chart.spans import Span, spans_of
from runtime.store.energy.phantoms import CounterPhantom
from runtime.store.history import FLUIDS
from webui.model.bridge import Bridge
from webui.model.confidence.submeters import Comparison, compare_with
from webui.model.fluid import fluid_of

PERIODS = ("day", "month", "year")
SITE_S = 86_400  # of power against index, for the list of all devices …
SITE_ROWS = 144  # … and no more intervals of each, so that a list of 255 stays a matter of a second
EVENTS = 2000  # of a device that are looked through
SITE_EVENTS_MS = 400 * 86_400_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: a counter, a local period, other meters to compare with ("" = none)."""

    device: int
    quantity: str
    period: str
    date: datetime.date
    compared: str = ""


@dataclass(frozen=True, slots=True)
class CounterIndex:
    """A counter now: its own index as last read, and the ledger's energy. index = begun + booked + shifts + pending."""

    quantity: str
    index_n: int | None
    read_ms: int
    ledger: LedgerState | None
    shifts_n: int

    @property
    def begun_n(self) -> int | None:
        """The index at which counting began."""
        state = self.ledger
        return None if state is None else state.raw_n - state.total_n - self.shifts_n

    @property
    def pending_n(self) -> int | None:
        """Counted since the ledger was last written."""
        return None if self.ledger is None or self.index_n is None else self.index_n - self.ledger.raw_n


@dataclass(frozen=True, slots=True)
class PowerBar:
    start_ts: int
    end_ts: int
    by_power_n: int | None
    by_index_n: int | None


@dataclass(frozen=True, slots=True)
class EnergyCheck:
    """Everything about one counter of one device in one period."""

    asked: Asked
    start_ts: int
    end_ts: int
    indexes: tuple[CounterIndex, ...]
    jumps: tuple[Jump, ...]
    gaps: tuple[Gap, ...]
    doubt: EnergyDoubt
    way: IndexWay | None
    proof: PowerProof
    bars: tuple[PowerBar, ...]
    comparison: Comparison | None
    checks: tuple[DisplayCheck, ...]
    phantoms: tuple[CounterPhantom, ...]
    remarks: tuple[str, ...]

    @property
    def level(self) -> str:
        return level_of(self.remarks)


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One device in short."""

    view: DeviceView
    quantity: str
    doubt: EnergyDoubt
    last_jump: Jump | None
    power: str
    check: DisplayCheck | None
    remarks: tuple[str, ...]

    @property
    def level(self) -> str:
        return level_of(self.remarks)


class EnergyChecks:
    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def of(self, asked: Asked) -> EnergyCheck:
        """Of a device that there is, and a counter that it has."""
        bridge, counters = self._bridge, self._bridge.history.counters
        start_ts, end_ts = self._stretch(asked)
        per_quantity = noticed(bridge.history.events(subject=f"device.{asked.device}", limit=EVENTS))
        jumps, gaps = per_quantity.get(asked.quantity, ([], []))
        jumps = booked_jumps(counters, asked.device, asked.quantity, jumps)
        zone, stretch = bridge.zone, (start_ts, end_ts)
        doubt = counters.energy(asked.device, asked.quantity, stretch, asked.period, asked.date, zone)
        way = index_way(counters, asked.device, asked.quantity, stretch, jumps, asked.period, asked.date, zone)
        proof = self._proof(asked.device, asked.quantity, stretch)
        comparison = compare_with(bridge, asked.device, asked.compared, asked.quantity, asked.period, asked.date)
        checks = tuple(reversed(counters.checks(asked.device)))
        shown_s = MOST_ROWS * bridge.installation().interval_s
        looked = max(start_ts, end_ts - shown_s), end_ts
        phantoms = counters.phantoms(bridge.installation(), asked.device, asked.quantity, looked)
        indexes = tuple(self._indexes(asked.device, {**per_quantity, asked.quantity: (jumps, gaps)}))
        own = next((check for check in checks if check.quantity == asked.quantity), None)
        facts = Facts(
            is_read=any(each.quantity == asked.quantity and each.index_n is not None for each in indexes),
            display=own.result if own else "", power=proof.agreement.state, total_n=doubt.total_n,
            estimated_n=doubt.estimated_n, rest_n=way.rest_n if way else None, slack_n=way.slack_n if way else 0,
            has_doubtful_jump=any(jump.is_doubtful for jump in jumps), has_phantom=bool(phantoms),
            main_n=comparison.main_n if comparison else None, parts_n=comparison.parts_n if comparison else None,
        )  # fmt: skip
        return EnergyCheck(
            asked, start_ts, end_ts, indexes, tuple(jumps), tuple(gaps), doubt, way, proof,
            _bars(proof, spans_of(asked.period, asked.date, zone)), comparison, checks, phantoms,
            remarks_of(facts),
        )  # fmt: skip

    def of_site(self, period: str, date: datetime.date) -> list[SiteLine]:
        """Every device that counts something, in the order of the installation."""
        history, now_ms = self._bridge.history, self._bridge.clock.now_ms()
        by_subject: dict[str, list[object]] = {}
        for event in history.events(from_ms=max(0, now_ms - SITE_EVENTS_MS), limit=EVENTS * 10):
            by_subject.setdefault(event.subject, []).append(event)
        newest = {(check.device, check.quantity): check for check in history.counters.checks()}
        lines = []
        for view in self._bridge.devices():
            if quantity := main_counter(view):
                events = by_subject.get(f"device.{view.id}", [])
                jumps, _ = noticed(events).get(quantity, ([], []))  # type: ignore[arg-type]
                lines.append(self._line(view, Asked(view.id, quantity, period, date), jumps, newest))
        return lines

    def display_power(self, device: int, quantity: str) -> Agreement:
        """Whether power and index of the last day agree."""
        now_ts = self._bridge.clock.now_ts()
        return self._proof(device, quantity, (now_ts - SITE_S, now_ts)).agreement

    def _line(
        self, view: DeviceView, asked: Asked, jumps: Sequence[Jump], newest: dict[tuple[int, str], DisplayCheck]
    ) -> SiteLine:
        counters, (start_ts, end_ts) = self._bridge.history.counters, self._stretch(asked)
        doubt = counters.energy(
            view.id, asked.quantity, (start_ts, end_ts), asked.period, asked.date, self._bridge.zone
        )
        shown_s = min(SITE_S, SITE_ROWS * self._bridge.installation().interval_s)
        proof = self._proof(view.id, asked.quantity, (max(start_ts, end_ts - shown_s), end_ts))
        last = booked_jumps(counters, view.id, asked.quantity, jumps[:1])
        check = newest.get((view.id, asked.quantity))
        facts = Facts(
            is_read=asked.quantity in view.quantities, display=check.result if check else "",
            power=proof.agreement.state, total_n=doubt.total_n, estimated_n=doubt.estimated_n,
            has_doubtful_jump=any(jump.is_doubtful for jump in last),
        )  # fmt: skip
        return SiteLine(
            view, asked.quantity, doubt, last[0] if last else None, proof.agreement.state, check, remarks_of(facts)
        )

    def _proof(self, device: int, quantity: str, stretch: tuple[int, int]) -> PowerProof:
        if quantity not in (IMPORTED, EXPORTED):
            return PowerProof(Agreement(TOO_LITTLE), stretch[0])
        bridge = self._bridge
        interval_s = bridge.installation().interval_s
        return power_proof(bridge.history.counters, device, stretch, interval_s, ratio_of(bridge.device(device)))

    def _stretch(self, asked: Asked) -> tuple[int, int]:
        """The part of the period that is over."""
        spans = spans_of(asked.period, asked.date, self._bridge.zone)
        start_ts, end_ts = spans[0].start_ts, spans[-1].end_ts
        return start_ts, max(start_ts, min(end_ts, self._bridge.clock.now_ts()))

    def _indexes(self, device: int, per_quantity: dict[str, tuple[list[Jump], list[Gap]]]) -> Iterable[CounterIndex]:
        ledgers, view = self._bridge.history.counters.ledgers(device), self._bridge.device(device)
        readings = reading_of(view) if view else {}
        for quantity in dict.fromkeys((*self._bridge.counters(device), *ledgers)):
            index_n, read_ms = readings.get(quantity, (None, 0))
            jumps, _ = per_quantity.get(quantity, ([], []))
            shifts_n = sum(jump.shift_n for jump in jumps)
            yield CounterIndex(quantity, index_n, read_ms, ledgers.get(quantity), shifts_n)


def main_counter(view: DeviceView) -> str:
    """What a device is billed by; "" = it counts nothing."""
    quantity = FLUIDS[fluid_of(view.quantities)]
    if quantity in view.quantities:
        return quantity
    return next((each for each in view.quantities if QUANTITIES[each].kind == "counter" and QUANTITIES[each].unit), "")


def reading_of(view: DeviceView) -> dict[str, tuple[int | None, int]]:
    """Quantity -> (count, UTC ms when it was read) of what is a number."""
    rows = zip(view.quantities, view.values_n, view.ts_ms, strict=True)
    return {id: (n if isinstance(n, int) else None, ts_ms) for id, n, ts_ms in rows}


def ratio_of(view: DeviceView | None) -> Fraction | None:
    """Of its current transformers, where it says so."""
    n, _ = reading_of(view).get("ct_ratio", (None, 0)) if view else (None, 0)
    return Fraction(n, 10 ** -QUANTITIES["ct_ratio"].exp10) if n else None


def _bars(proof: PowerProof, spans: Sequence[Span]) -> tuple[PowerBar, ...]:
    return tuple(_bar(proof, span) for span in spans)


def _bar(proof: PowerProof, span: Span) -> PowerBar:
    held = [each for each in proof.intervals if span.start_ts <= each.start_ts < span.end_ts]
    if not held:
        return PowerBar(span.start_ts, span.end_ts, None, None)
    by_power_n, by_index_n = sum(each.by_power_n for each in held), sum(each.energy_n for each in held)
    return PowerBar(span.start_ts, span.end_ts, by_power_n, by_index_n)
