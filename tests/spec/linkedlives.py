"""A slave with its meters and the master that reads it: sampling, ledger and live energies, without wire and store.

Whatever a process had not booked yet is gone when it is killed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from runtime.core.clock import timegrid
from runtime.core.clock.timegrid import Grid
from runtime.core.energy.counterlimits import CounterFacts, limits_of
from runtime.core.energy.ledger import LedgerState, fold
from runtime.core.modbusserver.liveenergy import ENERGY, BookedEnergy, LiveEnergy
from runtime.core.sample.sampling import Closed, SampleLayout, Sampling
from runtime.core.site.installation import DeviceSpec, Installation
from runtime.core.view import DeviceView

ZONE, INTERVAL_S, POLL_MS = ZoneInfo("Europe/Paris"), 600, 5_000
ALL = 29_999
TURN_MS = 5_000  # how soon an interval ends without a reading
MAP, SLAVE = CounterFacts(), CounterFacts(grain_n=1_000, ledger=True)


class Counter:
    """One counter as a server books it: what lies in ``state`` and ``findings`` outlives a kill."""

    def __init__(self, facts: CounterFacts, now_ms: int) -> None:
        self._facts = facts
        self.state: LedgerState | None = None
        self.findings: list[str] = []
        self.start(now_ms)

    def start(self, now_ms: int) -> None:
        layout = SampleLayout((), {}, {0: ((0, ENERGY),)}, {ENERGY: self._facts})
        self._sampling = Sampling(layout, _interval_of, now_ms // 1000)

    def read(self, ts_ms: int, raw_n: int) -> None:
        self._book(self._sampling.read(0, ts_ms, [raw_n]))

    def turn(self, now_ms: int) -> None:
        if self._sampling.end_ts * 1000 + TURN_MS < now_ms:
            self._book(self._sampling.expire(now_ms))

    def _book(self, samples: tuple[Closed, ...] | list[Closed]) -> None:
        for sample in samples:
            if ENERGY not in sample.counters:
                continue
            limits = limits_of(
                ENERGY, poll_ms=POLL_MS, pause_ms=INTERVAL_S * 1000 + 4 * POLL_MS, facts=self._facts
            )  # fmt: skip
            folded = fold(
                self.state, sample.counters[ENERGY], Grid(INTERVAL_S, ZONE), limits, resumed=sample.resumed,
                steady=sample.steady,
            )  # fmt: skip
            self.state = folded.state
            self.findings += [finding.code for finding in folded.findings]


@dataclass
class Meter:
    """``power_n``: 0.001 Wh in a second; ``offset_n``: where its index began."""

    power_n: int
    index_n: int
    is_silent: bool = False


@dataclass
class Server:
    """A slave. ``given`` is what its unit 247 answers: Wh, or None for an exception."""

    meters: dict[int, Meter]
    now_ms: int
    is_up: bool = True
    counters: dict[int, Counter] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.site = Installation(devices=tuple(DeviceSpec(id, str(id), 1, id, "m") for id in self.meters))
        self.counters = {id: Counter(MAP, self.now_ms) for id in self.meters}
        self.start()

    def start(self) -> None:
        self._live, self._views, self.is_up = LiveEnergy(), dict[int, DeviceView](), True
        for counter in self.counters.values():
            counter.start(self.now_ms)

    def kill(self) -> None:
        self.is_up = False

    def poll(self) -> None:
        for id, meter in self.meters.items():
            counter, view = self.counters[id], self._views.get(id)
            if meter.is_silent:
                values, read_ms = (view.values_n, view.ts_ms) if view is not None else ((None,), (0,))
                self._views[id] = DeviceView(id, "", 1, "communication_error", (ENERGY,), values, read_ms, (0,))
            else:
                counter.read(self.now_ms, meter.index_n)
                self._views[id] = DeviceView(id, "", 1, "on", (ENERGY,), (meter.index_n,), (self.now_ms,), (0,))
            counter.turn(self.now_ms)

    def given(self) -> dict[int, int | None]:
        ledgers = {id: counter.state for id, counter in self.counters.items() if counter.state is not None}
        booked = BookedEnergy(ledgers, {("all", 0): sum(state.edge_total_n for state in ledgers.values())})
        energies = self._live.energies(self.site, booked, self._views.get)
        return {id: None if n is None or id in self._live.silent else n // 1000 for id, n in energies.items()}


class Linked:
    """``shown`` is the newest value in Wh that the master read of each object, ``first`` the first one."""

    def __init__(self, powers_n: tuple[int, ...], start_ts: int) -> None:
        self.now_ms = start_ts * 1000
        meters = {id: Meter(power_n, 7_000_000 * id) for id, power_n in enumerate(powers_n, 1)}
        self.slave = Server(meters, self.now_ms)
        self.links = {id: Counter(SLAVE, self.now_ms) for id in (ALL, *(10_000 + id for id in meters))}
        self.first: dict[int, int] = {}
        self.shown: dict[int, int] = {}
        self.is_master_up = True

    def passes(self, seconds: int) -> None:
        for _ in range(seconds * 1000 // POLL_MS):
            self.now_ms += POLL_MS
            for meter in self.slave.meters.values():
                meter.index_n += meter.power_n * POLL_MS // 1000
            self.slave.now_ms = self.now_ms
            if self.slave.is_up:
                self.slave.poll()
            if self.is_master_up:
                self._read()

    def restart_master(self) -> None:
        self.is_master_up = True
        for link in self.links.values():
            link.start(self.now_ms)

    def _read(self) -> None:
        given = self.slave.given() if self.slave.is_up else {}
        for id, link in self.links.items():
            energy_wh = given.get(id)
            if energy_wh is not None:
                self.first.setdefault(id, energy_wh)
                self.shown[id] = energy_wh
                link.read(self.now_ms + 1, energy_wh * 1000)
            link.turn(self.now_ms)

    def missing_wh(self) -> dict[int, int]:
        """Of each object: what the slave counted since it was read first, less what the master has booked of it."""
        return {
            id: self.shown[id] - self.first[id] - (0 if link.state is None else link.state.total_n // 1000)
            for id, link in self.links.items()
        }


def _interval_of(ts: int) -> tuple[int, int]:
    return timegrid.interval_start(ts, INTERVAL_S, ZONE), timegrid.next_boundary(ts, INTERVAL_S, ZONE)
