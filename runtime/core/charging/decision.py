"""Decisions of charge sharing: each names its rule, the line it was taken for, and who was chosen among whom."""

from __future__ import annotations

from dataclasses import dataclass

START_GREEN = "start_green"
START_WAITED = "start_waited"
START_AGAIN = "start_again"
REDUCE_RED = "reduce_red"
REDUCE_WAITING = "reduce_waiting"
STOP_RED = "stop_red"
STOP_HARD = "stop_hard"
STOP_TURN = "stop_turn"
STOP_ORDERED = "stop_ordered"
RAISE_REDUCED = "raise_reduced"
FILL_LOWER = "fill_lower"
FILL_RAISE = "fill_raise"
METER_SHRINK = "meter_shrink"
METER_SAFE = "meter_safe"
METER_STOP = "meter_stop"
RED_PROTECTED = "red_protected"
CHARGE_OVER = "charge_over"
WAIT_YELLOW = "wait_yellow"
WAIT_RED = "wait_red"
WAIT_POWER = "wait_power"
WAIT_PAUSE = "wait_pause"
WAIT_ORDERED = "wait_ordered"
WAIT_METER = "wait_meter"
WAIT_SILENT = "wait_silent"

WAITS = (WAIT_YELLOW, WAIT_RED, WAIT_POWER, WAIT_PAUSE, WAIT_ORDERED, WAIT_METER, WAIT_SILENT)


@dataclass(frozen=True, slots=True)
class Decision:
    """One change of a station's limit, or why it does not change.

    rule            a constant of this module
    station         who was chosen
    among           who could have been, in the order of the rule
    circuit, phase  of the line that the rule looked at, 0 = of none
    colour          of the area, ``since_ms``; -1 = not known
    level_ma        measured there; None = not measured
    target_ma       to be reached there
    """

    ts_ms: int
    rule: str
    station: int
    from_ma: int
    to_ma: int
    circuit: int = 0
    phase: int = 0
    colour: int = -1
    since_ms: int = 0
    level_ma: int | None = None
    target_ma: int = 0
    among: tuple[int, ...] = ()
