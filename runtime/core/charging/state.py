"""What one control step goes by: measurements, reports of the stations, and what is remembered of each charge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runtime.core.charging.area import Area
from runtime.core.charging.decision import Decision
from runtime.core.charging.spec import CircuitSpec
from runtime.viewboard import ViewKey

NEVER = -(10**12)

LineKey = tuple[int, int]  # circuit, phase


@dataclass(frozen=True, slots=True)
class MeterReading:
    """Currents of the phases of a circuit, and when they were read. None = not measured."""

    ts_ms: int
    currents_ma: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class OutsideLimit:
    """A limit of a circuit that comes from outside and expires by itself."""

    limit_ma: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class StationReport:
    """What is known of one side of a station.

    phases        of the circuit at its own L1, L2, L3
    plugged       a vehicle is there, since ``connected_ms``
    allowed       False: somebody ordered the charge to wait
    charged_mah   since it was plugged
    currents_ma   of its own phases; None = not measured, () = it measures none
    heard         it answers; ``heard_ms``: when it did last
    confirmed_ma  limit that was read back; None = never
    fallback_ma, watchdog_s   as programmed; 0 s = it has no watchdog
    starts_ms     of its charge, as they are kept on disk: what is known of it after a restart
    """

    id: int
    circuit: int
    phases: tuple[int, ...]
    rated_ma: int
    plugged: bool = False
    connected_ms: int = 0
    charged_mah: int = 0
    priority: bool = False
    allowed: bool = True
    currents_ma: tuple[int | None, ...] = ()
    heard: bool = True
    heard_ms: int = 0
    confirmed_ma: int | None = None
    fallback_ma: int = 0
    watchdog_s: int = 0
    starts_ms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a charge waits or has less than it could: the line that decides, and since when."""

    code: str
    circuit: int = 0
    phase: int = 0
    since_ms: int = 0


@dataclass(frozen=True, slots=True)
class Charge:
    """What is remembered of the charge at a station, from plug to unplug.

    limit_ma       as it was commanded, 0 = it waits
    step           of the reductions that hold, 0 = none
    is_new         it was never authorised
    waits_ms       since when it waits
    reduced_no     how many were reduced before it, 0 = it is not
    lowered_ms, raised_ms, stopped_ms  when its limit changed last
    before_ma      drawn from its phases when it was lowered last
    starts_ms      of the last hour
    uses           which of the station's phases the vehicle draws from; () = not learnt
    differs_ms     since when its currents are not as ``uses`` says
    """

    station: int
    connected_ms: int = 0
    limit_ma: int = 0
    step: int = 0
    is_new: bool = True
    waits_ms: int = 0
    reduced_no: int = 0
    lowered_ms: int = NEVER
    raised_ms: int = NEVER
    stopped_ms: int = NEVER
    before_ma: tuple[int | None, ...] = ()
    starts_ms: tuple[int, ...] = ()
    uses: tuple[bool, ...] = ()
    differs_ms: int = NEVER
    reason: Reason = Reason("")


@dataclass(frozen=True, slots=True)
class ShareState:
    """What is remembered from one control step to the next."""

    areas: Mapping[LineKey, Area] = field(default_factory=dict)
    charges: tuple[Charge, ...] = ()
    reductions: int = 0  # so many were made


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that one control step goes by, beside the state.

    readings  of the meters by circuit; one that is missing was never read
    limits    from outside, by circuit
    """

    now_ms: int
    circuits: tuple[CircuitSpec, ...]
    stations: tuple[StationReport, ...]
    readings: Mapping[int, MeterReading] = field(default_factory=dict)
    limits: Mapping[int, OutsideLimit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChargingView:
    """The sharing of current now. Published as ``charging``. ``decisions``: the newest last; times are monotonic ms.

    at_ms     of the last control step; ``at_ts_ms`` the same moment in UTC ms, which turns the other times into UTC
    readings  of the meters, by circuit
    limits    from outside that hold now, by circuit
    """

    at_ms: int = 0
    at_ts_ms: int = 0
    state: ShareState = ShareState()
    decisions: tuple[Decision, ...] = ()
    readings: Mapping[int, MeterReading] = field(default_factory=dict)
    limits: Mapping[int, OutsideLimit] = field(default_factory=dict)

    def ts_ms_of(self, ms: int) -> int:
        """UTC ms of a monotonic time."""
        return self.at_ts_ms - (self.at_ms - ms)


CHARGING_VIEW = ViewKey[ChargingView]("charging")
