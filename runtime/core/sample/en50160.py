"""The voltage of one week against EN 50160, "Voltage characteristics of electricity supplied by public networks".

What is judged, for low voltage (EN 50160, 4.2), of 10-minute means and under normal operation:
slow changes of the voltage   95 % within Un ±10 %, all within Un +10 % / −15 %
harmonics                     THD of the voltage up to 8 % in 95 %
frequency                     50 Hz ±1 % in 99.5 %, +4 % / −6 % always

Un is the voltage of a public network, 230 V to neutral and 400 V between phases, or its relation in other networks,
whichever the median is closest to; they lie so far apart that no network is taken for another because it is bad.
An interval without voltage in any phase (below 5 % of Un) is an interruption, which the norm leaves out here; a phase
that never had voltage is not connected. Of several phases the worst one counts.

The norm wants the frequency as means of 10 s, over a year for ±1 %, and instruments of class A; here are means as they
were recorded, of one week, by a meter. Flicker, unbalance, dips and single harmonics are not looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import day_of, day_start

INTERVAL_S = 600
LEAST_SHARE = 0.9  # of a week's intervals that need values
INTERRUPTED = 0.05  # of Un
NOMINAL_V = (120, 230, 400)  # to neutral
NOMINAL_LINE_V = (208, 400, 690)
TO_NEUTRAL = ("voltage_l1_v", "voltage_l2_v", "voltage_l3_v")
BETWEEN = ("voltage_l12_v", "voltage_l23_v", "voltage_l31_v")
THD = ("thd_voltage_l1_pct", "thd_voltage_l2_pct", "thd_voltage_l3_pct")
THD_BETWEEN = ("thd_voltage_l12_pct", "thd_voltage_l23_pct", "thd_voltage_l31_pct")
FREQUENCY = ("frequency_hz",)
QUANTITIES = (*TO_NEUTRAL, *BETWEEN, *THD, *THD_BETWEEN, *FREQUENCY)

OK, KO, NO_DATA, NOT_RECORDED, TOO_LONG = "ok", "ko", "no_data", "not_recorded", "interval_too_long"

Sample = tuple[int, int, float]  # start, end (UTC s), mean in the quantity's unit
Series = dict[int, float]  # number of the 10-minute interval -> mean


@dataclass(frozen=True, slots=True)
class Judgement:
    """One characteristic. ``share_pct`` of the intervals, of the worst phase, were within; None = not judged."""

    id: str
    verdict: str
    share_pct: float | None = None


@dataclass(frozen=True, slots=True)
class WeekCheck:
    """``verdict`` is OK, KO, NO_DATA or TOO_LONG: samples are longer than 10 minutes. ``un_v`` 0 = no voltage."""

    start_ts: int
    end_ts: int
    verdict: str
    un_v: int
    rows: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """The least share, in percent, of means that lie within [low, high]."""

    id: str
    of: tuple[tuple[str, ...], ...]  # the first of these that has values
    low: float
    high: float
    least_pct: float


def _rules(un_v: int) -> tuple[_Rule, ...]:
    voltage, thd = (TO_NEUTRAL, BETWEEN), (THD, THD_BETWEEN)
    return (
        _Rule("voltage_95", voltage, un_v * 90 / 100, un_v * 110 / 100, 95),
        _Rule("voltage_100", voltage, un_v * 85 / 100, un_v * 110 / 100, 100),
        _Rule("thd_95", thd, 0, 8, 95),
        _Rule("frequency_995", (FREQUENCY,), 49.5, 50.5, 99.5),
        _Rule("frequency_100", (FREQUENCY,), 47, 52, 100),
    )


def last_week(now_ts: int, zone: ZoneInfo) -> tuple[int, int]:
    """The last complete local week, from Monday 00:00 to Monday 00:00; UTC s."""
    today = day_of(now_ts, zone)
    monday = today - (today - 1) % 7
    return day_start(monday - 7, zone), day_start(monday, zone)


def check(
    week: tuple[int, int], samples: Mapping[str, Iterable[Sample]], recorded: Collection[str] = QUANTITIES
) -> WeekCheck:
    """Judge a week.

    samples   quantity -> its samples in the week that have a value
    recorded  quantities that are kept of this device at all
    """
    start_ts, end_ts = week
    kept = {quantity: list(of) for quantity, of in samples.items()}
    if any(end - start > INTERVAL_S for of in kept.values() for start, end, _ in of):
        return WeekCheck(start_ts, end_ts, TOO_LONG, 0, ())
    series = {quantity: means(of, start_ts) for quantity, of in kept.items()}
    un_v = _nominal(series)
    series, out = _leave_out_unconnected(series, un_v)
    intervals = (end_ts - start_ts) // INTERVAL_S
    rows = tuple(_judge(rule, series, recorded, intervals, out) for rule in _rules(un_v))
    return WeekCheck(start_ts, end_ts, _verdict(rows), un_v, rows)


def means(samples: Iterable[Sample], start_ts: int) -> Series:
    """10-minute means of samples that are as long or shorter; half of an interval needs a value."""
    sums: dict[int, tuple[float, int]] = {}
    for start, end, value in samples:
        total, length_s = sums.get(at := (start - start_ts) // INTERVAL_S, (0.0, 0))
        sums[at] = total + value * (end - start), length_s + end - start
    return {at: total / length_s for at, (total, length_s) in sums.items() if length_s * 2 >= INTERVAL_S}


def _voltages(series: Mapping[str, Series]) -> list[str]:
    """The voltages that count: to neutral, or between phases where nothing else is known."""
    return next((found for of in (TO_NEUTRAL, BETWEEN) if (found := [id for id in of if series.get(id)])), [])


def _nominal(series: Mapping[str, Series]) -> int:
    ids = _voltages(series)
    highest = max((median(series[id].values()) for id in ids), default=0.0)
    nominals = NOMINAL_V if ids and ids[0] in TO_NEUTRAL else NOMINAL_LINE_V
    return min(nominals, key=lambda un_v: abs(un_v - highest)) if ids else 0


def _leave_out_unconnected(series: Mapping[str, Series], un_v: int) -> tuple[dict[str, Series], set[int]]:
    """(series without phases that never had voltage, intervals in which no phase had any)."""
    ids, least_v = _voltages(series), un_v * INTERRUPTED
    dead = {id for id in ids if max(series[id].values()) < least_v}
    alive = [series[id] for id in ids if id not in dead]
    told = {at for of in alive for at in of}
    out = {at for at in told if all(of.get(at, 0.0) < least_v for of in alive)}
    silent = dead | {f"thd_{id.removesuffix('_v')}_pct" for id in dead}
    return {id: of for id, of in series.items() if id not in silent}, out


def _judge(
    rule: _Rule, series: Mapping[str, Series], recorded: Collection[str], intervals: int, out: set[int]
) -> Judgement:
    chosen = next((found for of in rule.of if (found := [series[id] for id in of if series.get(id)])), [])
    if not chosen:
        return Judgement(rule.id, NO_DATA if any(id in recorded for of in rule.of for id in of) else NOT_RECORDED)
    normal = [[value for at, value in of.items() if at not in out] for of in chosen]
    if min(map(len, chosen)) < LEAST_SHARE * intervals or not all(normal):
        return Judgement(rule.id, NO_DATA)
    share_pct = min(100 * sum(rule.low <= value <= rule.high for value in of) / len(of) for of in normal)
    return Judgement(rule.id, OK if share_pct >= rule.least_pct else KO, share_pct)


def _verdict(rows: Iterable[Judgement]) -> str:
    """KO wins; OK needs every characteristic that is recorded, and the voltage."""
    verdicts = {row.id: row.verdict for row in rows}
    if KO in verdicts.values():
        return KO
    return NO_DATA if NO_DATA in verdicts.values() or verdicts["voltage_95"] != OK else OK
