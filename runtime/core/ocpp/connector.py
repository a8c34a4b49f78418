"""One connector of a station: what it told last, the limit that it was given, and until when that holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from runtime.core.ocpp.metervalue import Metered

# what both versions call a state -> that of the quantity "charge_state"
STATES = {
    "Available": "available", "Reserved": "unavailable", "Unavailable": "unavailable", "Faulted": "error",
    "Preparing": "connected", "Occupied": "connected", "EVConnected": "connected", "Idle": "available",
    "Charging": "charging", "SuspendedEV": "suspended_by_vehicle", "SuspendedEVSE": "suspended_by_station",
    "Finishing": "ended",
}  # fmt: skip
EMPTY = ("Available", "Reserved", "Unavailable", "Idle")
LIVE_S = 4.0  # a current is as young as this while limits change, as the rules count with it
CHANGING_S = 60.0
HELD_S = 30.0  # and as this while they do not
LATE_S = 30.0  # what was measured so long ago was waiting in the station


@dataclass(frozen=True, slots=True)
class Connector:
    """Times are monotonic seconds; None = not known.

    state        as the station calls it, "" = it told none
    fault        why it is faulted, in the station's words
    transaction  that is under way: a number in version 1.6, a text in 2.0.1
    limit_ma     that it took last, or may have taken; it ends at ``limit_until``
    changed_at   of the limit
    fallback_ma, watchdog_s  as they were given by this server, 0 = not yet
    """

    state: str = ""
    fault: str = ""
    is_plugged: bool = False
    is_on: bool = True
    transaction: int | str | None = None
    badge: str = ""
    energy_mwh: int | None = None
    power_dw: int | None = None
    currents_ma: tuple[int | None, ...] = (None, None, None)
    voltages_mv: tuple[int | None, ...] = (None, None, None)
    measured_at: float = 0.0
    limit_ma: int | None = None
    limit_until: float = 0.0
    changed_at: float = 0.0
    fallback_ma: int = 0
    watchdog_s: int = 0

    def with_state(self, state: str, fault: str = "") -> Connector:
        """A state that nobody knows changes nothing."""
        if state not in STATES:
            return self
        plugged = self.is_plugged if state == "Faulted" else state not in EMPTY
        seen = replace(self, state=state, fault=fault if state == "Faulted" else "", is_plugged=plugged)
        seen = replace(seen, is_on=state != "Unavailable")
        if plugged:
            return seen
        return replace(seen, badge="", transaction=None, currents_ma=_nothing(seen.currents_ma), power_dw=None)

    def carried_over(self) -> Connector:
        """Into the next connection: its limit holds on, what it was given has to be given anew."""
        return replace(self, fallback_ma=0, watchdog_s=0)

    def restarted(self) -> Connector:
        """The station began anew: no limit of before is sure to hold, and no transaction to go on."""
        return replace(self.carried_over(), limit_ma=None, limit_until=0.0, transaction=None, badge="")

    def measured(self, metered: Metered, late_s: float, now: float) -> Connector:
        """With what it measured; of values that waited in the station the energy alone, which only climbs."""
        energy = metered.energy_mwh
        if energy is not None and late_s > LATE_S and self.energy_mwh is not None:
            energy = max(energy, self.energy_mwh)
        seen = replace(self, energy_mwh=self.energy_mwh if energy is None else energy)
        if late_s > LATE_S or not metered.is_live:
            return seen
        return replace(
            seen,
            power_dw=metered.power_dw,
            currents_ma=metered.currents_ma,
            voltages_mv=metered.voltages_mv,
            measured_at=now,
        )

    def begun(self, transaction: int | str, badge: str) -> Connector:
        return replace(self, transaction=transaction, badge=badge, is_plugged=True)

    def ended(self, transaction: int | str) -> Connector:
        """It draws nothing any more; the limit of the transaction ended with it."""
        if transaction != self.transaction:
            return self
        return replace(self, transaction=None, currents_ma=_nothing(self.currents_ma), power_dw=None)

    # ---- limits

    def trying(self, limit_ma: int, until: float, now: float) -> Connector:
        """A limit is on its way: until it is answered the higher one may be in force."""
        before = self.limit_in_force(now)
        higher = limit_ma if before is None else max(limit_ma, before)
        held = replace(self, limit_ma=higher, limit_until=max(until, self.limit_until), changed_at=now)
        return held if before is not None else self

    def limited(self, limit_ma: int, until: float) -> Connector:
        return replace(self, limit_ma=limit_ma, limit_until=until)

    def shown(self, limit_ma: int) -> Connector:
        """It says that another limit is in force: one above what it took counts."""
        return self if self.limit_ma is None or limit_ma <= self.limit_ma else replace(self, limit_ma=limit_ma)

    def limit_in_force(self, now: float) -> int | None:
        """When a limit has ended, the safe current holds; None = it took none yet, or no safe current."""
        if self.limit_ma is None:
            return None
        return self.limit_ma if now < self.limit_until else self.fallback_ma or None

    def currents_at(self, now: float) -> tuple[int | None, ...]:
        """None where they are too old for what they are used for."""
        oldest_s = LIVE_S if now - self.changed_at < CHANGING_S else HELD_S
        if not self.is_plugged or self.transaction is None or now - self.measured_at <= oldest_s:
            return self.currents_ma
        return (None, None, None)

    @property
    def charge_state(self) -> str:
        """Of the quantity of that name, "" = not told."""
        return STATES.get(self.state, "")


def _nothing(currents_ma: tuple[int | None, ...]) -> tuple[int | None, ...]:
    return tuple(None if current is None else 0 for current in currents_ma)
