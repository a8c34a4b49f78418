"""What is configured of charging: the circuits whose current is shared, and the stations that share it."""

from __future__ import annotations

from dataclasses import dataclass

STEPS, FILL = "steps", "fill"
LEAST_MA = 6_000  # IEC 61851-1: the least current that a control pilot can offer
WIRINGS = {"l1": (1,), "l2": (2,), "l3": (3,), "l1l2l3": (1, 2, 3), "l2l3l1": (2, 3, 1), "l3l1l2": (3, 1, 2)}


@dataclass(frozen=True, slots=True)
class CircuitSpec:
    """What one meter measures and one breaker protects; the settings of the manual's section 7.16.5.1.

    meter            device whose currents are compared
    available_ma     rated current of each phase: between yellow and red
    charging_ma      current dedicated to charging: between green and yellow
    on               the control logic is at work
    hysteresis_pct   of ``available_ma``; an area is left downwards this much below its threshold
    first_step_pct, second_step_pct   of the rated current of the station
    guaranteed_mah   a charge that had less is not stopped
    hard_limit       it is, last of all, when the red area cannot be left otherwise
    parent           circuit that feeds this one, 0 = none
    allocation       "steps" as in the manual, or "fill": what is left is divided in steps of 1 A
    others_ma        most that everything but the stations draws on a phase, for the check of the safe currents
    pause_s          a charge that was stopped stays so for this long
    turn_s           a charge that had its guarantee yields to one that waited this long, 0 = never
    lost_s           the meter is silent for this long: charges are stopped
    """

    id: int
    name: str
    meter: int
    available_ma: int
    charging_ma: int
    on: bool = False
    hysteresis_pct: int = 0
    first_step_pct: int = 75
    second_step_pct: int = 50
    guaranteed_mah: int = 32_000
    hard_limit: bool = False
    parent: int = 0
    allocation: str = STEPS
    others_ma: int = 0
    pause_s: int = 600
    turn_s: int = 0
    lost_s: int = 600

    @property
    def hysteresis_ma(self) -> int:
        return self.available_ma * self.hysteresis_pct // 100


@dataclass(frozen=True, slots=True)
class StationSpec:
    """One side of a charging station in a circuit.

    device       the side
    wiring       phases of the circuit at its own L1, L2, L3: a key of ``WIRINGS``
    priority     by default
    rated_ma     0 = as the station reports it
    fallback_ma  safe current, which it is programmed to take when nobody is heard; 0 = none
    watchdog_s   silence after which it does, 0 = it has no watchdog
    """

    id: int
    device: int
    circuit: int
    wiring: str
    priority: bool = False
    rated_ma: int = 0
    fallback_ma: int = LEAST_MA
    watchdog_s: int = 30

    @property
    def phases(self) -> tuple[int, ...]:
        return WIRINGS[self.wiring]
