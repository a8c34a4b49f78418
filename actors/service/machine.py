"""The machine: how it is doing, its clock and its network; sets them when asked, and takes a network back that
nobody could confirm."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.reply import answer, refuse
from actors.message.device import Begin, EventReported, KeepRecords
from actors.message.machine import ConfirmNetwork, SetClock, SetNetwork
from drivers.machine import network, timeservice, vitals
from runtime.core.machine import (
    BUSY_PCT,
    BUSY_S,
    MACHINE_VIEW,
    ClockControl,
    ClockSetting,
    Interface,
    MachineView,
    NetworkSetting,
    Vitals,
)
from runtime.errors import DriverError, WattkeeperError

log = logging.getLogger("wattkeeper.machine")

KIND = "machine"  # of the records
LOOKS_EACH_S = 10.0
SERVICES_EACH = 6  # looks
CONFIRM_S = 120.0


@dataclass(frozen=True, slots=True)
class _Look:
    """Machine -> itself."""


@dataclass(frozen=True, slots=True)
class Services:
    """How to reach the machine; each raises DriverError, and each call has a deadline of its own."""

    vitals: Callable[[Path, Vitals, float], Vitals] = vitals.look
    clock: Callable[[], ClockControl] = timeservice.look
    follow: Callable[[ClockSetting, tuple[str, ...]], None] = timeservice.follow
    set_time: Callable[[int], None] = timeservice.set_time
    cards: Callable[[], tuple[Interface, ...]] = network.look
    change: Callable[[Interface, NetworkSetting], None] = network.change


@dataclass(slots=True)
class _Seen:
    """What the last looks found."""

    vitals: Vitals = Vitals()
    at: float = 0.0
    clock: ClockControl | None = None
    interfaces: tuple[Interface, ...] | None = None
    looks: int = 0
    calm_at: float = 0.0  # when the processor was last not busy


@dataclass(frozen=True, slots=True)
class NetworkTrial:
    """New settings of a card that nobody has confirmed: what to go back to, and when (monotonic)."""

    before: Interface
    revert_at: float


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store remembers: whom the clock follows, and a change of the network that nobody confirmed."""

    clock: ClockSetting | None = None
    before: Interface | None = None


class Machine(Actor):
    """Named ``machine``; publishes ``MachineView``. ``kept`` is asked at each start for what the store remembers."""

    def __init__(
        self, incarnation: Incarnation, data: Path, kept: Callable[[], Kept], services: Services | None = None
    ) -> None:
        super().__init__(incarnation)
        self._data = data
        known = kept()
        self._setting = known.clock
        self._services = services or Services()
        self._seen = _Seen()
        # an unconfirmed change of an earlier incarnation is taken back at once
        self._trial = None if known.before is None else NetworkTrial(known.before, self.clock.monotonic())

    def on_receive(self, message: Any) -> None:
        match message:
            case Begin():
                self._look()
                self._follow_again()
            case _Look():
                self._look()
            case SetClock():
                self._act(message, lambda: self._set_clock(message))
            case SetNetwork():
                self._act(message, lambda: self._set_network(message))
            case ConfirmNetwork():
                self._act(message, lambda: self._end_trial(self._event("network_kept", message.author)))

    # ---- looking

    def _look(self) -> None:
        self._take_back_if_due()
        seen, now = self._seen, self.clock.monotonic()
        seen.vitals = self._services.vitals(self._data, seen.vitals, now - seen.at if seen.at else 0.0)
        seen.at = now
        if seen.vitals.cpu_pct is None or seen.vitals.cpu_pct <= BUSY_PCT:
            seen.calm_at = now
        if seen.looks % SERVICES_EACH == 0:
            self._look_at_services()
        seen.looks += 1
        self._show()
        self.post_later(LOOKS_EACH_S, _Look())

    def _look_at_services(self) -> None:
        self._seen.clock = _or_none(self._services.clock)
        self._seen.interfaces = _or_none(self._services.cards)

    def _show(self) -> MachineView:
        seen, trial = self._seen, self._trial
        overloaded = seen.at - seen.calm_at >= BUSY_S
        view = MachineView(seen.vitals, seen.clock, seen.interfaces, is_overloaded=overloaded)
        if trial is not None:
            view = replace(view, unconfirmed=trial.before.name, revert_at=trial.revert_at)
        self.publish(MACHINE_VIEW, view)
        return view

    # ---- setting

    def _act(self, message: Any, work: Callable[[], None]) -> None:
        try:
            work()
        except WattkeeperError as error:
            refuse(message.reply, error)
        else:
            self._look_at_services()
            answer(message.reply, self._show())

    def _set_clock(self, message: SetClock) -> None:
        self._services.follow(message.setting, self._cards())
        if message.ts is not None:
            self._services.set_time(message.ts)
        self._setting = message.setting
        record = {"automatic": message.setting.automatic, "server": message.setting.server}
        self.post("recorder", KeepRecords(((KIND, "clock", record),), (self._event("clock_set", message.author),)))

    def _set_network(self, message: SetNetwork) -> None:
        card = next((card for card in self._seen.interfaces or () if card.name == message.interface), None)
        if card is None or not card.profile:
            raise WattkeeperError(
                "interface_unknown", f"there is no network card {message.interface} with a connection"
            )
        if self._trial is not None:
            raise WattkeeperError("network_unconfirmed", f"the change of {self._trial.before.name} waits for a yes")
        self._try(card, self._event("network_set", f"{message.author}: {card.name}"))
        try:
            self._services.change(card, message.setting)
        except DriverError:
            self._end_trial()
            raise

    def _try(self, card: Interface, event: EventReported) -> None:
        """Kept before it is done: power may go while nobody can reach the machine."""
        self._trial = NetworkTrial(card, self.clock.monotonic() + CONFIRM_S)
        self.post("recorder", KeepRecords(((KIND, "before", as_record(card)),), (event,)))

    def _end_trial(self, *events: EventReported) -> None:
        self._trial = None
        self.post("recorder", KeepRecords(((KIND, "before", None),), events))

    def _take_back_if_due(self) -> None:
        trial = self._trial
        if trial is None or self.clock.monotonic() < trial.revert_at:
            return
        self._end_trial()
        try:
            self._services.change(trial.before, trial.before.wanted)
        except DriverError as error:
            self._note("network_stuck", f"{trial.before.name}: {error}")
        else:
            self._note("network_reverted", trial.before.name)
        self._look_at_services()

    def _follow_again(self) -> None:
        """The time service forgets its servers when the machine starts."""
        if self._setting is None or self._seen.clock is None:
            return
        try:
            self._services.follow(self._setting, self._cards())
        except DriverError as error:
            log.warning("the time service did not take its setting: %s", error)

    def _cards(self) -> tuple[str, ...]:
        return tuple(card.name for card in self._seen.interfaces or ())

    def _event(self, code: str, detail: str) -> EventReported:
        return EventReported(self.clock.now_ms(), "server", code, detail)

    def _note(self, code: str, detail: str) -> None:
        log.warning("%s: %s", code, detail)
        self.post("recorder", self._event(code, detail))


def as_record(card: Interface) -> dict[str, Any]:
    return asdict(card)


def card_of(record: Mapping[str, Any]) -> Interface:
    """The inverse of ``as_record``, also for lists that were tuples."""
    wanted, now = (NetworkSetting(**{**record[key], "dns": tuple(record[key]["dns"])}) for key in ("wanted", "now"))
    return Interface(**{**record, "wanted": wanted, "now": now})


def load_records(get: Callable[[str, str], Any]) -> Kept:
    """What the records of the store say; ``get`` gives the record of (kind, key) or None."""
    clock, before = get(KIND, "clock"), get(KIND, "before")
    return Kept(clock and ClockSetting(**clock), before and card_of(before))


def _or_none(look: Callable[[], Any]) -> Any:
    """A service that is not there is nothing to tell each minute; pages show that it cannot be set."""
    try:
        return look()
    except DriverError as error:
        log.debug("%s", error)
        return None
