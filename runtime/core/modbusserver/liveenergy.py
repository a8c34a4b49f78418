"""The energies behind the Remote IDs at a moment: what is booked, and what the counters have shown since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from runtime.core.accounting.accounting import NUMBERS
from runtime.core.accounting.assignments import Owners
from runtime.core.energy.counterlimits import limits_of, rated_ma
from runtime.core.energy.ledgerstate import LedgerState
from runtime.core.modbusserver.livecounter import Reading, needs_witness, unbooked_n
from runtime.core.modbusserver.remoteid import ALL, DEVICES, GROUPS, LOADS
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.core.tariff.tariffs import FLUIDS
from runtime.core.view import DeviceView

ENERGY = FLUIDS["electricity"]
NUMBER = NUMBERS["electricity"]
SILENT = frozenset(("communication_error", "configuration_error"))  # nothing comes for a while


@dataclass(frozen=True, slots=True)
class BookedEnergy:
    """What the store holds at a moment: ledgers by device, never-falling totals by kind and id, in 0.001 Wh."""

    ledgers: Mapping[int, LedgerState] = field(default_factory=dict)
    totals_n: Mapping[tuple[str, int], int] = field(default_factory=dict)


class LiveEnergy:
    """Of one life of the server: an energy that was given once never falls again.

    From a start on an object is not known until each of its devices was read once, or is known to be silent: what the
    life before had given of the interval at hand cannot be taken back.

    silent  Remote IDs of devices that nobody can read now: their energy is one of the past
    """

    def __init__(self) -> None:
        self._given: dict[int, int] = {}
        self._readings: dict[int, tuple[Reading | None, Reading | None]] = {}  # the newest two of each device
        self._first: dict[int, LedgerState] = {}  # of devices that have no ledger yet
        self._began: set[int] = set()  # devices that were read, or are known to be silent
        self.silent: frozenset[int] = frozenset()

    def energies(
        self, site: Installation, booked: BookedEnergy, view_of: Callable[[int], DeviceView | None]
    ) -> dict[int, int | None]:
        """Remote ID -> energy in 0.001 Wh, None = not known yet."""
        owners = Owners(site)
        sums: dict[int, int] = {ALL: booked.totals_n.get(("all", 0), 0)}
        sums |= {LOADS + load.id: booked.totals_n.get(("load", load.id), 0) for load in site.loads}
        sums |= {GROUPS + group.id: booked.totals_n.get(("group", group.id), 0) for group in site.groups}
        unknown: set[int] = set()
        views = {spec.id: view_of(spec.id) for spec in site.devices}
        for spec in site.devices:
            self._add(spec, booked.ledgers.get(spec.id), views[spec.id], owners, sums, unknown)
        self.silent = frozenset(DEVICES + id for id, view in views.items() if _is_silent(view))
        return {id: None if id in unknown else self._never_less(id, n) for id, n in sums.items()}

    def _add(
        self,
        spec: DeviceSpec,
        state: LedgerState | None,
        view: DeviceView | None,
        owners: Owners,
        sums: dict[int, int],
        unknown: set[int],
    ) -> None:
        reading = _reading(view)
        state = self._begun(spec.id, reading) if state is None else state
        if _is_silent(view) or view is not None and view.state == "off" or not spec.on:
            self._began.add(spec.id)
        if state is None:
            if view is None or ENERGY in view.quantities:
                sums[DEVICES + spec.id] = 0
                unknown.add(DEVICES + spec.id)
            return
        more_n = self._unbooked_n(spec, state, reading)
        sums[DEVICES + spec.id] = state.edge_total_n + more_n
        for id in (DEVICES + spec.id, *_owners_of(spec.id, state.edge_ts, owners)):
            if id in sums:
                sums[id] += more_n if id // DEVICES > 1 else 0
                unknown.update((id,) if spec.id not in self._began else ())

    def _unbooked_n(self, spec: DeviceSpec, state: LedgerState, reading: Reading | None) -> int:
        if reading is None:
            return state.total_n - state.edge_total_n
        limits, before = limits_of(ENERGY, rated_ma=rated_ma(spec.parameters)), self._before(spec.id, reading)
        if before is not None or not needs_witness(state, reading, limits):
            self._began.add(spec.id)
        return unbooked_n(state, reading, before, limits)

    def _begun(self, device: int, reading: Reading | None) -> LedgerState | None:
        """As its ledger will begin when the interval closes: with its first reading."""
        if reading is not None and device not in self._first:
            self._first[device] = LedgerState(*reading, 0, reading[0] // 1000, 0)
        return self._first.get(device)

    def _before(self, device: int, reading: Reading) -> Reading | None:
        """The reading before that one; what was read at the same time is the same reading."""
        newest, before = self._readings.get(device, (None, None))
        if newest is None or reading[0] > newest[0]:
            newest, before = reading, newest
            self._readings[device] = (newest, before)
        return before

    def _never_less(self, id: int, energy_n: int) -> int:
        given_n = self._given[id] = max(energy_n, self._given.get(id, 0))
        return given_n


def _owners_of(device: int, ts: int, owners: Owners) -> tuple[int, ...]:
    row = owners.at(device, ts)
    if row is None or row.excluded or row.gone:
        return ()
    return (ALL, LOADS + row.load, *(GROUPS + group for group in row.groups))


def _is_silent(view: DeviceView | None) -> bool:
    """Whether it is known that its counter cannot be read now."""
    if view is None:
        return False
    is_refused = view.trouble is not None and view.trouble.code.startswith("exception_") and _reading(view) is None
    return view.state in SILENT or is_refused


def _reading(view: DeviceView | None) -> Reading | None:
    """Of the counter, where there is a good one."""
    if view is None or ENERGY not in view.quantities:
        return None
    at = view.quantities.index(ENERGY)
    value_n, ts_ms = view.values_n[at], view.ts_ms[at]
    good = isinstance(value_n, int) and ts_ms and view.quality[at] < Quality.SUSPECT
    return (ts_ms, value_n) if good and isinstance(value_n, int) else None
