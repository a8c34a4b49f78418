"""Energy checks as JSON, in the units of their quantities."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from runtime.core.energy.confidence import estimated_share
from runtime.core.energy.continuity import Gap, Jump
from runtime.core.energy.displaycheck import RATIO, SCALE, DisplayCheck, transformer_of
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.store.chart.counterhistory import EnergyDoubt
from runtime.store.energy.phantoms import CounterPhantom
from runtime.text.figures import json_number
from runtime.text.moment import iso, iso_ms
from webui.model.confidence.energycheck import CounterIndex, EnergyCheck, SiteLine
from webui.model.confidence.submeters import Comparison

Json = dict[str, Any]
MOST_GAPS = 20


def describe_check(check: EnergyCheck, zone: ZoneInfo) -> Json:
    asked = check.asked
    exp10 = QUANTITIES[asked.quantity].exp10
    return {
        "device": asked.device,
        "quantity": asked.quantity,
        "unit": QUANTITIES[asked.quantity].unit,
        "period": asked.period,
        "date": asked.date.isoformat(),
        "start": iso(check.start_ts, zone),
        "end": iso(check.end_ts, zone),
        "level": check.level,
        "remarks": list(check.remarks),
        "counters": [_counter(each, zone) for each in check.indexes],
        "jumps": [_jump(jump, exp10, zone) for jump in check.jumps],
        "gaps": {
            "count": len(check.gaps),
            "seconds": sum(gap.ts_ms - gap.since_ms for gap in check.gaps) // 1000,
            "last": [_gap(gap, exp10, zone) for gap in check.gaps[:MOST_GAPS]],
        },
        "energy": _doubt(check.doubt, exp10),
        "index_way": _way(check, exp10, zone),
        "power": _power(check, zone),
        "compared": None if check.comparison is None else _comparison(check.comparison, exp10, zone),
        "checks": [describe_display(each, zone) for each in check.checks],
        "phantoms": [_phantom(each, exp10, zone) for each in check.phantoms],
    }


def describe_line(line: SiteLine, zone: ZoneInfo) -> Json:
    exp10 = QUANTITIES[line.quantity].exp10
    return {
        "device": line.view.id,
        "quantity": line.quantity,
        "unit": QUANTITIES[line.quantity].unit,
        "level": line.level,
        "remarks": list(line.remarks),
        "energy": _doubt(line.doubt, exp10),
        "power": line.power,
        "last_jump": None if line.last_jump is None else _jump(line.last_jump, exp10, zone),
        "check": None if line.check is None else describe_display(line.check, zone),
    }


def describe_display(check: DisplayCheck, zone: ZoneInfo) -> Json:
    exp10 = QUANTITIES[check.quantity].exp10
    factor = Fraction(check.numerator, check.denominator)
    return {
        "device": check.device,
        "quantity": check.quantity,
        "unit": QUANTITIES[check.quantity].unit,
        "shown": json_number(check.shown_n, exp10),
        "index": json_number(check.index_n, exp10),
        "read": iso_ms(check.read_ms, zone),
        "checked": iso_ms(check.checked_ms, zone),
        "by": check.author,
        "result": check.result,
        "factor": None if factor == 1 else float(factor),
        "transformer": transformer_of(factor) or None if check.result in (SCALE, RATIO) else None,
        "other": {"device": check.other_device, "quantity": check.other_quantity} if check.other_device else None,
        "power": check.power or None,
    }


def _counter(each: CounterIndex, zone: ZoneInfo) -> Json:
    row, state = QUANTITIES[each.quantity], each.ledger
    return {
        "quantity": each.quantity,
        "unit": row.unit,
        "index": _value(each.index_n, row.exp10),
        "read": iso_ms(each.read_ms, zone) if each.read_ms else None,
        "booked": _value(state.total_n if state else None, row.exp10),
        "booked_until": iso_ms(state.ts_ms, zone) if state else None,
        "begun": _value(each.begun_n, row.exp10),
        "shifted": json_number(each.shifts_n, row.exp10),
        "pending": _value(each.pending_n, row.exp10),
    }


def _jump(jump: Jump, exp10: int, zone: ZoneInfo) -> Json:
    return {
        "code": jump.code,
        "since": iso_ms(jump.since_ms, zone),
        "at": iso_ms(jump.ts_ms, zone),
        "before": json_number(jump.before_n, exp10),
        "after": json_number(jump.after_n, exp10),
        "booked": _value(jump.booked_n, exp10),
        "doubtful": jump.is_doubtful,
        "by": jump.author or None,
    }


def _phantom(each: CounterPhantom, exp10: int, zone: ZoneInfo) -> Json:
    phantom = each.phantom
    return {
        "cause": phantom.kind,
        "start": iso(phantom.start_ts, zone),
        "end": iso(phantom.end_ts, zone),
        "booked": json_number(phantom.booked_n, exp10),
        "right": json_number(phantom.right_n, exp10),
        "most": json_number(phantom.most_n, exp10),
    }


def _gap(gap: Gap, exp10: int, zone: ZoneInfo) -> Json:
    return {
        "since": iso_ms(gap.since_ms, zone),
        "until": iso_ms(gap.ts_ms, zone),
        "energy": json_number(gap.energy_n, exp10),
    }


def _doubt(doubt: EnergyDoubt, exp10: int) -> Json:
    share = estimated_share(doubt.estimated_n, doubt.total_n)
    return {
        "total": _value(doubt.total_n, exp10),
        "estimated": json_number(doubt.estimated_n, exp10),
        "corrected": json_number(doubt.corrected_n, exp10),
        "estimated_pct": None if share is None else round(100 * share, 2),
    }


def _way(check: EnergyCheck, exp10: int, zone: ZoneInfo) -> Json | None:
    way = check.way
    if way is None:
        return None
    return {
        "from": iso(way.opening_ts, zone),
        "to": iso(way.closing_ts, zone),
        "first_index": json_number(way.opening_n, exp10),
        "last_index": json_number(way.closing_n, exp10),
        "booked": json_number(way.booked_n, exp10),
        "shifted": json_number(way.shifts_n, exp10),
        "rest": json_number(way.rest_n if abs(way.rest_n) > way.slack_n else 0, exp10),
    }


def _power(check: EnergyCheck, zone: ZoneInfo) -> Json:
    agreement, exp10 = check.proof.agreement, QUANTITIES["active_energy_import_wh"].exp10
    return {
        "state": agreement.state,
        "from": iso(check.proof.from_ts, zone),
        "by_power": json_number(agreement.by_power_n, exp10),
        "by_index": json_number(agreement.by_index_n, exp10),
        "unit": "Wh",
        "bins": [
            {
                "start": iso(bar.start_ts, zone),
                "end": iso(bar.end_ts, zone),
                "by_power": _value(bar.by_power_n, exp10),
                "by_index": _value(bar.by_index_n, exp10),
            }
            for bar in check.bars
        ],
        "stretches": [
            {
                "start": iso(each.start_ts, zone),
                "end": iso(each.end_ts, zone),
                "by_power": json_number(each.by_power_n, exp10),
                "by_index": json_number(each.by_index_n, exp10),
                "kind": each.kind,
                "factor": None if each.factor is None else float(each.factor),
            }
            for each in agreement.stretches
        ],
    }


def _comparison(comparison: Comparison, exp10: int, zone: ZoneInfo) -> Json:
    main_n, parts_n = comparison.main_n, comparison.parts_n
    rest_n = None if main_n is None or parts_n is None else main_n - parts_n
    return {
        "with": comparison.of,
        "devices": list(comparison.devices),
        "main": _value(main_n, exp10),
        "parts": _value(parts_n, exp10),
        "rest": _value(rest_n, exp10),
        "rest_pct": None if rest_n is None or not main_n else round(100 * rest_n / main_n, 2),
        "bins": [
            {
                "start": iso(bar.start_ts, zone),
                "end": iso(bar.end_ts, zone),
                "main": _value(bar.main_n, exp10),
                "parts": _value(bar.parts_n, exp10),
            }
            for bar in comparison.bars
        ],
    }


def _value(n: int | None, exp10: int) -> int | float | None:
    return None if n is None else json_number(n, exp10)
