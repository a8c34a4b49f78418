"""One connection of one station: what it told, whether it is there, and what it was ordered."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from ocpp.exceptions import OCPPError
from websockets.exceptions import ConnectionClosed

from drivers.callers import Callers
from runtime.clock import Clock
from runtime.core.ocpp.connector import Connector
from runtime.core.ocpp.identity import MOST_CONNECTORS
from runtime.core.ocpp.image import StationFacts, registers_of
from runtime.core.ocpp.metervalue import read_moment, read_sampled
from runtime.core.ocpp.profile import UNTOLD_MA, UNTOLD_S, Profile, lease_end, leased_profile, safe_profile
from runtime.core.ocpp.resource import OcppServerSpec
from runtime.errors import LinkDown, NoAnswer, Refused

HEARD_S = 4.0  # without a sign of life for so long nothing of it counts as known
LATE_MOST_S = 600  # a clock that is further behind is not believed to be one
OWN_BADGE = "WATTKEEPER"  # of a charge that this server starts
_REFUSES = 4  # as a Modbus device says that it cannot


class Station(Protocol):
    """One version of OCPP: what this server may ask. True = the station accepted it."""

    version: str

    async def route_message(self, raw_msg: str) -> None:
        """What came; it is answered."""

    async def set_profile(self, profile: Profile) -> bool: ...
    async def limit_in_force(self, connector: int) -> int | None: ...
    async def start(self, connector: int, badge: str) -> bool: ...
    async def stop(self, transaction: int | str) -> bool: ...
    async def make_available(self, connector: int, *, on: bool) -> bool: ...
    async def configure(self, badges: Sequence[str], *, booted: bool) -> None: ...


class Session:
    """Lives on the event loop; of it only ``is_ready``, ``image`` and the two of orders are for other threads.

    begin_transaction  gives the number of a new one, which no other ever had
    """

    def __init__(
        self, identity: str, loop: asyncio.AbstractEventLoop, clock: Clock, callers: Callers,
        spec: OcppServerSpec, begin_transaction: Callable[[], int],
    ) -> None:  # fmt: skip
        self.identity, self.spec, self.begin_transaction = identity, spec, begin_transaction
        self._loop, self._clock, self._callers = loop, clock, callers
        self.facts = StationFacts()
        self.since_ms = self.heard_ms = clock.now_ms()
        self._heard_at = clock.monotonic()
        self.station: Station | None = None
        self.connection: Any = None
        self.address = ""
        self.is_booted = False
        before: Mapping[int, Connector] = callers.memory.get(("connectors", identity), {})
        self.connectors = {unit: connector.carried_over() for unit, connector in before.items()}
        self._behind: deque[float] = deque(maxlen=8)  # seconds that its clock seemed behind, by its last messages
        self._safe: set[int] = set()  # connectors whose safe current was set on this connection
        self._tasks: set[asyncio.Task[Any]] = set()

    # ---- any thread

    def image(self, unit: int) -> bytes | None:
        """The registers of a connector; None = the station told of none of this number."""
        connector = self.connectors.get(unit)
        return None if connector is None else registers_of(connector, self.facts, self._clock.monotonic())

    @property
    def is_ready(self) -> bool:
        """It told of a connector, and is heard."""
        return bool(self.connectors) and self._clock.monotonic() - self._heard_at <= HEARD_S

    def begin_order(self, unit: int, order: str, value: int) -> concurrent.futures.Future[bool]:
        """Raises LinkDown when the loop is gone."""
        work = self._carry_out(unit, order, value)
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError:
            work.close()
            raise LinkDown("link_lost", f"{self.identity}: the server of stations ended") from None

    def await_order(self, underway: concurrent.futures.Future[bool], timeout_s: float) -> None:
        """Raises DriverError; what was not answered in time is not sent any more, if it was not yet."""
        try:
            accepted = underway.result(timeout_s)
        except TimeoutError:
            underway.cancel()
            raise NoAnswer("no_answer", f"{self.identity} did not answer in time") from None
        except concurrent.futures.CancelledError:
            raise LinkDown("link_closed", "the line was closed") from None
        except ConnectionClosed:
            raise LinkDown("link_lost", f"{self.identity} hung up") from None
        if not accepted:
            raise Refused(_REFUSES, f"{self.identity} does not accept it")

    # ---- what the station tells, on the loop

    def heard(self) -> None:
        self._heard_at, self.heard_ms = self._clock.monotonic(), self._clock.now_ms()

    def booted(self, facts: StationFacts) -> None:
        """It began anew: nothing that was under way is any more, and profiles may be gone."""
        self.facts, self.is_booted = facts, True
        self._safe.clear()
        for unit, connector in self.connectors.items():
            self._put(unit, connector.restarted())

    def take_state(self, unit: int, state: str, fault: str = "", moment: str = "") -> None:
        if unit < 1:
            return  # of the station as a whole
        connector = self._of(unit)
        if connector is None:
            return
        self._date(moment)
        seen = connector.with_state(state, fault)
        self._put(unit, seen)
        if self.spec.free and seen.is_plugged and not connector.is_plugged and seen.transaction is None:
            self.go_on(self._begin_charge(unit))

    def measured(self, unit: int, sampled: Sequence[Mapping[str, Any]], moment: str = "") -> None:
        connector = self._of(unit) if unit > 0 else None
        if connector is not None:
            late_s = self._date(moment)
            self._put(unit, connector.measured(read_sampled(sampled), late_s, self._clock.monotonic()))

    def counted(self, unit: int, energy_wh: object) -> None:
        """An index by itself, at the begin or the end of a charge: it may have waited in the station."""
        connector = self._of(unit)
        if connector is not None:
            index = read_sampled([{"value": energy_wh}])
            self._put(unit, connector.measured(index, float("inf"), self._clock.monotonic()))

    def began(self, unit: int, transaction: int | str, badge: str) -> None:
        connector = self._of(unit)
        if connector is not None:
            self._put(unit, connector.begun(transaction, "" if badge == OWN_BADGE else badge))

    def goes_on(self, unit: int, transaction: int | str | None) -> None:
        """A transaction that it had before this server heard of it."""
        connector = self.connectors.get(unit)
        if transaction is not None and connector is not None and connector.transaction is None:
            self._put(unit, connector.begun(transaction, connector.badge))

    def ended(self, transaction: int | str) -> int:
        """Returns the connector, 0 = nobody knows the transaction."""
        for unit, connector in self.connectors.items():
            if connector.transaction == transaction:
                self._put(unit, connector.ended(transaction))
                return unit
        return 0

    def accepts(self, badge: str) -> bool:
        return badge == OWN_BADGE and self.spec.free or self.spec.accepts(badge)

    def go_on(self, work: Coroutine[Any, Any, Any]) -> None:
        """Beside the messages; what comes of it shows in what the station tells."""
        task = self._loop.create_task(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()

    # ---- orders, on the loop

    async def _carry_out(self, unit: int, order: str, value: int) -> bool:
        connector, station = self._of(unit), self.station
        if connector is None or station is None:
            return False
        try:
            match order:
                case "limit":
                    return await self._limit(station, unit, value)
                case "fallback":
                    return await self._make_safe(station, unit, value)
                case "watchdog":
                    return await self._watch(station, unit, value)
                case "station":
                    return await station.make_available(unit, on=value == 1)
                case _:
                    return await self._switch(station, unit, connector, start=value == 1)
        except OCPPError:
            return False

    async def _make_safe(self, station: Station, unit: int, fallback_ma: int) -> bool:
        """The current that holds whenever no limit does."""
        if not await station.set_profile(safe_profile(unit, fallback_ma)):
            return False
        self._safe.add(unit)
        self._callers.memory["fallback", self.identity, unit] = fallback_ma
        self._put(unit, replace(self.connectors[unit], fallback_ma=fallback_ma))
        return True

    async def _watch(self, station: Station, unit: int, watchdog_s: int) -> bool:
        """A limit that holds already ends by the new time too."""
        self._callers.memory["watchdog", self.identity, unit] = watchdog_s
        connector, now = self.connectors[unit], self._clock.monotonic()
        self._put(unit, replace(connector, watchdog_s=watchdog_s))
        if connector.limit_ma is not None and now + watchdog_s < connector.limit_until:
            return await self._limit(station, unit, connector.limit_ma)
        return True

    async def _limit(self, station: Station, unit: int, limit_ma: int) -> bool:
        """No limit without a safe current below it. Until it is answered the higher of two limits counts."""
        memory = self._callers.memory
        if unit not in self._safe and not await self._make_safe(
            station, unit, memory.get(("fallback", self.identity, unit), UNTOLD_MA)
        ):
            return False
        watchdog_s = memory.get(("watchdog", self.identity, unit), UNTOLD_S)
        for transaction in dict.fromkeys((self.connectors[unit].transaction, None)):
            now, station_ts = self._clock.monotonic(), self._station_ts()
            profile = leased_profile(unit, limit_ma, watchdog_s, station_ts, transaction)
            before, until = self.connectors[unit], lease_end(profile, station_ts, now)
            self._put(unit, before.trying(limit_ma, until, now))
            if await station.set_profile(profile):
                told_s = memory.get(("watchdog", self.identity, unit), 0)
                self._put(unit, replace(self.connectors[unit].limited(limit_ma, until), watchdog_s=told_s))
                if transaction is not None:
                    self.go_on(self._look(station, unit))
                return True
        return False

    async def _look(self, station: Station, unit: int) -> None:
        """What limits the charge as the station itself says."""
        limit_ma = await station.limit_in_force(unit)
        if limit_ma is not None:
            self._put(unit, self.connectors[unit].shown(limit_ma))

    async def _switch(self, station: Station, unit: int, connector: Connector, *, start: bool) -> bool:
        if start:
            return await station.start(unit, OWN_BADGE if self.spec.free else connector.badge or OWN_BADGE)
        return connector.transaction is None or await station.stop(connector.transaction)

    async def _begin_charge(self, unit: int) -> None:
        if self.station is not None:
            await self.station.start(unit, OWN_BADGE)

    # ---- parts

    def _of(self, unit: int) -> Connector | None:
        return self.connectors.get(unit, Connector()) if 1 <= unit <= MOST_CONNECTORS else None

    def _put(self, unit: int, connector: Connector) -> None:
        self.connectors[unit] = connector
        self._callers.memory["connectors", self.identity] = self.connectors

    def _date(self, moment: str) -> float:
        """How late a message is by its own time, in s, beside what its clock is behind; 0 when it tells none."""
        ts_ms = read_moment(moment) if moment else None
        if ts_ms is None:
            return 0.0
        behind_s = (self._clock.now_ms() - ts_ms) / 1000
        self._behind.append(behind_s)
        return behind_s - self._clock_behind_s()

    def _station_ts(self) -> int:
        """UTC by its own clock, never later than ours: a limit that ends too early is safe."""
        return self._clock.now_ts() - round(self._clock_behind_s())

    def _clock_behind_s(self) -> float:
        """The least that its last messages seemed late; what is later than can be was waiting in the station."""
        behind_s = min(self._behind, default=0.0)
        return behind_s if 0 < behind_s < LATE_MOST_S else 0.0


async def _quietly(work: Coroutine[Any, Any, Any]) -> None:
    """A station that does not answer, refuses or hangs up is no failure of this server."""
    try:
        await work
    except (OCPPError, ConnectionClosed, TimeoutError, LinkDown):
        return
